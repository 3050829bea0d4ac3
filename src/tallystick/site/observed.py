"""What the telemetry of one period shows, window by window."""

from dataclasses import dataclass

from tallystick.accounting.energy import SpanAmount
from tallystick.declarations.inventory import Roster
from tallystick.declarations.statement import Period
from tallystick.telemetry.table import Int64
from tallystick.workloads.runs import FoundRun


@dataclass(frozen=True)
class Observed:
    """What the telemetry of one period shows, before anything is declared.

    Arrays are (rows, windows) in the roster's order; ``slot_hashes[slot_ns][row]`` is the hash of a
    row's salted block, for the rows that the roster had when the slot was sealed.
    """

    roster: Roster
    period: Period
    verdicts: Int64
    observed_us: Int64
    energy_mj: Int64
    runs: tuple[FoundRun, ...]
    slot_hashes: dict[int, list[str]]
    model: str

    def windows(self, row: int, columns: slice) -> list[SpanAmount]:
        """Observed time and energy of a row's windows."""
        times, energies = self.observed_us[row, columns], self.energy_mj[row, columns]
        return [SpanAmount(us, mj) for us, mj in zip(times.tolist(), energies.tolist(), strict=True)]
