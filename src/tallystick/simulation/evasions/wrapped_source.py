"""A source that says what another says, but for its samples."""

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.records.subject import JobRecord
from tallystick.telemetry.source import Source


@dataclass(frozen=True)
class WrappedSource:
    """Passes on the word, the truth and the meter of ``source``; subclasses change the rest."""

    source: Source

    def jobs(self) -> tuple[JobRecord, ...]:
        """See ``Source.jobs``."""
        return self.source.jobs()

    def truth(self) -> tuple[JobRecord, ...]:
        """See ``Source.truth``."""
        return self.source.truth()

    def known_flop(self) -> Mapping[str, int]:
        """See ``Source.known_flop``."""
        return self.source.known_flop()

    @property
    def plays_meter(self) -> bool:
        """See ``Source.plays_meter``."""
        return self.source.plays_meter
