"""The proposals of 1946 to 1948 run through the model, in plain text and as plain data."""

from collections.abc import Iterator
from typing import Any

from tallystick.reporting.strategy.text import LABEL, joined, section
from tallystick.strategy.as_json import plain
from tallystick.strategy.history.placebo import PlaceboResult
from tallystick.strategy.history.replay import CaseReplay, HistoryReplay
from tallystick.strategy.memo.plain_words import GATE_NAMES, PLACEBO_LIMITS, SHARE_NOTICE, share


def history_text(found: HistoryReplay, warning: str) -> str:
    """Case by case: what came, what the model says, the reasons given beside the gates; then the placebo."""
    parts = [
        [found.title, SHARE_NOTICE],
        section("Read this first", [warning]),
        *(section(f"{one.case.regime}  ({LABEL})", _case(one)) for one in found.cases),
        section("Placebo: how often random profiles give the same pattern", _placebo(found.placebo)),
        section("Misses", found.misses or ["none, after the changes that CHANGES.md lists"]),
    ]
    return joined(parts)


def _case(one: CaseReplay) -> Iterator[str]:
    yield f"What came: {one.case.what_came}"
    for state in one.assessment.states:
        yield (
            f"{state.name}: would agree, its own word aside, {share(state.agrees)}; passes all gates "
            f"{share(state.share)} ({state.verdict}); binding {GATE_NAMES[state.binding_gate]}"
        )
    yield (
        f"No consent {share(one.approval.no_consent)}: formal block (a majority for it, and a permanent "
        f"member vetoes) {share(one.approval.vetoed)}, no majority {share(one.approval.no_majority)}."
    )
    for expected, met in one.hits.items():
        yield f"{'met' if met else 'MISSED'}: {expected}"
    for said in one.reasons:
        yield (
            f'{said.who} said ({GATE_NAMES[said.gate]} fails for it in {share(said.fails)}): "{said.text}" '
            f"[{said.source}]"
        )


def _placebo(found: PlaceboResult) -> Iterator[str]:
    for name, refused in found.refusals.items():
        yield f"{name}: refusals {share(refused)}, whole pattern {share(found.patterns[name])}"
    yield (
        f"all cases: refusals {share(found.all_refusals)}, whole pattern {share(found.all_patterns)}, of "
        f"{found.boxes} random boxes. {PLACEBO_LIMITS}"
    )


def history_json(found: HistoryReplay, warning: str) -> dict[str, Any]:
    """The stable shape that ``--json`` prints."""
    return {
        "title": found.title,
        "warning": warning,
        "notice": SHARE_NOTICE,
        "cases": [
            {
                "regime": one.case.regime,
                "what_came": one.case.what_came,
                "states": [
                    {
                        "name": state.name,
                        "agrees": plain(state.agrees),
                        "share": plain(state.share),
                        "verdict": state.verdict.value,
                        "binding_gate": state.binding_gate,
                    }
                    for state in one.assessment.states
                ],
                "no_consent": plain(one.approval.no_consent),
                "approval": plain(one.approval),
                "hits": dict(one.hits),
                "reasons": plain(one.reasons),
            }
            for one in found.cases
        ],
        "placebo": plain(found.placebo),
        "misses": list(found.misses),
    }
