"""A duty in one line: what must be done, for whom, by when."""

from tallystick.regimes.judging.result import Duty
from tallystick.regimes.library import shipped_vocabulary
from tallystick.regimes.wording.clock_text import clock_text


def duty_text(duty: Duty) -> str:
    """``must: Notify the Commission (to: European Commission, AI Office); within 14 days from ...``."""
    one = duty.obligation
    clock = clock_text(one.clock.as_json()) if one.clock else ""
    to = recipients_text(one.to)
    return f"{one.deontic.replace('_', ' ')}: {one.title}{f' (to: {to})' if to else ''}" + (
        f"; {clock}" if clock else ""
    )


def recipients_text(names: tuple[str, ...]) -> str:
    """Who they are, by the vocabulary."""
    known = shipped_vocabulary().recipients
    return "; ".join(known.get(name, name) for name in names)
