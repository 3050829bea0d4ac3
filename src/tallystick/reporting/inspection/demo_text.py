"""The text of ``tallystick demo``: progress while it runs, and the closing summary."""

import shlex
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tallystick.printable import printable
from tallystick.reporting.inspection import limits, plain_words
from tallystick.trials.mutual import Inspected, Mutual

WIDTH = 100
#: Steps in the order in which they run; the last one writes the report.
STEPS = ("observe", "account", "inspect", "report")
_NAME, _VERB = 11, 11


class StepLines:
    """One line for each step when it ends; where somebody watches, also which step is under way."""

    def __init__(self, write: Callable[[str], object], *, watched: bool) -> None:
        self._write, self._watched, self._next = write, watched, 0

    def start(self, title: str) -> None:
        """Say what is about to happen."""
        self._write(f"{title}\n\n")
        self._pending()

    def ended(self, name: str, detail: str, seconds: float) -> None:
        """A step is done. The same arguments as ``trials.mutual.Announce``."""
        self._next = STEPS.index(name) + 1 if name in STEPS else self._next
        clear = "\r\x1b[K" if self._watched else ""
        self._write(f"{clear}{step_line(name, detail, seconds)}\n")
        self._pending()

    def _pending(self) -> None:
        if self._watched and self._next < len(STEPS):
            self._write(f"  {STEPS[self._next]:<9}{'░' * 10}  …")


def title(accelerators: int, hours: int, cap_flop: int, significant_flop: int) -> str:
    """The first line: who does what, under which rule."""
    return (
        f"Two states inspect each other's AI data centre: {accelerators} accelerators each, {hours} h, "
        f"simulated.\nCap: no training run above {plain_words.flop(cap_flop)} FLOP.\n"
        f"Undeclared training of {plain_words.flop(significant_flop)} FLOP must be noticed."
    )


def step_line(name: str, detail: str, seconds: float) -> str:
    """A finished step: name, full bar, detail, seconds."""
    return f"  {name:<9}{'█' * 10}  {detail:<64} {seconds:6.1f} s"


def closing_summary(mutual: Mutual, report: Path, required: Sequence[str]) -> str:
    """Who claimed what, what was checked, found and concluded, what stayed hidden, what is unproven.

    ``required`` says how good inspection would have to be for two states to keep such a cap.
    """
    lines: list[str] = []
    for inspected in mutual.inspections:
        lines += ["", *_site_lines(inspected, mutual)]
    lines += ["", *_item("Revealed", "", plain_words.revealed(mutual.inspections))]
    for number, text in enumerate(limits.UNPROVEN):
        lines += _item("" if number else "Unproven", "", text)
    for number, text in enumerate(required):
        lines += ["", *_item("Required", "", text)] if not number else _item("", "", text)
    lines += ["", f"{'Report':<{_NAME}}{report}", *_next_lines(mutual, report.parent)]
    return "\n".join(lines)


def _site_lines(inspected: Inspected, mutual: Mutual) -> Iterator[str]:
    inspection, cap = inspected.inspection, mutual.terms.cap_flop
    name = printable(inspected.account.party.name)
    declaration = inspected.account.declaration
    yield from _item(name, "declared", plain_words.claimed(declaration, cap))
    yield from _item("", "proven", plain_words.proven(inspection))
    yield from _item("", "checked", plain_words.checked(inspection))
    if not inspection.report.findings:
        yield from _item("", "found", plain_words.nothing_found(inspection))
    for finding in inspection.report.findings:
        yield from _item("", "found", f"{finding.code} {finding.severity}: {finding.text}")
    conclusion = plain_words.conclusion_of(inspection)
    odds = plain_words.odds(inspected, mutual.terms)
    yield from _item("", "concluded", f"{str(conclusion).upper()}; {odds}")
    yield from _item("", "bound", plain_words.bound(inspection.judgement, mutual.terms.significant_flop))
    if inspection.report.findings:
        resolve = dict.fromkeys(f.resolve for f in inspection.report.findings)
        yield from _item("", "resolve", "; or ".join(resolve))


def _item(name: str, verb: str, text: str) -> list[str]:
    """``name``, ``verb`` and wrapped text in columns. Names that are too long get a line of their own."""
    lead = f"{name:<{_NAME}}" + (f"{verb:<{_VERB}}" if verb else "")
    indent = " " * (_NAME + (_VERB if verb else 0))
    wrapped = textwrap.wrap(
        printable(text), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    if len(lead) > len(indent):
        return [name[:WIDTH], *_item("", verb, text)]
    return [lead + wrapped[0][len(indent) :], *wrapped[1:]]


def _next_lines(mutual: Mutual, out: Path) -> Iterator[str]:
    """Commands that work as they stand, on the site that needs a second look."""
    doubtful = [i for i in mutual.inspections if i.inspection.report.findings]
    stem = (doubtful or list(mutual.inspections))[0].account.party.name.lower()

    def at(suffix: str) -> str:
        return printable(shlex.quote(f"{out}/{stem}.{suffix}"))

    indent = " " * _NAME
    yield f"{'Next':<{_NAME}}tallystick inspect verify {at('tally')} --meter {at('meter')}"
    yield f"{indent}tallystick inspect conclude {at('tally')} --meter {at('meter')} \\"
    yield f"{indent}  --challenge {at('challenge.json')} \\"
    yield f"{indent}  --opening {at('opening.json')}"
    yield f"{indent}tallystick strategy require"
