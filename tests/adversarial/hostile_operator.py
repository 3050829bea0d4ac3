"""What a dishonest operator can do: it holds the site's key, and its witness cosigns whatever grows."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tallystick.declarations.bundle import Bundle, declaration_of, read_bundle
from tallystick.declarations.leaf import Close, Leaf, SlotSeal
from tallystick.declarations.statement import PAYLOAD_TYPE, Declaration
from tallystick.evidence import canonical
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.key_file import load_key
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.tree import MerkleTree
from tallystick.inspection.challenge import Challenge, Wish, plan_challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.meter import MeterFile, encode_meter, meter_blocks, parse_meter, read_meter
from tallystick.inspection.opening import Opening
from tallystick.inspection.recomputation import Recomputation
from tallystick.inspection.report import Report
from tallystick.inspection.verify import verify
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.respond import respond
from tallystick.units import NS_PER_S, SLOT_NS

WISH = Wish(10**20, 0.9, 0.9, 0.001, slots=3, subjects=6)
SlotTime = Callable[[int], int]


def on_time(slot_ns: int) -> int:
    """Seconds at which an honest site has a slot's head cosigned."""
    return (slot_ns + SLOT_NS) // NS_PER_S


@dataclass(frozen=True)
class Honest:
    """An honest site that closed its period and answered one challenge. Nobody may change its folder."""

    site: SiteDirectory
    peer: SiteDirectory
    bundle: Bundle
    declaration: Declaration
    challenge: Challenge
    opening: Opening

    @cached_property
    def witness_key(self) -> SigningKey:
        """The witness's own key."""
        name = f"witness.{self.peer.config.origin}"
        return load_key(self.peer.path / "private/witness.key", name, COSIGNATURE)

    @property
    def meter_path(self) -> Path:
        """The sealed meter's file."""
        return self.site.path / "meter/site.meter"

    @property
    def meter_key(self) -> SigningKey:
        """The sealed meter's own key, which no operator has."""
        name = f"meter.{self.site.config.origin}"
        return load_key(self.site.path / "meter/device.key", name, NOTE)

    def meter(self) -> MeterFile:
        """The sealed meter's file as its signature vouches for it."""
        return read_meter(self.meter_path)

    def meter_with(self, blocks: Iterable[bytes] | None, key: SigningKey | None) -> MeterFile:
        """A meter's file signed with ``key``."""
        return parse_meter(encode_meter(blocks or meter_blocks(self.meter_path), key), "meter")


def build(template: Path, root: Path) -> Honest:
    """Close the copied site's period and answer a challenge."""
    shutil.copytree(template, root)
    site, peer = SiteDirectory(root / "site"), SiteDirectory(root / "peer")
    bundle = read_bundle(close(site, "all").bundle)
    challenge = plan_challenge(bundle, WISH, b"\x07" * 32).challenge
    return Honest(site, peer, bundle, declaration_of(bundle), challenge, respond(site, challenge))


def rebuilt(
    honest: Honest, body: Sequence[Leaf] | None = None, *, time_of: SlotTime = on_time, **declared: Any
) -> Bundle:
    """The bundle of an operator that logged ``body`` and declared ``declared`` from the start.

    Everything is signed and cosigned as it should be: only what is said is false.
    """
    leaves = list(honest.bundle.leaves[:-1] if body is None else body)
    size = len(leaves)
    fitting = {
        "log_size": size,
        "log_root": MerkleTree(map(leaf_bytes, leaves)).root(),
    }
    declaration = replace(honest.declaration, **{**fitting, **declared})
    payload = declaration.payload()
    envelope = sign_envelope(PAYLOAD_TYPE, payload, honest.site.key)
    leaves.append(Close(hashlib.sha256(payload).digest()))
    return Bundle(tuple(leaves), witnessed(honest, leaves, time_of), envelope)


def leaf_bytes(leaf: Leaf) -> bytes:
    """A leaf's data."""
    return canonical.encode(leaf.as_json())


def witnessed(honest: Honest, leaves: Sequence[Leaf], time_of: SlotTime) -> tuple[SignedCheckpoint, ...]:
    """A head after each slot and one over all leaves, cosigned by the true witness."""
    tree = MerkleTree(map(leaf_bytes, leaves))
    slots = {i + 1: leaf.slot_ns for i, leaf in enumerate(leaves) if isinstance(leaf, SlotSeal)}
    last = time_of(max(slots.values()))
    key, heads = honest.site.key, []
    for size in dict.fromkeys([*slots, len(leaves)]):
        note = sign_checkpoint(Checkpoint(key.verifier.name, size, tree.root(size)), key)
        time_s = time_of(slots[size]) if size in slots else last
        heads.append(note.signed_by(cosign_checkpoint(note.checkpoint, honest.witness_key, time_s)))
    return tuple(heads)


def report_of(bundle: Bundle, meter: MeterFile | None = None) -> Report:
    """Checks 1 to 9, each with a detail of one printable line."""
    report = verify(bundle, meter).report
    assert [c.number for c in sorted(report.checks, key=lambda c: c.number)] == list(range(1, 10))
    assert all(c.detail.isprintable() for c in report.checks), report.checks
    return report


def failed(report: Report) -> set[int]:
    """Numbers of the checks that failed."""
    return {c.number for c in report.checks if c.ok is False}


def concluded(
    honest: Honest,
    *,
    bundle: Bundle | None = None,
    challenge: Challenge | None = None,
    opening: Opening | None = None,
    recomputation: Recomputation | None = None,
) -> Report:
    """All checks of one inspection, in which ``None`` stands for what an honest site gives."""
    report = conclude(
        verify(bundle or honest.bundle),
        challenge or honest.challenge,
        opening or honest.opening,
        recomputation,
    ).report
    assert sorted(c.number for c in report.checks) == list(range(1, 21))
    assert all(c.detail.isprintable() for c in report.checks), report.checks
    return report
