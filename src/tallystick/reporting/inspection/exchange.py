"""The files that passed between the two sides."""

from dataclasses import dataclass
from pathlib import Path

from tallystick.trials.mutual import Inspected


@dataclass(frozen=True, slots=True)
class ExchangedFile:
    """A file and what it is; ``giver`` handed it to ``taker``."""

    path: Path
    purpose: str
    giver: str
    taker: str

    @property
    def size(self) -> str:
        """Its size, for people; empty where it is gone."""
        try:
            count = self.path.stat().st_size
        except OSError:
            return ""
        return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def exchanged(inspected: Inspected) -> dict[str, ExchangedFile]:
    """By role: bundle, meter, challenge, opening, in the order in which they are handed over."""
    folder, name = inspected.challenge.parent, inspected.account.party.name
    site, inspector = name, inspected.inspector
    return {
        "bundle": ExchangedFile(
            folder / f"{name.lower()}.tally",
            "the log of commitments with its cosigned heads, and the signed declaration",
            site,
            inspector,
        ),
        "meter": ExchangedFile(
            folder / f"{name.lower()}.meter",
            "readings of the sealed meter, signed with the meter's own key",
            "the sealed meter",
            "both sides",
        ),
        "challenge": ExchangedFile(
            inspected.challenge,
            "how much must be opened, and the inspector's half of the randomness",
            inspector,
            site,
        ),
        "opening": ExchangedFile(
            inspected.opening,
            "exactly the drawn entries and samples, each with its path to the log",
            site,
            inspector,
        ),
    }
