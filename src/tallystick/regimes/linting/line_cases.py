"""Whether the cases of a file try each of its lines: on it, just under it and just over it.

Asked for are the lines that stand on the day of some case. A case tries a line where, under some reading, all
of its amount lies there: a range that reaches across says nothing of the line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from tallystick.errors import InputError
from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.judging.condition import Compiler
from tallystick.regimes.judging.lines import amount_of
from tallystick.regimes.judging.plan import distinct_readings
from tallystick.regimes.law.exact import Interval, Number, number_text
from tallystick.regimes.law.expression import Exceeds, RatioExceeds, walk
from tallystick.regimes.law.instrument import Case, Instrument
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.linting.cases import case_facts
from tallystick.regimes.stated.fact_set import View

#: How near to a line "just" is, as a share of it; whole lines of few pieces: one piece.
NEAR = Fraction(1, 10)
ON, UNDER, OVER = "on", "just under", "just over"


@dataclass(slots=True)
class _Tried:
    """One value of one parameter, and where cases try it."""

    line: Number
    found: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[str]:
        """What no case tries; there is nothing under a line of zero."""
        return [one for one in (ON, UNDER, OVER) if one not in self.found and (one != UNDER or self.line)]


def untried_lines(instrument: Instrument, vocabulary: Vocabulary, at: Places) -> Iterator[Problem]:
    """A warning for each place at a line that no case tries, with the line of its value."""
    tried: dict[tuple[str, int], _Tried] = {}
    compared = {
        part
        for test in instrument.expressions()
        for part in walk(test)
        if isinstance(part, Exceeds | RatioExceeds)
    }
    for case in instrument.cases:
        try:
            view = case_facts(case, vocabulary).at(case.at).claimed
        except InputError:
            continue
        for part in compared:
            _try(instrument, case, view, part, tried)
    for (name, index), one in sorted(tried.items()):
        for place in one.missing:
            problem = f"no case is {place} the line {name} of {number_text(one.line)}"
            mend = f"add a case with an amount {_where(place, one.line)}"
            yield Problem(at("parameters", name, "values", index), problem, mend, warning=True)


def _try(
    instrument: Instrument,
    case: Case,
    view: View,
    part: Exceeds | RatioExceeds,
    tried: dict[tuple[str, int], _Tried],
) -> None:
    for reading in distinct_readings(instrument):
        compiler = Compiler(instrument, case.at, case.known_on, reading, verified=False)
        line = compiler.line(part.parameter)
        if line is None or line.ahead:
            return
        index = instrument.parameters[part.parameter].values.index(line.value)
        one = tried.setdefault((part.parameter, index), _Tried(line.value.number))
        one.found |= _placed(amount_of(compiler, part)(view), line.value.number)


def _near(line: Number) -> Number:
    """How far from the line is still near: an amount of pieces has no nearer neighbour than one."""
    return 1 if isinstance(line, int) and line < 1 / NEAR else line * NEAR


def _placed(amount: Interval, line: Number) -> set[str]:
    """Where the whole of the amount lies, if it is near the line."""
    low, high = amount
    if high is None:
        return set()
    if low == high == line:
        return {ON}
    if line - _near(line) <= low and high < line:
        return {UNDER}
    return {OVER} if line < low and high <= line + _near(line) else set()


def _where(place: str, line: Number) -> str:
    if place == ON:
        return f"of {number_text(line)}"
    end = line - _near(line) if place == UNDER else line + _near(line)
    return f"between it and {number_text(end)}"
