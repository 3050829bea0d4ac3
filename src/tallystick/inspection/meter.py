"""The sealed meter's file: sample blocks signed with the meter's own key.

Unsigned, or signed by another key than the one agreed in the log, it is only the operator's word.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tallystick.accounting.block import block_amounts
from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.block import SampleBlock, block_from_text, block_text, decode_block
from tallystick.evidence.fields import Fields
from tallystick.evidence.keys import SIGNATURE_BYTES, SigningKey, VerifierKey
from tallystick.records.subject import SubjectKind
from tallystick.units import SLOT_NS
from tallystick.whole_file import read_file

FORMAT = "tallystick-meter/1"
MAX_METER_BYTES = 1 << 30
MAX_BLOCKS = 4_000_000


@dataclass(frozen=True)
class MeterFile:
    """Blocks of one or more meters. ``signer`` is None where the file is unsigned."""

    blocks: tuple[SampleBlock, ...]
    signer: VerifierKey | None

    def energy_mj(self, start_ns: int, end_ns: int) -> int:
        """Energy that all meters saw between two slot boundaries."""
        inside = (b for b in self.blocks if start_ns <= b.header.slot_ns < end_ns)
        return sum(block_amounts(b, SLOT_NS)[0].energy_mj for b in inside)

    def subjects(self) -> set[str]:
        """Names of the meters."""
        return {b.header.subject for b in self.blocks}


def encode_meter(blocks: Iterable[bytes], key: SigningKey | None) -> bytes:
    """The file's bytes; unsigned without ``key``."""
    texts = [block_text(b) for b in blocks]
    return canonical.encode(
        {
            "blocks": texts,
            "format": FORMAT,
            "key": str(key.verifier) if key else "",
            "signature": key.sign(_message(texts)).hex() if key else "",
        }
    )


def meter_blocks(path: Path) -> list[bytes]:
    """The blocks of a meter's file as bytes, for adding to them."""
    where = str(path)
    data = canonical.decode(read_file(path, MAX_METER_BYTES), where)
    fields = Fields(data, ("blocks", "format", "key", "signature"), where)
    return [block_from_text(text, where) for text in fields.items("blocks", MAX_BLOCKS)]


def read_meter(path: Path) -> MeterFile:
    """Read a meter's file. Raises InputError, FormatError, or VerificationError where a signature fails."""
    return parse_meter(read_file(path, MAX_METER_BYTES), str(path))


def parse_meter(data: bytes, where: str) -> MeterFile:
    """Read a meter's file from bytes."""
    fields = Fields(canonical.decode(data, where), ("blocks", "format", "key", "signature"), where)
    if fields.text("format") != FORMAT:
        raise FormatError(f"not a {FORMAT}", where=where)
    texts = fields.items("blocks", MAX_BLOCKS)
    signer = VerifierKey.parse(fields.text("key"), where) if fields.text("key") else None
    digits = 2 * SIGNATURE_BYTES
    signature = fields.text("signature", digits)
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}" if signer else "", signature):
        raise FormatError(f"the signature is not {digits} hexadecimal digits, or has no key", where=where)
    if signer:
        signer.verify(bytes.fromhex(signature), _message(texts))
    blocks = tuple(
        decode_block(block_from_text(text, f"{where}, block {i}"), f"{where}, block {i}")
        for i, text in enumerate(texts)
    )
    places = [(b.header.subject, b.header.slot_ns) for b in blocks]
    if len(set(places)) != len(places) or any(b.header.kind is not SubjectKind.METER for b in blocks):
        raise FormatError("a meter's file holds each meter's slots once, and nothing else", where=where)
    return MeterFile(blocks, signer)


def _message(texts: list[str]) -> bytes:
    return FORMAT.encode() + b"\n" + hashlib.sha256(canonical.encode(texts)).digest()
