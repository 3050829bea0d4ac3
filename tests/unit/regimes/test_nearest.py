"""A guess is offered only where it is close; else the names, or where they are listed."""

import pytest

from tallystick.errors import InputError
from tallystick.regimes.files.shape import nearest
from tallystick.regimes.judging.check import check
from tallystick.regimes.library import ALL_IDS, load_shipped


@pytest.mark.parametrize(
    ("word", "mend"),
    [
        ("eu.gpai_srr", "did you mean eu.gpai_sr?"),
        ("CA.SB53", "did you mean ca.sb53?"),
        ("sb53", "did you mean ca.sb53?"),
        ("eu", "did you mean eu.gpai or eu.gpai_sr or eu.modifier or eu.reach?"),
        ("gdpr", ALL_IDS),
        ("x", ALL_IDS),
    ],
)
def test_ids_of_regimes(word: str, mend: str) -> None:
    with pytest.raises(InputError) as refused:
        load_shipped().get(word)
    assert refused.value.mend == mend


@pytest.mark.parametrize("name", ["compute.total", "model.release", "cluster.size"])
def test_a_common_beginning_is_no_likeness(name: str) -> None:
    with pytest.raises(InputError) as refused:
        check({name: "1"}, "2026-11-24")
    assert "did you mean" not in refused.value.mend
    assert f"one of {name.partition('.')[0]}." in refused.value.mend
    assert "show vocabulary --source" in refused.value.mend


def test_few_names_are_listed() -> None:
    assert nearest("blue", ("red", "green")) == "one of red, green"
    assert nearest("gren", ("red", "green")) == "did you mean green?"
