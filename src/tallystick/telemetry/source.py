"""The interface behind which every source of samples stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from tallystick.errors import InputError
from tallystick.records.subject import JobRecord, Subject
from tallystick.telemetry.table import SampleTable


class Source(Protocol):
    """Where samples come from. Iterating it must use bounded memory."""

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects that the source observes, meters included, sorted by name."""

    def slots(self) -> Iterator[SampleTable]:
        """Tables in time order, each within one slot ``[k * SLOT_NS, (k + 1) * SLOT_NS)``.

        Each table's ``subjects`` is the whole inventory. Raises SampleError at the first bad row.
        """

    def jobs(self) -> tuple[JobRecord, ...]:
        """What the operator's scheduler says ran: the operator's word, perhaps empty."""

    def truth(self) -> tuple[JobRecord, ...]:
        """What really ran, where the source knows: for measuring errors, never for verdicts."""

    def known_flop(self) -> Mapping[str, int]:
        """FLOP of jobs of ``truth``, where published: for measuring errors, never for verdicts."""

    @property
    def plays_meter(self) -> bool:
        """Whether the source stands for a sealed meter, as a simulation or a recording does.

        If not, its sealed readings have nobody's signature and are only the operator's word.
        """

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of any figure from this source must know, once ``slots`` is exhausted."""


def open_source(spec: str, schemes: Mapping[str, Callable[[str], Source]]) -> Source:
    """Open ``SCHEME:REST``, where ``schemes`` maps each scheme to what opens its ``REST``.

    Raises InputError where the scheme is not known or nothing follows it.
    """
    scheme, _, rest = spec.partition(":")
    if scheme in schemes and rest:
        return schemes[scheme](rest)
    known = ", ".join(f"{name}:..." for name in sorted(schemes))
    raise InputError(f"source {spec[:80]!a} is not understood", mend=f"use one of: {known}")
