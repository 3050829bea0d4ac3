"""The institutions of all regimes side by side: who inspects, by which rights, who decides, what is met."""

from collections.abc import Sequence
from typing import Any

from tallystick.regimes.files.institution_shape import EFFECTS, FUNCTIONS, HEADS, RIGHTS
from tallystick.regimes.law.institution import Institution, Stage
from tallystick.regimes.law.instrument import Instrument

#: One letter for each word of a cell; the last is for what the file does not say.
LETTERS = {"yes": "y", "no": "n", "partial": "p", "full": "f", "none": "0", "silent": "s"}
UNSAID = "-"
SHORT_RULES = {"automatic_unless_voted_down": "unless voted down"}


def with_institution(regimes: Sequence[Instrument]) -> list[Instrument]:
    """Those whose file has an institution, in order of id."""
    return sorted((one for one in regimes if one.institution), key=lambda one: one.id)


def without_institution(regimes: Sequence[Instrument]) -> list[str]:
    """The ids of those whose file has none: national law, mostly."""
    return sorted(one.id for one in regimes if not one.institution)


def institutions_json(regimes: Sequence[Instrument]) -> dict[str, Any]:
    """The form that ``regimes institutions --json`` prints. What a file does not say is null."""
    found = with_institution(regimes)
    return {
        "institutions": [_entry(one, one.institution) for one in found if one.institution],
        "without_institution": without_institution(regimes),
    }


def _entry(one: Instrument, found: Institution) -> dict[str, Any]:
    coverage = found.terms_of_reference
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "confidence": one.confidence,
        "inspector": found.inspector.value if found.inspector else None,
        "rights": {name: found.rights[name].value if name in found.rights else None for name in RIGHTS},
        "decisions": {
            name: _decision_json(found, name) if name in found.decisions else None for name in FUNCTIONS
        },
        "terms_of_reference": {
            head: {"covered": coverage[head].covered, "how": coverage[head].how} if head in coverage else None
            for head in HEADS
        },
        "stages": [_stage_json(stage) for stage in found.stages],
    }


def _decision_json(found: Institution, name: str) -> dict[str, Any]:
    one = found.decisions[name]
    return {"rule": one.rule, "veto_holders": list(one.veto_holders), "automatic": one.automatic}


def _stage_json(stage: Stage) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": stage.id,
        "who_moves": list(stage.who_moves),
        "reversible": stage.reversible,
    }
    effects = stage.effects
    if effects:
        data |= {name: list(getattr(effects, name)) for name in EFFECTS}
        data |= {"verified_first": effects.verified_first, "effects_confidence": effects.confidence}
    return data


def institutions_text(regimes: Sequence[Instrument]) -> str:
    """A row for each: inspector, five rights, three rules, four heads; and what the letters mean."""
    found = with_institution(regimes)
    head = ("regime", "inspects", "rights", "findings", "sanctions", "operations", "1946")
    rows = [head, *(_row(one.id, one.institution) for one in found if one.institution)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rest = (
        f"No institution in the file: {len(without_institution(regimes))} other regimes (--json lists them)."
    )
    return "\n".join([*(line.rstrip() for line in lines), "", *_legend(), rest])


def _row(name: str, found: Institution) -> tuple[str, ...]:
    inspector = found.inspector.value.replace("_", " ") if found.inspector else UNSAID
    rights = " ".join(LETTERS[found.rights[r].value] if r in found.rights else UNSAID for r in RIGHTS)
    rules = (_rule(found, function) for function in FUNCTIONS)
    heads = found.terms_of_reference
    covered = " ".join(LETTERS[heads[head].covered] if head in heads else UNSAID for head in HEADS)
    return name, inspector, rights, *rules, covered


def _rule(found: Institution, function: str) -> str:
    one = found.decisions.get(function)
    if one is None:
        return UNSAID
    rule = SHORT_RULES.get(one.rule, one.rule)
    return f"{rule}, automatic" if one.automatic == "yes" and one.rule not in SHORT_RULES else rule


def _legend() -> tuple[str, ...]:
    rights, heads = (", ".join(names).replace("_", " ") for names in (RIGHTS, HEADS))
    return (
        f"rights: {rights}. y yes, p partial, n no, s text silent, - not in the file",
        f"1946: the four terms of reference of the UN Atomic Energy Commission: {heads}.",
        "  f full, p partial, 0 none, - not in the file. How, with the article: tallystick regimes show ID",
    )
