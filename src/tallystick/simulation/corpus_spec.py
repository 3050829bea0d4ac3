"""The text that asks for a corpus: ``all,seed=7,hours=2,interval=5,chip=h200-sxm,faults=many``.

The first part is ``all``, a class of work, or the name of a mechanism, a family or a workload, with hyphens
for whatever is neither a letter nor a digit: ``chat-on-one-accelerator-busy``.
"""

import re
from collections.abc import Iterable

from tallystick.errors import InputError
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.chip import CHIPS
from tallystick.simulation.corpus import CorpusSource
from tallystick.simulation.faults import MANY_FAULTS, NO_FAULTS
from tallystick.simulation.spec import hours_of, interval_of, seed_of
from tallystick.simulation.work_kind import WorkKind

_FAULTS = {"none": NO_FAULTS, "many": MANY_FAULTS}
_KEYS = ("chip", "faults", "hours", "interval", "seed")


def open_corpus(spec: str) -> CorpusSource:
    """The corpus that ``spec`` asks for. Raises InputError where a part cannot be used."""
    which, *parts = (part.strip() for part in spec.split(","))
    given: dict[str, str] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals or key not in _KEYS or key in given:
            raise _bad(
                f"cannot read {part[:80]!a}", f"write key=value, once for a key of: {', '.join(_KEYS)}"
            )
        given[key] = value
    return CorpusSource(
        kinds_named(which),
        seed_of(given.get("seed", "0")),
        hours=hours_of(given.get("hours", "1")),
        interval_s=interval_of(given.get("interval", "10")),
        chip=CHIPS[_one_of("chip", given.get("chip", "h100-sxm"), CHIPS)],
        faults=_FAULTS[_one_of("faults", given.get("faults", "none"), _FAULTS)],
    )


def kinds_named(which: str) -> tuple[WorkKind, ...]:
    """Kinds of the catalogue by what they have in common. Raises InputError where there are none."""
    found = tuple(
        kind
        for kind in CATALOGUE
        if which in ("all", kind.workload.value, *map(hyphened, (kind.name, kind.family, kind.mechanism)))
    )
    if not found:
        families = sorted({hyphened(kind.family) for kind in CATALOGUE})
        raise _bad(f"no work is called {which[:80]!a}", f"use all, a class, or one of: {', '.join(families)}")
    return found


def hyphened(name: str) -> str:
    """A name as a spec writes it."""
    return re.sub("[^a-z0-9]+", "-", name.lower())


def _one_of(key: str, value: str, known: Iterable[str]) -> str:
    if value in known:
        return value
    raise _bad(f"{key}={value[:80]} is not usable", f"use one of: {', '.join(sorted(known))}")


def _bad(problem: str, mend: str) -> InputError:
    return InputError(problem, where="corpus", mend=mend)
