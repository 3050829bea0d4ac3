"""The trace of one regime as text: each rule once, what readings make of it under it, sources at the end."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tallystick.regimes.judging.result import DUTY, Citation, Duty, Result, Step
from tallystick.regimes.judging.trace_duties import AGREED
from tallystick.regimes.wording.duty_text import duty_text
from tallystick.regimes.wording.standing import sides_mark

WIDTH = 100
#: Columns of the kind of a step.
LABEL = 12
UNDECIDED = "  may follow, not decided:"
FOLLOW = "  duties that follow:"
WOULD = "  would follow if it had force:"
NOT_DUE = "  do not follow on that day:"
#: What a test needs of its parts, by the word that joins them.
NEEDS = {"and": "all must hold", "or": "one is enough"}
AS_ABOVE = "test as in the duty above"


class Sources:
    """The texts that one regime's trace cites, numbered as they come up."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, citations: Iterable[Citation]) -> str:
        """``[1, Art. 51(1), Art. 51(2); 2]``; empty where nothing is cited."""
        places: dict[int, list[str]] = {}
        for one in citations:
            number = self._numbers.setdefault(one.source, len(self._numbers) + 1)
            found = places.setdefault(number, [])
            if one.place and one.place not in found:
                found.append(one.place)
        marks = (", ".join([str(number), *found]) for number, found in places.items())
        return f" [{'; '.join(marks)}]" if places else ""

    def lines(self) -> Iterator[str]:
        """The list of the numbers."""
        if self._numbers:
            yield "  sources:"
        for source, number in self._numbers.items():
            yield from _wrapped(f"[{number}] {source}", " " * 4, " " * 8)


def trace_lines(
    result: Result, follow: Sequence[Duty], open_ones: Sequence[Duty], would: Sequence[Duty] = ()
) -> Iterator[str]:
    """All steps, the duties that follow, may follow and would if the text had force, and the sources."""
    sources = Sources()
    tests: dict[str, list[Step]] = {}
    for step in result.trace:
        if step.kind == DUTY:
            tests.setdefault(step.rule, []).append(step)
    for steps in _by_rule(step for step in result.trace if step.kind != DUTY):
        yield from _rule_lines(steps, sources)
    named = {duty.obligation.id for duty in (*follow, *open_ones, *would)}
    rest = [d for d in result.duties if d.obligation.id not in named and _tests(d, tests)]
    for heading, duties in ((FOLLOW, follow), (UNDECIDED, open_ones), (WOULD, would), (NOT_DUE, rest)):
        yield from _duties_lines(heading, duties, tests, sources)
    yield from sources.lines()


def _by_rule(steps: Iterable[Step]) -> list[list[Step]]:
    """The steps of one rule, one for each reading, in the order of the rules."""
    found: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        found.setdefault((step.kind, step.rule), []).append(step)
    return list(found.values())


def _rule_lines(steps: list[Step], sources: Sources) -> Iterator[str]:
    """What is the same in all readings once; then what each makes of it, readings that agree together."""
    first = steps[0]
    label = f"  {first.kind:{LABEL - 2}}"
    name = f"{first.rule}: " if first.head else ""
    mark = sources.mark(first.citations)
    if len({(step.detail, step.truths) for step in steps}) == 1:
        text = f"{name}{first.text}{mark}{_arrow(first.truths)}"
        yield from _wrapped(text, label, " " * LABEL)
        return
    yield from _wrapped(f"{name}{first.head}{mark}", label, " " * LABEL)
    shared = _shared(steps)
    if shared:
        text = f"in each reading ({NEEDS[first.word]}): {f' {first.word} '.join(shared)}"
        yield from _wrapped(text, " " * LABEL, " " * (LABEL + 2))
    by_answer: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        by_answer.setdefault((_own(step, shared), step.truths), []).append(step.reading)
    for (detail, truths), readings in by_answer.items():
        yield from _wrapped(
            f"{_readings(readings)}: {detail}{_arrow(truths)}", " " * LABEL, " " * (LABEL + 2)
        )


def _shared(steps: list[Step]) -> list[str]:
    """The parts of a test that say the same in each reading, where others do not."""
    return [part for part in steps[0].parts if all(part in step.parts for step in steps)]


def _own(step: Step, shared: list[str]) -> str:
    """What a reading has of its own."""
    own = [part for part in step.parts if part not in shared]
    return f"{f' {step.word} '.join(own)}{step.tail}" if shared and own else step.detail


def _arrow(truths: str) -> str:
    return f" -> {truths}" if truths else ""


def _readings(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last} readings" if others else f"{last} reading"


def _tests(duty: Duty, tests: Mapping[str, list[Step]]) -> list[Step]:
    return tests.get(f"obligation {duty.obligation.id}", [])


def _duties_lines(
    heading: str, duties: Sequence[Duty], tests: Mapping[str, list[Step]], sources: Sources
) -> Iterator[str]:
    """The duties with their places; a test that several in a row share stands at the first of them."""
    if duties:
        yield heading
    above: list[str] = []
    for duty in duties:
        text = f"{duty_text(duty)}{sides_mark(duty)}{sources.mark(duty.citations)}"
        yield from _wrapped(text, "  - ", "    ")
        lines = _test_lines(_tests(duty, tests))
        same = bool(lines) and lines == above
        for line in [f"{AS_ABOVE}{_arrow(_tests(duty, tests)[-1].truths)}"] if same else lines:
            yield from _wrapped(line, " " * 6, " " * 8)
        above = lines


def _test_lines(steps: list[Step]) -> list[str]:
    """What brings a duty about, readings that agree together, and at last what all agree on."""
    found: dict[str, list[str]] = {}
    for step in steps:
        found.setdefault(f"{step.detail}{_arrow(step.truths)}", []).append(step.reading)
    return [
        text if names[0] in ("", AGREED) else f"{_readings(names)}: {text}" for text, names in found.items()
    ]


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)
