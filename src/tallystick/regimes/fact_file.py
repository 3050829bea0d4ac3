"""Reading facts: the inspection's own, regime facts, and plain mappings. JSON or YAML; every number exact."""

import json
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.counting import COMPONENTS
from tallystick.regimes.dates import parse_date
from tallystick.regimes.exact import ANY, Interval, parse_number
from tallystick.regimes.fact import Fact, FactValue
from tallystick.regimes.facts import FactSet
from tallystick.regimes.inspection_facts import SITE_NAMES
from tallystick.regimes.shape import CONTROL, nearest
from tallystick.regimes.vocabulary import ALL_WORDS, FactName, Vocabulary
from tallystick.regimes.yaml_file import parse_yaml
from tallystick.whole_file import read_file

LIMIT_BYTES = 16 << 20
MOST_FACTS = 100_000
COMPONENT_FACTS = frozenset(f"compute.{name}" for name in COMPONENTS)
FACT_KEYS = ("name", "value", "claimed", "lower", "upper", "verified", "source", "on")
TRUTHS = {"true": True, "false": False}
#: Numbers stay text: nothing goes through a float.
EXACT: dict[str, Any] = {"parse_float": str, "parse_int": str, "parse_constant": str}
#: How the schema of a developer's profile begins, which ``regimes compare`` reads.
PROFILE_SCHEMA = "developer/"
TOP_KEYS = ("facts", "complete", "absent_is_zero")
COMPLETE = ("false", "true", "verified")
#: Beyond this a number is longer than any that is accepted, and may be too long to be written out.
MOST_BITS = 512
FAILED = "the inspection's report says ok: false: checks failed or findings stand; read it before its facts"


def read_facts(path: Path, vocabulary: Vocabulary) -> FactSet:
    """A fact file. Raises InputError with the file and the fact."""
    return parse_facts(read_file(path, LIMIT_BYTES), str(path), vocabulary)


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
    if isinstance(data, dict) and _words(data.get("schema", "")).startswith(PROFILE_SCHEMA):
        mend = "hold it against all regimes: tallystick regimes compare PROFILE"
        raise InputError("a developer's profile, not a file of facts", where=where, mend=mend)
    complete, zero = "false", []
    notes: tuple[str, ...] = ()
    if isinstance(data, dict) and isinstance(data.get("facts"), list | tuple | dict):
        _refuse_misspelt(data, where)
        complete = _word(data.get("complete", "false"), where)
        notes = (FAILED,) if _words(data.get("ok", True)).lower() == "false" else ()
        zero = [
            _component(name, where, vocabulary) for name in _listed(data.get("absent_is_zero", []), where)
        ]
        data = data["facts"]
    return FactSet(
        facts=tuple(_statements(data, where, vocabulary)),
        zero_claimed=COMPONENT_FACTS if complete != "false" else frozenset(zero),
        zero_verified=COMPONENT_FACTS if complete == "verified" else frozenset(),
        presumed=vocabulary.presumed,
        complete=complete,
        notes=notes,
    )


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
    for key in data:
        meant = [] if key in TOP_KEYS else get_close_matches(_words(key), TOP_KEYS, 1, cutoff=0.75)
        if meant:
            raise InputError(
                f"unknown key {_words(key)[:40]!r}", where=where, mend=f"did you mean {meant[0]}?"
            )


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
    return name


def _statements(data: Any, where: str, vocabulary: Vocabulary) -> list[Fact]:
    if isinstance(data, dict):
        data = [{"name": name, "value": value} for name, value in data.items()]
    if not isinstance(data, list | tuple) or len(data) > MOST_FACTS:
        raise InputError("no facts", where=where, mend='write {"facts": [{"name": ..., "claimed": ...}]}')
    facts = [_placed(entry, index, where, vocabulary) for index, entry in enumerate(data, 1)]
    seen: set[tuple[str, date | None]] = set()
    for fact in facts:
        if (fact.name, fact.on) in seen:
            mend = "state it once, or give each its day in `on`"
            raise InputError(f"{fact.name} is stated twice", where=where, mend=mend)
        seen.add((fact.name, fact.on))
    return facts


def _known(name: str, where: str, vocabulary: Vocabulary) -> FactName:
    known = vocabulary.fact(name)
    if known is None:
        raise InputError(f"fact {name[:60]!r} is not known", where=where, mend=_meant(name, vocabulary))
    if known.derived:
        mend = "state what it is made of, such as compute.pretraining: instruments count differently"
        raise InputError(f"{name} is worked out, not stated", where=where, mend=mend)
    return known


def _meant(name: str, vocabulary: Vocabulary) -> str:
    """What to write instead of an unknown name."""
    if name.startswith("jurisdictions."):
        regions, ties = ", ".join(sorted(vocabulary.regions)), ", ".join(vocabulary.jurisdictions)
        return f"write jurisdictions.REGION.TIE; regions: {regions}; ties: {ties}"
    if name.startswith("roles."):
        return nearest(name, {f"roles.{role}": title for role, title in vocabulary.roles.items()})
    return f"{nearest(name, dict(vocabulary.facts))}; {ALL_WORDS}"


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
    name = SITE_NAMES.get(str(entry["name"]), str(entry["name"]))
    known = _known(name, where, vocabulary)
    verified = _flag(entry.get("verified", False), where)
    claimed, shown = _amounts(entry, known, where) if known.kind == "amount" else _value(entry, known, where)
    day = parse_date(_words(entry["on"]), where) if entry.get("on") is not None else None
    return Fact(name, claimed, shown if verified else None, _words(entry.get("source", "")), day)


def _flag(value: Any, where: str) -> bool:
    found = value if isinstance(value, bool) else TRUTHS.get(_words(value).lower())
    if found is None:
        problem = f"{_words(value)[:40]!r} is neither true nor false"
        raise InputError(problem, where=where, mend="write true or false")
    return found


def _amounts(entry: Mapping[str, Any], known: FactName, where: str) -> tuple[FactValue | None, FactValue]:
    """What is claimed, and the bounds that hold if it is verified."""
    stated = entry.get("claimed", entry.get("value"))
    claimed = None if stated is None else _interval(stated, where)
    if "lower" in entry or "upper" in entry:
        lower = _number(entry.get("lower", "0"), where)
        upper = None if entry.get("upper") is None else _number(entry["upper"], where)
        if upper is not None and upper < lower:
            raise InputError(f"{known.name}: lower is above upper", where=where, mend="exchange the two")
        bounds = Interval(lower, upper)
    else:
        bounds = claimed if claimed is not None else ANY
    if claimed is None and bounds == ANY:
        raise InputError(f"{known.name} has no amount", where=where, mend="add value, or lower and upper")
    return claimed if claimed is not None else bounds, bounds


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
    value = entry.get("value", entry.get("claimed"))
    if value is None or "lower" in entry or "upper" in entry:
        raise InputError(
            f"{known.name} is a {known.kind}", where=where, mend='write {"name": ..., "value": ...}'
        )
    found: FactValue = _flag(value, where) if known.kind == "boolean" else _words(value)
    if isinstance(found, str) and CONTROL.search(found):
        raise InputError(f"{known.name} has control characters", where=where, mend="write plain text")
    return found, found
