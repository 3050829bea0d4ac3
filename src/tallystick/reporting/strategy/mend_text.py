"""A search for a mend in plain text and as plain data."""

from collections.abc import Iterator
from typing import Any

from tallystick.reporting.strategy.text import LABEL, joined, section
from tallystick.strategy.as_json import plain
from tallystick.strategy.memo.plain_words import GATE_NAMES, SCENARIOS, SHARE_NOTICE, listed, share
from tallystick.strategy.mend.outcome import Effect
from tallystick.strategy.mend.search import Mend, MendSearch

SIZES = {1: "single clause", 2: "pair", 3: "triple"}
PLURALS = {1: "single clauses", 2: "pairs", 3: "triples"}


def mend_text(found: MendSearch, title: str) -> str:
    """What was tried, what turns the verdict, who gains and who pays."""
    tried = listed(f"{count} {PLURALS[size]}" for size, count in found.tried.items())
    head = [
        f"{found.regime}  {title}",
        f"Tried: {tried or 'nothing'}; {found.draws:,} draws, seed {found.seed}, "
        f"proposed by {found.proposer}",
        SCENARIOS,
        SHARE_NOTICE,
    ]
    shares = ", ".join(f"{name} {share(one.share)}" for name, one in found.before.states.items())
    parts = [
        head,
        section(
            f"As it is  ({LABEL})",
            [f"all together {share(found.before.joint)}, {found.before.verdict}; {shares}"],
        ),
        section("Smallest change that turns it", _smallest(found)),
        *(
            section(f"Best {PLURALS[size]}, all together", map(_row, best))
            for size, best in found.best.items()
        ),
        section("Clauses tried", (f"{one.id} ({one.family}): {one.words}" for one in found.clauses)),
    ]
    return joined(parts)


def _smallest(found: MendSearch) -> Iterator[str]:
    if found.smallest is None:
        yield (
            f"None: no change of up to {max(found.tried, default=0)} clauses turns {found.before.verdict}."
        )
        return
    count = len(found.smallest.clauses)
    turning = found.turning[count]
    which = f"a {SIZES[count]}" if turning == 1 else f"the best of {turning} {PLURALS[count]} that do"
    yield (
        f"{which}, to {found.reached}: all together {share(found.before.joint)} to "
        f"{share(found.smallest.outcome.joint)}"
    )
    for clause in found.smallest.clauses:
        yield f"{clause.id} ({clause.family}): {clause.words} In the model: {clause.reading}."
    for effect in found.smallest.effects:
        yield _effect(effect)


def _effect(effect: Effect) -> str:
    said = listed([*(["gains"] if effect.gains else []), *(["pays"] if effect.pays else [])]) or "unmoved"
    before, after = effect.before, effect.after
    return (
        f"{effect.name} {said}: share {share(before.share)} to {share(after.share)}, worth of the regime to "
        f"it {before.worth:+z.2f} to {after.worth:+z.2f}; then binding: {GATE_NAMES[after.binding_gate]}"
    )


def _row(one: Mend) -> str:
    shares = ", ".join(
        f"{effect.name} {share(effect.after.share)} ({effect.after.share - effect.before.share:+z.2f})"
        for effect in one.effects
    )
    return f"{share(one.outcome.joint)}  {one.outcome.verdict:<11}  {' + '.join(one.ids)}: {shares}"


def mend_json(found: MendSearch) -> dict[str, Any]:
    """The stable shape that ``--json`` prints."""
    return {
        "regime": found.regime,
        "proposer": found.proposer,
        "draws": found.draws,
        "seed": found.seed,
        "notice": SHARE_NOTICE,
        "before": {"verdict": found.before.verdict.value, **plain(found.before)},
        "clauses": [_clause(one) for one in found.clauses],
        "tried": plain(found.tried),
        "turning": plain(found.turning),
        "reached": found.reached.value,
        "smallest": _mend(found.smallest) if found.smallest else None,
        "best": {str(size): [_mend(one) for one in best] for size, best in found.best.items()},
    }


def _clause(one: Any) -> dict[str, str]:
    return {name: getattr(one, name) for name in ("id", "family", "words", "reading")}


def _mend(one: Mend) -> dict[str, Any]:
    return {
        "clauses": list(one.ids),
        "joint": plain(one.outcome.joint),
        "verdict": one.outcome.verdict.value,
        "states": [
            {
                "name": effect.name,
                "gains": effect.gains,
                "pays": effect.pays,
                "before": plain(effect.before),
                "after": plain(effect.after),
            }
            for effect in one.effects
        ],
    }
