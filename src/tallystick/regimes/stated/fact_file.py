"""Reading facts: the inspection's own, regime facts, and plain mappings. JSON or YAML; every number exact."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

from tallystick.errors import InputError
from tallystick.regimes.files.file_kinds import FACTS, refuse_wrong_kind
from tallystick.regimes.files.shape import CONTROL, nearest
from tallystick.regimes.files.yaml_file import parse_yaml
from tallystick.regimes.law.counting import COMPONENTS
from tallystick.regimes.law.exact import ANY, Interval, parse_number
from tallystick.regimes.law.vocabulary import ALL_WORDS, FactName, Vocabulary
from tallystick.regimes.stated.fact import Fact, FactValue
from tallystick.regimes.stated.fact_merging import COMPLETE, merged
from tallystick.regimes.stated.fact_set import TIES, FactSet, region_of
from tallystick.regimes.stated.inspection_facts import SITE_NAMES
from tallystick.regimes.stated.period import DAY_KEYS, days_of
from tallystick.regimes.stated.places import known_region, region_notes
from tallystick.whole_file import read_file

LIMIT_BYTES = 16 << 20
MOST_FACTS = 100_000
COMPONENT_FACTS = frozenset(f"compute.{name}" for name in COMPONENTS)
FACT_KEYS = ("name", "value", "claimed", "lower", "upper", "verified", "source", "on", "from", "to")
TRUTHS = {"true": True, "false": False}
#: Numbers stay text: nothing goes through a float.
EXACT: dict[str, Any] = {"parse_float": str, "parse_int": str, "parse_constant": str}
TOP_KEYS = ("facts", "complete", "absent_is_zero", "period", "ok")
#: What else the report of an inspection has; where one of these is there, unknown keys are its own.
REPORT_KEYS = frozenset({"checks", "findings", "conclusion"})
STANDARD_INPUT = "standard input"
#: Beyond this a number is longer than any that is accepted, and may be too long to be written out.
MOST_BITS = 512
FAILED = "the inspection's report says ok: false: checks failed or findings stand; read it before its facts"


def read_facts(path: Path, vocabulary: Vocabulary) -> FactSet:
    """A fact file. Raises InputError with the file and the fact."""
    return parse_facts(read_file(path, LIMIT_BYTES), str(path), vocabulary)


def read_all_facts(paths: Sequence[Path], vocabulary: Vocabulary, standard_input: BinaryIO) -> FactSet:
    """Several fact files as one; ``-`` is standard input, which can be read once.

    Raises InputError, also where two files contradict each other, with the names of both.
    """
    names = [STANDARD_INPUT if str(path) == "-" else str(path) for path in paths]
    if names.count(STANDARD_INPUT) > 1:
        raise InputError("standard input is named twice", mend="name - once")
    return merged(
        [
            (name, parse_facts(standard_input.read(LIMIT_BYTES), name, vocabulary))
            if name is STANDARD_INPUT
            else (name, read_facts(path, vocabulary))
            for name, path in zip(names, paths, strict=True)
        ]
    )


def parse_facts(data: bytes, where: str, vocabulary: Vocabulary) -> FactSet:
    """The bytes of a fact file: JSON where it begins with { or [, else YAML. Raises InputError."""
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            plain = json.loads(
                data, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
            )
        except (ValueError, RecursionError) as error:
            raise InputError(f"not JSON: {error}", where=where, mend="see spec/regime.md, facts") from error
    else:
        plain = parse_yaml(data, where).plain
    return fact_set(plain, where, vocabulary)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice in one object")
    return found


def fact_set(data: Any, where: str, vocabulary: Vocabulary) -> FactSet:
    """From plain data: ``{"facts": [...]}``, a list of facts, or a mapping from names to values.

    Raises InputError.
    """
    refuse_wrong_kind(data, FACTS, where)
    complete, zero = "false", []
    report = isinstance(data, dict) and any(key in data for key in REPORT_KEYS)
    notes: tuple[str, ...] = ()
    if isinstance(data, dict) and isinstance(data.get("facts"), list | tuple | dict):
        _refuse_misspelt(data, where)
        complete = _word(data.get("complete", "false"), where)
        notes = (FAILED,) if _words(data.get("ok", True)).lower() == "false" else ()
        zero = [
            _component(name, where, vocabulary) for name in _listed(data.get("absent_is_zero", []), where)
        ]
        data = _of_period(data["facts"], data.get("period"), where)
    facts = tuple(_statements(data, where, vocabulary))
    notes = (*notes, *(() if report else _bounds_left_out(data)))
    return FactSet(
        facts=facts,
        zero_claimed=COMPONENT_FACTS if complete != "false" else frozenset(zero),
        zero_verified=COMPONENT_FACTS if complete == "verified" else frozenset(),
        presumed=vocabulary.presumed,
        complete=complete,
        notes=(*notes, *_region_notes(facts, vocabulary)),
    )


def _region_notes(facts: tuple[Fact, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Of the places to which there is a tie."""
    ties = [fact.name for fact in facts if fact.said is True and fact.name.startswith(TIES)]
    return region_notes(frozenset(region_of(tie) for tie in ties) - {""}, vocabulary.regions) if ties else ()


def _bounds_left_out(data: Any) -> tuple[str, ...]:
    """Of claims with bounds beside them that nobody verified; an inspection's report often has these."""
    names = [
        SITE_NAMES.get(one["name"], one["name"])
        for one in (data if isinstance(data, list | tuple) else ())
        if one.get("claimed") is not None and _bounded(one) and not _flag(one.get("verified", False), "")
    ]
    text = "lower and upper are not verified, so the claim alone counts, on the claimed side"
    return (f"{', '.join(names)}: {text}",) if names else ()


def _bounded(entry: Mapping[str, Any]) -> bool:
    return entry.get("lower") is not None or entry.get("upper") is not None


def _words(value: Any) -> str:
    """The value as text. Of what is no single value, or a number of many digits, only what it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    if value is None or isinstance(value, int | float):
        return str(value)
    return f"a {type(value).__name__}"


def _refuse_misspelt(data: Mapping[str, Any], where: str) -> None:
    """An inspection's report has keys of its own, which are passed over; a slip in ours must not be."""
    report = any(key in data for key in REPORT_KEYS)
    for key in data:
        meant = [] if key in TOP_KEYS else get_close_matches(_words(key), TOP_KEYS, 1, cutoff=0.75)
        if meant or not (report or key in TOP_KEYS):
            mend = f"did you mean {meant[0]}?" if meant else f"beside facts: {', '.join(TOP_KEYS[1:])}"
            raise InputError(f"unknown key {_words(key)[:40]!r}", where=where, mend=mend)


def _of_period(facts: Any, period: Any, where: str) -> Any:
    """The facts, each with the period of the whole file where it has no day of its own."""
    if period is None:
        return facts
    if not isinstance(period, dict) or set(period) != {"from", "to"}:
        raise InputError("the period has two ends", where=where, mend="write period: {from: ..., to: ...}")
    if isinstance(facts, dict):
        facts = [{"name": name, "value": value} for name, value in facts.items()]
    return [
        {**period, **one} if isinstance(one, dict) and not one.keys() & {"on", "from", "to"} else one
        for one in facts
    ]


def _word(value: Any, where: str) -> str:
    word = _words(value).lower()
    if word not in COMPLETE:
        raise InputError(f"complete: {word[:40]!r}", where=where, mend=f"one of {', '.join(COMPLETE)}")
    return word


def _listed(value: Any, where: str) -> list[str]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise InputError("absent_is_zero is not a list of names", where=where, mend='write ["compute.upstream"]')


def _component(name: str, where: str, vocabulary: Vocabulary) -> str:
    known = _known(name, where, vocabulary)
    if known.kind != "amount":
        raise InputError(f"{name} is no amount, so it cannot be zero", where=where, mend="leave it out")
    return known.name


def _statements(data: Any, where: str, vocabulary: Vocabulary) -> list[Fact]:
    if isinstance(data, dict):
        data = [{"name": name, "value": value} for name, value in data.items()]
    if not isinstance(data, list | tuple) or len(data) > MOST_FACTS:
        raise InputError("no facts", where=where, mend='write {"facts": [{"name": ..., "claimed": ...}]}')
    facts = [_placed(entry, index, where, vocabulary) for index, entry in enumerate(data, 1)]
    seen: set[tuple[str, date | None, date | None]] = set()
    for fact in facts:
        key = fact.name, fact.on, fact.begun
        if key in seen:
            mend = "state it once, or give each its day in `on`"
            raise InputError(f"{fact.name} is stated twice", where=where, mend=mend)
        seen.add(key)
    return facts


def _known(name: str, where: str, vocabulary: Vocabulary) -> FactName:
    region = region_of(name) if name.startswith(TIES) else ""
    if region:
        code = known_region(region, where, vocabulary.regions)
        name = f"{TIES}{code}.{name.rpartition('.')[2]}"
    known = vocabulary.fact(name)
    if known is None:
        raise InputError(f"fact {name[:60]!r} is not known", where=where, mend=_meant(name, vocabulary))
    if known.derived:
        mend = "state what it is made of, such as compute.pretraining: instruments count differently"
        raise InputError(f"{name} is worked out, not stated", where=where, mend=mend)
    return known


def _meant(name: str, vocabulary: Vocabulary) -> str:
    """What to write instead of an unknown name."""
    if name.startswith(TIES):
        return f"write {TIES}REGION.TIE; ties: {', '.join(vocabulary.jurisdictions)}"
    if name.startswith("roles."):
        return nearest(name, {f"roles.{role}": title for role, title in vocabulary.roles.items()})
    kind = f"{name.partition('.')[0]}."
    alike = [one.name for one in vocabulary.facts.values() if one.name.startswith(kind) and not one.derived]
    instead = f"one of {', '.join(alike)}" if alike else 'write {"facts": [{"name": ..., "value": ...}]}'
    return f"{nearest(name, tuple(vocabulary.facts), instead)}; {ALL_WORDS}"


def _placed(entry: Any, index: int, where: str, vocabulary: Vocabulary) -> Fact:
    """The fact; an error names its number, which is only written out when it is needed."""
    try:
        return _fact(entry, "", vocabulary)
    except InputError as error:
        place = f"{where}: fact {index}"
        raise InputError(error.problem, where=place, mend=error.mend) from error


def _fact(entry: Any, where: str, vocabulary: Vocabulary) -> Fact:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise InputError("a fact without a name", where=where, mend='write {"name": ..., "value": ...}')
    for key in entry:
        if key not in FACT_KEYS:
            raise InputError(
                f"unknown key {_words(key)[:40]!r}", where=where, mend=nearest(_words(key), FACT_KEYS)
            )
    if entry.get("value") is not None and entry.get("claimed") is not None:
        mend = "state one; of an amount that was verified beside a claim, write lower and upper"
        raise InputError("value and claimed are both there", where=where, mend=mend)
    known = _known(SITE_NAMES.get(str(entry["name"]), str(entry["name"])), where, vocabulary)
    verified = _flag(entry.get("verified", False), where)
    if entry.get("value") is not None and _bounded(entry) and not verified:
        mend = "write the range alone; or claimed beside lower and upper; or verified: true"
        raise InputError("lower and upper beside value are not verified", where=where, mend=mend)
    claimed, shown = _amounts(entry, known, where) if known.kind == "amount" else _value(entry, known, where)
    if claimed is None and not verified:
        claimed = shown
    begun, on = (None, None) if DAY_KEYS.isdisjoint(entry) else days_of(entry, where)
    source = _words(entry.get("source", ""))
    return Fact(known.name, claimed, shown if verified else None, source, on, begun)


def _flag(value: Any, where: str) -> bool:
    found = value if isinstance(value, bool) else TRUTHS.get(_words(value).lower())
    if found is None:
        problem = f"{_words(value)[:40]!r} is neither true nor false"
        raise InputError(problem, where=where, mend="write true or false")
    return found


def _amounts(entry: Mapping[str, Any], known: FactName, where: str) -> tuple[FactValue | None, FactValue]:
    """What is claimed, and the bounds that hold if it is verified; a value alone is both or either."""
    own = entry.get("claimed") is not None
    stated = entry["claimed"] if own else entry.get("value")
    claimed = None if stated is None else _interval(stated, where)
    if _bounded(entry):
        lower = 0 if entry.get("lower") is None else _number(entry["lower"], where)
        upper = None if entry.get("upper") is None else _number(entry["upper"], where)
        if upper is not None and upper < lower:
            raise InputError(f"{known.name}: lower is above upper", where=where, mend="exchange the two")
        bounds = Interval(lower, upper)
    else:
        bounds = ANY if claimed is None else claimed
        claimed = claimed if own else None
    if claimed is None and bounds == ANY:
        raise InputError(f"{known.name} has no amount", where=where, mend="add value, or lower and upper")
    return claimed, bounds


def _interval(value: Any, where: str) -> Interval:
    if isinstance(value, list | tuple):
        if len(value) != 2:
            raise InputError("a range has two ends", where=where, mend='write ["0.8e25", "1.3e25"]')
        low, high = _number(value[0], where), _number(value[1], where)
        if high < low:
            raise InputError("the range ends before it begins", where=where, mend="exchange its ends")
        return Interval(low, high)
    number = _number(value, where)
    return Interval(number, number)


def _number(value: Any, where: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        mend = 'quote it, as "1e25"' if isinstance(value, float) else "write a number"
        raise InputError(f"{_words(value)[:40]!r} is not an exact number", where=where, mend=mend)
    return parse_number(_words(value)[:81], where)


def _value(entry: Mapping[str, Any], known: FactName, where: str) -> tuple[FactValue | None, FactValue]:
    own = entry.get("claimed") is not None
    value = entry["claimed"] if own else entry.get("value")
    if value is None or "lower" in entry or "upper" in entry:
        raise InputError(
            f"{known.name} is a {known.kind}", where=where, mend='write {"name": ..., "value": ...}'
        )
    found: FactValue = _flag(value, where) if known.kind == "boolean" else _words(value)
    if isinstance(found, str) and CONTROL.search(found):
        raise InputError(f"{known.name} has control characters", where=where, mend="write plain text")
    return found if own else None, found
