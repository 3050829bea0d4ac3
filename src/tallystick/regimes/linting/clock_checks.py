"""Clocks of duties: days are days of the calendar, so that working days need a doubt."""

import re
from collections.abc import Iterator

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.instrument import Instrument, Obligation

WORKING_DAYS = re.compile(r"\b(?:working|business|bank(?:ing)?)[ -]days?\b", re.IGNORECASE)


def clock_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """A warning where the words of a duty count working days, its clock days, and no doubt says so."""
    if any(WORKING_DAYS.search(doubt) for doubt in instrument.doubts):
        return
    for index, duty in enumerate(instrument.obligations):
        entry = at.node.plain["obligations"][index]
        words = " ".join([duty.title, entry.get("note", ""), entry.get("clock", {}).get("note", "")])
        found = WORKING_DAYS.search(words)
        if found and _counts_days(duty):
            problem = f"obligation {duty.id} speaks of {found[0].lower()}, and its clock counts all days"
            mend = "keep the calendar days, and say under doubts that the text counts working days"
            yield Problem(at("obligations", index, "clock"), problem, mend, warning=True)


def _counts_days(duty: Obligation) -> bool:
    clock = duty.clock
    spans = (clock.within, clock.every, clock.ahead) if clock else ()
    return any(span is not None and span.days for span in spans)
