"""The challenge: how many entries and slots to open, and the inspector's half of the randomness.

The operator fixed its half in the declaration, before it saw the inspector's; the inspector's half is
fixed in the challenge, before he sees the operator's. Neither chooses what is drawn. An operator that
does not reveal has not answered, and that is a finding.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tallystick.accounting.hardware import hardware
from tallystick.declarations.bundle import Bundle, declaration_of
from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.fields import Fields
from tallystick.inspection.sampling import ALPHA, alarm_threshold, detection, sample_size
from tallystick.units import NS_PER_HOUR, PPM
from tallystick.whole_file import read_file

FORMAT = "tallystick-challenge/1"
MAX_CHALLENGE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the inspector asks. ``root`` names the bundle; probabilities are parts per million."""

    origin: str
    root: bytes
    nonce: bytes
    entries: int
    slots: int
    subjects: int
    significant_quantity_flop: int
    detection_ppm: int
    sensitivity_ppm: int
    false_rate_ppm: int

    def encode(self) -> bytes:
        """The file's bytes."""
        return canonical.encode(
            {
                "detection_ppm": self.detection_ppm,
                "entries": self.entries,
                "false_rate_ppm": self.false_rate_ppm,
                "format": FORMAT,
                "nonce": self.nonce.hex(),
                "origin": self.origin,
                "root": self.root.hex(),
                "sensitivity_ppm": self.sensitivity_ppm,
                "significant_quantity_flop": str(self.significant_quantity_flop),
                "slots": self.slots,
                "subjects": self.subjects,
            }
        )

    @property
    def digest(self) -> bytes:
        """Hash that the opening answers to."""
        return hashlib.sha256(self.encode()).digest()

    def check_for(self, bundle: Bundle) -> None:
        """Raise InputError unless this challenge is for ``bundle``."""
        head = bundle.heads[-1].checkpoint
        if (self.origin, self.root) != (head.origin, head.root):
            raise InputError(
                f"the challenge is for another bundle of {self.origin}",
                mend="draw a challenge for this bundle",
            )


@dataclass(frozen=True, slots=True)
class Wish:
    """What the inspector wants to find, and how reliable he takes one opened hour to be."""

    significant_quantity_flop: int
    detection: float
    sensitivity: float
    false_rate: float
    slots: int
    subjects: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A challenge with its odds: probability that the significant quantity raises the alarm."""

    challenge: Challenge
    population: int
    detection: float


def plan_challenge(bundle: Bundle, wish: Wish, nonce: bytes) -> Planned:
    """The smallest challenge that meets ``wish``. Raises InputError where none does, with the best."""
    for name, value in (("detection", wish.detection), ("sensitivity", wish.sensitivity)):
        if not 0 < value <= 1:
            raise InputError(f"{name} is {value}", mend="write a probability above 0 and at most 1")
    if not 0 <= wish.false_rate < 0.5 or min(wish.slots, wish.subjects) < 0:
        raise InputError("the false rate or a count is out of range", mend="use a false rate below 0.5")
    if wish.significant_quantity_flop <= 0:
        raise InputError("the significant quantity is not positive", mend="write it as 1e21")
    declaration = declaration_of(bundle)
    hours = (declaration.period.end_ns - declaration.period.start_ns) // NS_PER_HOUR
    population = hours * sum(bundle.roster.counted)
    if not 0 < population <= len(bundle.leaves):
        raise InputError("the log has no entries for this period", mend="run tallystick inspect verify first")
    defects = min(population, fewest_entries(bundle, wish.significant_quantity_flop))
    entries = sample_size(
        population,
        defects,
        wish.detection,
        sensitivity=wish.sensitivity,
        false_rate=wish.false_rate,
        alpha=ALPHA,
    )
    if entries is None:
        best = odds(population, defects, population, wish.sensitivity, wish.false_rate)
        raise InputError(
            f"impossible: opening all {population} entries finds it with probability {best:.4f}",
            mend="accept a lower detection, or a larger significant quantity",
        )
    head = bundle.heads[-1].checkpoint
    challenge = Challenge(
        origin=head.origin,
        root=head.root,
        nonce=nonce,
        entries=entries,
        slots=wish.slots,
        subjects=wish.subjects,
        significant_quantity_flop=wish.significant_quantity_flop,
        detection_ppm=round(wish.detection * PPM),
        sensitivity_ppm=round(wish.sensitivity * PPM),
        false_rate_ppm=round(wish.false_rate * PPM),
    )
    reached = odds(population, defects, entries, wish.sensitivity, wish.false_rate)
    return Planned(challenge, population, reached)


def fewest_entries(bundle: Bundle, flop: int) -> int:
    """The fewest entries that can hold ``flop``: all at the peak rate of the fastest hardware."""
    return -(-flop // max(1, peak_per_entry(bundle)))


def peak_per_entry(bundle: Bundle) -> int:
    """The most FLOP that one entry can hold."""
    roster = bundle.roster
    counted = [s for s, here in zip(roster.rows, roster.counted, strict=True) if here]
    return max((hardware(s.hardware).most_flop_per_s * 3600 for s in counted), default=0)


def odds(population: int, defects: int, drawn: int, sensitivity: float, false_rate: float) -> float:
    """Probability that ``defects`` false entries raise the alarm when ``drawn`` entries are opened."""
    threshold = alarm_threshold(drawn, false_rate, ALPHA) if false_rate else 1
    return detection(population, min(defects, population), drawn, sensitivity, threshold)


def read_challenge(path: Path) -> Challenge:
    """Read a challenge. Raises InputError or FormatError."""
    where = str(path)
    keys = (
        "detection_ppm",
        "entries",
        "false_rate_ppm",
        "format",
        "nonce",
        "origin",
        "root",
        "sensitivity_ppm",
        "significant_quantity_flop",
        "slots",
        "subjects",
    )
    fields = Fields(canonical.decode(read_file(path, MAX_CHALLENGE_BYTES), where), keys, where)
    if fields.text("format") != FORMAT:
        raise FormatError(f"not a {FORMAT}", where=where)
    if max(fields.number(key) for key in keys if key.endswith("_ppm")) > PPM:
        raise FormatError("a probability is above 1,000,000 ppm", where=where)
    return Challenge(
        origin=fields.text("origin", 128),
        root=fields.hash("root"),
        nonce=fields.hash("nonce"),
        entries=fields.number("entries"),
        slots=fields.number("slots"),
        subjects=fields.number("subjects"),
        significant_quantity_flop=fields.amount("significant_quantity_flop"),
        detection_ppm=fields.number("detection_ppm"),
        sensitivity_ppm=fields.number("sensitivity_ppm"),
        false_rate_ppm=fields.number("false_rate_ppm"),
    )
