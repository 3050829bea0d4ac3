"""The challenge: how many entries and slots to open, and the inspector's half of the randomness.

The operator fixed its half in the declaration, before it saw the inspector's; the inspector's half is
fixed in the challenge, before he sees the operator's. Neither chooses what is drawn. An operator that
does not reveal has not answered, and that is a finding.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tallystick.declarations.bundle import Bundle
from tallystick.errors import FormatError, InputError
from tallystick.evidence import canonical
from tallystick.evidence.fields import Fields
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
    return Challenge(
        origin=fields.text("origin", 128),
        root=fields.hash("root"),
        nonce=fields.hash("nonce"),
        entries=fields.number("entries"),
        slots=fields.number("slots"),
        subjects=fields.number("subjects"),
        significant_quantity_flop=fields.integer("significant_quantity_flop"),
        detection_ppm=fields.number("detection_ppm"),
        sensitivity_ppm=fields.number("sensitivity_ppm"),
        false_rate_ppm=fields.number("false_rate_ppm"),
    )
