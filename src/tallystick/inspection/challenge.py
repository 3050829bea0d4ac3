"""The challenge: how many entries and slots to open, and the inspector's half of the randomness.

The operator fixed its half in the declaration, before it saw the inspector's; the inspector's half is
fixed in the challenge, before he sees the operator's. Neither chooses what is drawn. An operator that
does not reveal has not answered, and that is a finding. The argument is in ``spec/challenge.md``.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from tallystick.accounting.hardware import hardware
from tallystick.declarations.bundle import Bundle, declaration_of
from tallystick.errors import FormatError, InputError, TallystickError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.keys import NOTE, SigningKey, VerifierKey
from tallystick.inspection.population import Population
from tallystick.inspection.sampling import ALPHA, alarm_threshold, detection, sample_size
from tallystick.units import PPM
from tallystick.whole_file import read_file

FORMAT = "tallystick-challenge/2"
MAX_CHALLENGE_BYTES = 65_536
MAX_KEY_TEXT = 8192
MAX_SIGNATURE_TEXT = 16_384


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the inspector asks. Probabilities are parts per million.

    ``origin``, ``size`` and ``root`` are the bundle's last head. ``inspector`` is None, and ``signature``
    empty, where the inspector has no key: then nothing in the file says who asks.
    """

    origin: str
    size: int
    root: bytes
    nonce: bytes
    entries: int
    slots: int
    subjects: int
    significant_quantity_flop: int
    detection_ppm: int
    sensitivity_ppm: int
    false_rate_ppm: int
    inspector: VerifierKey | None = None
    signature: bytes = b""

    def encode(self) -> bytes:
        """The file's bytes."""
        return canonical.encode({**self._terms(), "signature": base64.b64encode(self.signature).decode()})

    @property
    def digest(self) -> bytes:
        """Hash of everything but the signature: what is signed, and what is answered.

        Signing the same terms again may give other bytes; it is still the same challenge.
        """
        return hashlib.sha256(canonical.encode(self._terms())).digest()

    @property
    def draw_digest(self) -> bytes:
        """Hash of what the draw depends on: the head and the nonce.

        Neither counts nor the inspector's key are in it: whoever must ask again for less, or sign, draws
        nothing new. The operator has seen the first draw, and may have refused because of it.
        """
        drawn_from = {key: self._terms()[key] for key in ("nonce", "origin", "root", "size")}
        return hashlib.sha256(canonical.encode(drawn_from)).digest()

    def signed_by(self, key: SigningKey) -> "Challenge":
        """The same challenge in the name of ``key``. Raises InputError where that is no inspector's key."""
        if key.verifier.purpose != NOTE:
            raise InputError(f"{key.verifier.name} cosigns logs", mend="sign with an inspector's key")
        named = replace(self, inspector=key.verifier, signature=b"")
        return replace(named, signature=key.sign(named._message()))

    def check_signature(self) -> None:
        """Raise VerificationError unless the inspector that is named signed. Unsigned is no error."""
        if self.inspector is None:
            if self.signature:
                raise VerificationError("a signature without an inspector's key")
            return
        if self.inspector.purpose != NOTE:
            raise VerificationError("signed with a key that cosigns logs")
        self.inspector.verify(self.signature, self._message())

    def check_for(self, bundle: Bundle) -> None:
        """Raise InputError unless this challenge is for ``bundle``."""
        head = bundle.heads[-1].checkpoint
        if (self.origin, self.size, self.root) != (head.origin, head.size, head.root):
            raise InputError(
                f"the challenge is for another bundle of {self.origin}",
                mend="draw a challenge for this bundle",
            )

    def _message(self) -> bytes:
        return FORMAT.encode() + b"\n" + self.digest

    def _terms(self) -> dict[str, Json]:
        return {
            "detection_ppm": self.detection_ppm,
            "entries": self.entries,
            "false_rate_ppm": self.false_rate_ppm,
            "format": FORMAT,
            "inspector": str(self.inspector) if self.inspector else "",
            "nonce": self.nonce.hex(),
            "origin": self.origin,
            "root": self.root.hex(),
            "sensitivity_ppm": self.sensitivity_ppm,
            "significant_quantity_flop": str(self.significant_quantity_flop),
            "size": self.size,
            "slots": self.slots,
            "subjects": self.subjects,
        }


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
    try:
        population = len(Population(bundle, declaration))
    except TallystickError as error:
        population, missing = 0, f" ({error.problem})"
    else:
        missing = ""
    if not population:
        raise InputError(
            f"the log has no entries for this period{missing}", mend="run tallystick inspect verify first"
        )
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
        size=head.size,
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


_KEYS = (
    "detection_ppm",
    "entries",
    "false_rate_ppm",
    "format",
    "inspector",
    "nonce",
    "origin",
    "root",
    "sensitivity_ppm",
    "signature",
    "significant_quantity_flop",
    "size",
    "slots",
    "subjects",
)


def read_challenge(path: Path) -> Challenge:
    """Read a challenge. Raises InputError or FormatError, also where its signature does not hold."""
    where = str(path)
    fields = Fields(canonical.decode(read_file(path, MAX_CHALLENGE_BYTES), where), _KEYS, where)
    if fields.text("format") != FORMAT:
        raise FormatError(f"not a {FORMAT}", where=where)
    if max(fields.number(key) for key in _KEYS if key.endswith("_ppm")) > PPM:
        raise FormatError("a probability is above 1,000,000 ppm", where=where)
    inspector = fields.text("inspector", MAX_KEY_TEXT)
    challenge = Challenge(
        origin=fields.text("origin", 128),
        size=fields.number("size"),
        root=fields.hash("root"),
        nonce=fields.hash("nonce"),
        entries=fields.number("entries"),
        slots=fields.number("slots"),
        subjects=fields.number("subjects"),
        significant_quantity_flop=fields.amount("significant_quantity_flop"),
        detection_ppm=fields.number("detection_ppm"),
        sensitivity_ppm=fields.number("sensitivity_ppm"),
        false_rate_ppm=fields.number("false_rate_ppm"),
        inspector=VerifierKey.parse(inspector, where) if inspector else None,
        signature=_signature(fields.text("signature", MAX_SIGNATURE_TEXT), where),
    )
    try:
        challenge.check_signature()
    except VerificationError as error:
        mend = "ask the inspector for the challenge again"
        raise InputError(
            f"not signed by the inspector named: {error.problem}", where=where, mend=mend
        ) from error
    return challenge


def _signature(text: str, where: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("field 'signature' must be base64", where=where) from error
    if base64.b64encode(data).decode() != text:
        raise FormatError("field 'signature' is not canonical base64", where=where)
    return data
