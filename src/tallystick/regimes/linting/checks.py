"""What a regime file must keep beyond its shape: every name is known, every citation leads to a source.

Each check yields problems with file and line. ``overlap.py`` holds the check of excluding outcomes.
"""

from collections.abc import Iterable, Iterator, Mapping

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem, nearest
from tallystick.regimes.files.sizes import too_large
from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.law.counting import Counting
from tallystick.regimes.law.expression import (
    Exceeds,
    Expression,
    Is,
    OneOf,
    RatioExceeds,
    Refer,
    Unknowable,
    amounts_of,
    names_in,
    walk,
)
from tallystick.regimes.law.instrument import Condition, Defeater, Instrument, Obligation
from tallystick.regimes.law.vocabulary import Vocabulary, is_code
from tallystick.regimes.linting.clock_checks import clock_problems
from tallystick.regimes.linting.date_checks import date_problems
from tallystick.regimes.linting.known_checks import known_problems
from tallystick.regimes.linting.outcome_checks import outcome_problems
from tallystick.regimes.linting.overlap import overlaps
from tallystick.regimes.linting.reading_checks import reading_problems
from tallystick.regimes.linting.source_checks import all_nodes, source_problems
from tallystick.regimes.linting.unit_checks import unit_problems
from tallystick.regimes.linting.unknown_names import unknown_name
from tallystick.regimes.linting.value_checks import doubtful_values


def instrument_problems(
    instrument: Instrument, node: Node, vocabulary: Vocabulary, counting: Mapping[str, Counting]
) -> Iterator[Problem]:
    """All problems of one instrument, in the order of its file."""
    at = Places(node)
    yield from _header(instrument, at, vocabulary, counting)
    yield from _citations(node, instrument, at)
    yield from date_problems(instrument, at)
    yield from source_problems(instrument, node, at)
    yield from reading_problems(instrument, at, vocabulary)
    yield from doubtful_values(instrument, at)
    yield from known_problems(instrument, at)
    names = list(_expression_problems(instrument, at, vocabulary))
    yield from names
    yield from unit_problems(instrument, at, vocabulary)
    defeats = list(_defeat_problems(instrument, at))
    yield from defeats
    yield from outcome_problems(instrument, at)
    yield from _obligation_problems(instrument, at, vocabulary)
    yield from clock_problems(instrument, at)
    yield from _institution_problems(instrument, at)
    yield from _case_problems(instrument, at, vocabulary)
    if not names and not defeats:
        large = [Problem(at(*one.path), one.problem, one.mend) for one in too_large(instrument)]
        yield from large or _overlap_problems(instrument, at)


def _overlap_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    for overlap in overlaps(instrument):
        first, second = overlap.first, overlap.second
        place = at("conditions", second)
        if overlap.decided:
            since = f" from {overlap.since} on" if overlap.since else ""
            problem = f"{first} and {second} can both hold{since}, and give outcomes that exclude each other"
            yield Problem(place, problem, "add an exception that defeats one of the two")
        else:
            problem = f"whether {first} and {second} can both hold is too much to work out"
            yield Problem(place, problem, "make their tests simpler, or let one exception part them")


def _header(
    instrument: Instrument, at: Places, vocabulary: Vocabulary, counting: Mapping[str, Counting]
) -> Iterator[Problem]:
    for key, region in (("jurisdiction", instrument.jurisdiction), ("region", instrument.binds.region)):
        if region not in vocabulary.regions:
            place = at(key) if key == "jurisdiction" else at("binds", "region")
            mend = f"a code of ISO 3166 such as US-RI, or one of {', '.join(sorted(vocabulary.regions))}"
            yield Problem(place, f"{key} {region[:60]!r} is not known", mend)
    for role in instrument.binds.roles:
        if role not in vocabulary.roles:
            yield unknown_name(at("binds", "roles"), "role", role, vocabulary.roles)
    for tie in instrument.binds.nexus:
        if (
            tie.removeprefix("jurisdictions.") not in vocabulary.jurisdictions
            and vocabulary.fact(tie) is None
        ):
            known = [f"jurisdictions.{name}" for name in vocabulary.jurisdictions]
            yield unknown_name(at("binds", "nexus"), "tie", tie, known)
    for name, entry in _entries(at, "counting"):
        if entry not in counting:
            yield unknown_name(at("counting", name), "counting rule", entry, counting)
    if instrument.binding and instrument.kind in ("bill", "proposal", "voluntary", "guideline"):
        problem = f"binding: true, but the kind is {instrument.kind}"
        yield Problem(at("binding"), problem, "write binding: false, or the kind that it has", warning=True)
    for rule in instrument.counting.values():
        if rule.silent and len(instrument.readings) < 2:
            mend = "add at least two, as {id: literal, title: ..., silent: excluded} and strict, counted"
            yield Problem(
                at("counting"), f"{rule.name} is silent on some, and there are no interpretations", mend
            )


def _entries(at: Places, key: str) -> list[tuple[str, str]]:
    found = at.node.plain.get(key, {})
    return list(found.items())


def _citations(node: Node, instrument: Instrument, at: Places) -> Iterator[Problem]:
    """Every ``reference`` names a source of the file, and every source is cited."""
    cited: set[str] = set()
    for child in all_nodes(node):
        if not isinstance(child.value, dict) or "reference" not in child.value:
            continue
        for one in child.value["reference"].plain:
            source = one.partition("#")[0]
            cited.add(source)
            if source not in instrument.sources:
                place = child.value["reference"].place
                mend = f"add it under sources, or {nearest(source, instrument.sources)}"
                yield Problem(place, f"source {source[:60]!r} is not known", mend)
    for source in instrument.sources:
        if source not in cited:
            yield Problem(
                at("sources", source), f"source {source} is not cited", "cite it, or delete it", warning=True
            )


def _expression_problems(instrument: Instrument, at: Places, vocabulary: Vocabulary) -> Iterator[Problem]:
    for group, named in (("conditions", instrument.conditions), ("exceptions", instrument.exceptions)):
        rules: Mapping[str, Condition | Defeater] = named
        for name, rule in rules.items():
            for part in walk(rule.when):
                yield from _part_problems(part, instrument, at(group, name, "when"), vocabulary)
    for index, duty in enumerate(instrument.obligations):
        for part in walk(duty.only_if) if duty.only_if else ():
            yield from _part_problems(part, instrument, at("obligations", index, "if"), vocabulary)
    yield from _reference_cycles(instrument, at)


def _part_problems(
    part: Expression, instrument: Instrument, place: str, vocabulary: Vocabulary
) -> Iterator[Problem]:
    if isinstance(part, Exceeds | RatioExceeds) and part.parameter not in instrument.parameters:
        yield unknown_name(place, "parameter", part.parameter, instrument.parameters)
    if isinstance(part, Refer) and part.condition not in instrument.conditions:
        yield unknown_name(place, "condition", part.condition, instrument.conditions)
    for amount in amounts_of(part):
        for name in names_in(amount):
            fact = vocabulary.fact(name)
            if fact is None or fact.kind != "amount":
                yield unknown_name(
                    place, "amount", name, [f.name for f in vocabulary.facts.values() if f.kind == "amount"]
                )
            elif fact.derived and name.startswith("compute.") and name not in instrument.counting:
                yield Problem(
                    place,
                    f"{name} is not derived by any rule",
                    f"add it: counting: {{{name}: eu_cumulative}}",
                )
    wanted = {Is: "boolean", OneOf: "text", Unknowable: "boolean"}.get(type(part))
    named = getattr(part, "fact", None) or getattr(part, "unless", None)
    if wanted and named:
        fact = vocabulary.fact(named)
        if fact is None or fact.kind != wanted:
            yield unknown_name(
                place,
                f"{wanted} fact",
                named,
                [f.name for f in vocabulary.facts.values() if f.kind == wanted],
            )


def _reference_cycles(instrument: Instrument, at: Places) -> Iterator[Problem]:
    edges = {
        name: [p.condition for p in walk(rule.when) if isinstance(p, Refer)]
        for name, rule in instrument.conditions.items()
    }
    for name in cyclic(edges):
        yield Problem(
            at("conditions", name), f"{name} refers to itself in the end", "write the inner test out"
        )


def cyclic(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """The names from which a path leads back to themselves."""

    def reaches(start: str) -> bool:
        seen: set[str] = set()
        todo = list(edges[start])
        while todo:
            name = todo.pop()
            if name == start:
                return True
            if name not in seen:
                seen.add(name)
                todo += edges.get(name, ())
        return False

    return [name for name in edges if reaches(name)]


def _defeat_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    duties = {duty.id for duty in instrument.obligations}
    known = [*instrument.conditions, *instrument.exceptions, *duties]
    for name in set(instrument.conditions) & set(instrument.exceptions):
        yield Problem(at("exceptions", name), f"{name} is a condition and an exception", "rename one")
    for name, rule in instrument.exceptions.items():
        for target in rule.defeats:
            place = at("exceptions", name, "defeats")
            if target not in known:
                yield unknown_name(place, "condition, exception or obligation", target, known)
            elif target in duties and known.count(target) > 1:
                what = "a condition" if target in instrument.conditions else "an exception"
                problem = f"{target} is {what} and an obligation: which one is defeated?"
                yield Problem(place, problem, "rename the obligation")
    for name in cyclic({name: rule.defeats for name, rule in instrument.exceptions.items()}):
        mend = "an exception must not defeat itself in the end"
        yield Problem(at("exceptions", name, "defeats"), f"{name} defeats itself through others", mend)


def _obligation_problems(instrument: Instrument, at: Places, vocabulary: Vocabulary) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, duty in enumerate(instrument.obligations):
        if duty.id in seen:
            yield Problem(
                at("obligations", index, "id"), f"obligation {duty.id} is there twice", "rename one"
            )
        seen.add(duty.id)
        lists = (
            ("when", "outcome", duty.when, instrument.outcomes),
            ("to", "recipient", tuple(filter(is_code, duty.to)), vocabulary.recipients),
            ("event", "event", (duty.event,) if duty.event else (), vocabulary.events),
            ("satisfies", "capability", duty.satisfies, vocabulary.capabilities),
        )
        for key, what, names, known in lists:
            for name in names:
                if name not in known:
                    yield unknown_name(at("obligations", index, key), what, name, known)
        yield from _clock_problems(duty, at("obligations", index, "clock"), vocabulary)
    for index, conflict in enumerate(instrument.conflicts):
        if conflict.obligation not in seen:
            yield unknown_name(
                at("conflicts_with", index, "obligation"), "obligation", conflict.obligation, sorted(seen)
            )


def _clock_problems(duty: Obligation, place: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    if duty.clock is None:
        return
    spans = {"within": duty.clock.within, "every": duty.clock.every, "ahead": duty.clock.ahead}
    for key, span in spans.items():
        if span is not None and not span.least_hours:
            problem = f"{key} {span.text} is no time at all"
            yield Problem(place, problem, "write it as P14D, PT72H, P3M or P1Y, or delete it")
    if duty.clock.ahead and not duty.clock.before:
        yield Problem(place, "ahead is there without before", "add before: what it is ahead of")
    known = {**vocabulary.moments, **vocabulary.events}
    for name in (*duty.clock.start, *([duty.clock.before] if duty.clock.before else [])):
        if name not in known:
            yield unknown_name(place, "moment or event", name, known)


def _institution_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    stages = instrument.institution.stages if instrument.institution else ()
    if any(stage.effects for stage in stages):
        for index, stage in enumerate(stages):
            if stage.effects is None:
                problem = f"stage {stage.id} has no effects, and others have"
                place = at("institution", "stages", index)
                yield Problem(place, problem, "code it, with empty lists where nothing moves", warning=True)


def _case_problems(instrument: Instrument, at: Places, vocabulary: Vocabulary) -> Iterator[Problem]:
    if instrument.outcomes and not instrument.cases:
        yield Problem(at("outcomes"), "no cases", "add cases on, just under and just over every line")
    for index, case in enumerate(instrument.cases):
        if not case.expect and not case.duties:
            place = at("cases", index, "expect")
            yield Problem(place, f"case {case.name} expects nothing", "write what each outcome must be")
        for name in case.facts:
            if vocabulary.fact(name) is None:
                yield unknown_name(at("cases", index, "facts"), "fact", name, vocabulary.facts)
        for name in case.expect:
            if name not in instrument.outcomes:
                yield unknown_name(at("cases", index, "expect"), "outcome", name, instrument.outcomes)
        known = [duty.id for duty in instrument.obligations]
        for name in case.duties:
            if name not in known:
                yield unknown_name(at("cases", index, "duties"), "obligation", name, known)
