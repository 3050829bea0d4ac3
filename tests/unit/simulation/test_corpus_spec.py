import pytest

from tallystick.errors import InputError
from tallystick.records.subject import SubjectKind
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.corpus_spec import hyphened, kinds_named, open_corpus


def test_a_spec_says_which_work_on_which_chip_and_how_often() -> None:
    source = open_corpus("mining, seed=3, hours=2, interval=5, chip=b200-sxm")
    assert [k.family for k in source.labels().values()] == ["mining", "mining"]
    accelerator = next(s for s in source.inventory() if s.kind is SubjectKind.ACCELERATOR)
    assert (accelerator.hardware, accelerator.interval_ns) == ("b200-sxm", 5 * 10**9)
    assert accelerator.left_ns - accelerator.joined_ns == 2 * 3600 * 10**9


def test_every_kind_can_be_named_alone_and_no_two_names_are_written_alike() -> None:
    assert len({hyphened(k.name) for k in CATALOGUE}) == len(CATALOGUE)
    assert all(kind in kinds_named(hyphened(kind.name)) for kind in CATALOGUE)
    assert kinds_named("all") == CATALOGUE
    assert {k.workload.value for k in kinds_named("fine-tuning")} == {"fine-tuning"}


@pytest.mark.parametrize(
    ("spec", "mend"),
    [
        ("poetry", "use all, a class, or one of"),
        ("all,hours", "write key=value"),
        ("all,seed=1,seed=2", "once for a key of"),
        ("all,chip=tpu", "use one of: a100"),
        ("all,faults=some", "use one of: many, none"),
        ("all,interval=7", "seconds that divide a slot"),
        ("all,hours=0", "a whole number"),
    ],
)
def test_a_bad_spec_is_refused_with_the_mend(spec: str, mend: str) -> None:
    with pytest.raises(InputError, match=mend):
        open_corpus(spec)
