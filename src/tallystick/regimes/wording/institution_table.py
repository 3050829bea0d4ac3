"""The institutions of all regimes side by side: who inspects, by which rights, who decides, what is met."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from tallystick.regimes.files.institution_shape import EFFECTS, FUNCTIONS, HEADS, RIGHTS
from tallystick.regimes.fragmentation.coverage import authorities, coverage_of
from tallystick.regimes.law.institution import Coverage, Decision, Institution, Stage, Term
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument
from tallystick.regimes.law.status import in_effect, status_at
from tallystick.regimes.library import shipped_vocabulary
from tallystick.regimes.wording.listing import HEADINGS, SHOWN_GROUPS, shown_group

#: One letter for each word of a cell; the last is for what the file does not say.
LETTERS = {"yes": "y", "no": "n", "partial": "p", "full": "f", "none": "0", "silent": "s"}
UNSAID = "-"
SHORT_RULES = {"automatic_unless_voted_down": "unless voted down"}
SHORT_INSPECTORS = {
    "international_authority": "authority",
    "reciprocal": "each other",
    "third_party": "third party",
}
WIDTH = 100
#: Not to be asked for on whose behalf a law is enforced: those whom the developer chooses.
HIRED = frozenset({"third_party_auditor", "ivo"})


def with_institution(regimes: Sequence[Instrument]) -> list[Instrument]:
    """Those whose file has an institution, in order of id."""
    return sorted((one for one in regimes if one.institution), key=lambda one: one.id)


def without_institution(regimes: Sequence[Instrument]) -> list[Instrument]:
    """Those whose file has none: national law, mostly."""
    return sorted((one for one in regimes if not one.institution), key=lambda one: one.id)


def institutions_json(
    regimes: Sequence[Instrument], at: date, known_on: date | None = None
) -> dict[str, Any]:
    """The form that ``regimes institutions --json`` prints. What a file does not say is null."""
    return {
        "at": at.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "institutions": [
            {**_head(one, at, known_on), **_entry(one.institution)}
            for one in with_institution(regimes)
            if one.institution
        ],
        "without_institution": [one.id for one in without_institution(regimes)],
        "coverage_from_duties": [
            {**_head(one, at, known_on), **_from_duties(one)} for one in without_institution(regimes)
        ],
    }


def _head(one: Instrument, at: date, known_on: date | None) -> dict[str, Any]:
    entry = status_at(one, at, known_on)
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "confidence": one.confidence,
        "status": entry.value if entry else "none",
        "since": entry.since.isoformat() if entry else None,
        "group": shown_group(one, at, known_on),
        "in_effect": in_effect(one, at, known_on),
    }


def _entry(found: Institution) -> dict[str, Any]:
    coverage = found.terms_of_reference
    return {
        "inspector": found.inspector.value if found.inspector else None,
        "rights": {name: found.rights[name].value if name in found.rights else None for name in RIGHTS},
        "decisions": {
            name: _decision_json(found, name) if name in found.decisions else None for name in FUNCTIONS
        },
        "terms_of_reference": {head: _coverage_json(coverage.get(head)) for head in HEADS},
        "stages": [_stage_json(stage) for stage in found.stages],
        "where": {
            "inspector": _where(found.inspector),
            "rights": {name: _where(found.rights.get(name)) for name in RIGHTS},
        },
    }


def _where(one: Term | Decision | Coverage | None) -> dict[str, Any] | None:
    """Where a value stands and how it was read; a confidence that is empty is that of the regime."""
    return {"reference": list(one.reference), "confidence": one.confidence} if one else None


def _decision_json(found: Institution, name: str) -> dict[str, Any]:
    one = found.decisions[name]
    return {
        "rule": one.rule,
        "veto_holders": list(one.veto_holders),
        "automatic": one.automatic,
        **(_where(one) or {}),
    }


def _coverage_json(one: Coverage | None) -> dict[str, Any] | None:
    return {"covered": one.covered, "how": one.how, **(_where(one) or {})} if one else None


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


def _from_duties(one: Instrument) -> dict[str, Any]:
    """A regime without an institution: its authorities, its penalties, and what its duties cover."""
    penalties = dict.fromkeys(duty.penalty.text for duty in one.obligations if duty.penalty)
    return {
        "authorities": [to for to in authorities(one) if to not in HIRED],
        "penalties": list(penalties),
        "terms_of_reference": {
            found.head: {"covered": found.covered, "duties": [duty.id for duty in found.duties]}
            for found in coverage_of(one)
        },
    }


def institutions_text(regimes: Sequence[Instrument], at: date, known_on: date | None = None) -> str:
    """Who inspects and what is covered; who decides and who can block; then laws without an institution."""
    found, laws = with_institution(regimes), without_institution(regimes)
    kinds = Counter(one.kind for one in laws)
    said = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    known = f", as known on {known_on}" if known_on else ""
    parts = [
        [f"{len(found)} regimes with an institution of their own on {at}{known}"],
        _inspecting(found, at, known_on),
        _wrapped(RIGHTS_LEGEND, HEADS_LEGEND, READ_LEGEND),
        _deciding(found),
        ["Who can block", *_blocking(found)] if found else [],
        _wrapped(f"{len(laws)} regimes without an inspecting body of their own ({said})"),
        _enforcing(laws, at, known_on),
        _wrapped(DUTIES_LEGEND),
        ["Who enforces, as far as the files say", *_enforcers(laws)] if laws else [],
        _wrapped(HOW),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


_HEADS = ", ".join(HEADS).replace("_", " ")
RIGHTS_LEGEND = (
    f"rights: {', '.join(RIGHTS).replace('_', ' ')}. y yes, p partial, n no, s text silent, - not in the file"
)
HEADS_LEGEND = (
    f"1946: the four terms of reference of the UN Atomic Energy Commission: {_HEADS}. f full, p partial, "
    "0 none, - not in the file"
)
READ_LEGEND = (
    "read: how the text was read. R, S or X there: nothing in the row is verified; beside a value, as in "
    "majority [R] or yR: that value is not (R recalled, S one secondary source, X sources conflict)"
)
DUTIES_LEGEND = (
    "1946 here is worked out from its duties, not coded from its text: p some duty serves that head, 0 none "
    "does (what one may do counts for nothing); never full, since such a text binds no other state"
)
HOW = "How, with the article: tallystick regimes institutions ID"


def _wrapped(*texts: str) -> list[str]:
    return [
        line for text in texts for line in wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns under their heads; a row of one cell is a heading."""
    full = [head, *(row for row in rows if len(row) > 1)]
    widths = [max(len(row[column]) for row in full) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in [head, *rows]
    ]


def _inspecting(found: Sequence[Instrument], at: date, known_on: date | None) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for group in SHOWN_GROUPS:
        own = [one for one in found if shown_group(one, at, known_on) == group]
        rows += [(HEADINGS[group],)] if own else []
        rows += [_inspects(one, one.institution, at, known_on) for one in own if one.institution]
    return _table(("regime", "status", "read", "inspects", "rights", "1946"), rows)


def _inspects(one: Instrument, found: Institution, at: date, known_on: date | None) -> tuple[str, ...]:
    inspector = found.inspector
    who = (
        SHORT_INSPECTORS.get(inspector.value, inspector.value) + _mark(one, inspector)
        if inspector
        else UNSAID
    )
    rights = " ".join(_letter(one, found.rights.get(name)) for name in RIGHTS)
    covered = " ".join(_letter(one, found.terms_of_reference.get(head)) for head in HEADS)
    return f"  {one.id}", _status(one, at, known_on), one.confidence, who, rights, covered


def _status(one: Instrument, at: date, known_on: date | None) -> str:
    entry = status_at(one, at, known_on)
    return (
        f"{SHORT_STATUS.get(entry.value, entry.value)} {entry.since}".replace("_", " ")
        if entry
        else "not yet"
    )


SHORT_STATUS = {"enacted_not_effective": "enacted"}


def _letter(one: Instrument, term: Term | Coverage | None) -> str:
    if term is None:
        return UNSAID
    return LETTERS[term.covered if isinstance(term, Coverage) else term.value] + _weak(one, term)


def _weak(one: Instrument, term: Term | Decision | Coverage) -> str:
    """The code of a value that verifies nothing, where the whole regime does not say so already."""
    return term.confidence if term.confidence in UNVERIFIED and one.confidence not in UNVERIFIED else ""


def _mark(one: Instrument, term: Term | Decision) -> str:
    weak = _weak(one, term)
    return f" [{weak}]" if weak else ""


def _deciding(found: Sequence[Instrument]) -> list[str]:
    rows = [
        (one.id, *(_rule(one, one.institution, function) for function in FUNCTIONS))
        for one in found
        if one.institution and one.institution.decisions
    ]
    return _table(("who decides on", *FUNCTIONS), rows)


def _rule(regime: Instrument, found: Institution, function: str) -> str:
    one = found.decisions.get(function)
    if one is None:
        return UNSAID
    rule = SHORT_RULES.get(one.rule, one.rule)
    automatic = ", automatic" if one.automatic == "yes" and one.rule not in SHORT_RULES else ""
    return f"{rule}{automatic}{_mark(regime, one)}"


def _blocking(found: Sequence[Instrument]) -> list[str]:
    """Veto holders by name; where a rule is consensus or veto and the file names nobody, that is said."""
    lines: dict[tuple[str, str], list[str]] = {}
    for regime in found:
        for one in regime.institution.decisions.values() if regime.institution else ():
            who = ", ".join(one.veto_holders)
            if who or one.rule in ("consensus", "veto"):
                text = who or (
                    "any party, by consensus" if one.rule == "consensus" else "not named in the file"
                )
                lines.setdefault((regime.id, text + _mark(regime, one)), []).append(one.function)
    return _listed(f"{name}: {' and '.join(functions)}: {who}" for (name, who), functions in lines.items())


def _listed(texts: Iterator[str]) -> list[str]:
    return [
        line
        for text in texts
        for line in wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    ]


def _enforcing(laws: Sequence[Instrument], at: date, known_on: date | None) -> list[str]:
    rows: list[tuple[str, ...]] = []
    for group in SHOWN_GROUPS:
        own = [one for one in laws if shown_group(one, at, known_on) == group]
        rows += [(HEADINGS[group],)] if own else []
        rows += [_enforced(one, at, known_on) for one in own]
    return _table(("regime", "kind", "status", "read", "1946"), rows)


def _enforced(one: Instrument, at: date, known_on: date | None) -> tuple[str, ...]:
    covered = " ".join(LETTERS[found.covered] for found in coverage_of(one))
    return f"  {one.id}", one.kind, _status(one, at, known_on), one.confidence, covered


def _enforcers(laws: Sequence[Instrument]) -> list[str]:
    """Regimes that name the same authorities and penalties share a line."""
    lines: dict[str, list[str]] = {}
    for one in laws:
        lines.setdefault(enforcer_words(one), []).append(one.id)
    return _listed(f"{', '.join(names)}: {words}" for words, names in lines.items())


def enforcer_words(one: Instrument) -> str:
    """To whom its duties are owed and what a breach costs, as far as its file says."""
    data = _from_duties(one)
    titles = [shipped_vocabulary().recipient(code) or code for code in data["authorities"]]
    parts = [f"owed to {'; '.join(titles)}"] if titles else []
    parts += [f"penalty: {'; '.join(data['penalties'])}"] if data["penalties"] else []
    return "; ".join(parts) or "the file names no authority and no penalty"
