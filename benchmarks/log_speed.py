"""The log: leaves hashed and appended, beside pymerkle; heads signed; tiles written and verified.

``python -m benchmarks.log_speed [LEAVES]``. The bar: 1,000,000 leaves hashed and appended per second in
memory. Processor seconds, since other work on the machine must not count, but for tiles, which wait for the
disk.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint, verify_head
from tallystick.evidence.log.fsck import fsck_tiles
from tallystick.evidence.log.tile_writer import publish
from tallystick.evidence.log.tree import MerkleTree

LEAVES = 500_000
#: pymerkle appends one leaf after the other, so it gets fewer: its rate does not rise with their number.
PEER_LEAVES = 50_000
REPEATS = 5
BAR = 1_000_000
LOG = SigningKey("log.example/bench", NOTE, bytes(64))
WITNESS = SigningKey("witness.example/bench", COSIGNATURE, bytes([1]) * 64)


def best_of(task: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of the fastest of ``REPEATS`` runs."""
    times = []
    for _ in range(REPEATS):
        started = clock()
        task()
        times.append(clock() - started)
    return min(times)


def entry_leaves(count: int) -> list[bytes]:
    """Leaves as ledger entries make them: 64 hexadecimal digits in quotation marks."""
    return [b'"%064x"' % i for i in range(count)]


def report(count: int = LEAVES) -> None:
    """Print a line for each cost."""
    data = entry_leaves(count)
    rate = count / best_of(lambda: MerkleTree(data))
    print(f"hash and append, together {rate:12,.0f} leaves/s, {rate / BAR:.2f} times the bar")
    report_singly(data[:PEER_LEAVES])
    report_peer(data[:PEER_LEAVES], rate)
    tree = MerkleTree(data)
    report_signatures(tree)
    report_tiles(tree, data)


def report_singly(data: list[bytes]) -> None:
    """One leaf after the other, as a slot is sealed."""

    def singly() -> None:
        tree = MerkleTree()
        for leaf in data:
            tree.append(leaf)

    print(f"hash and append, singly   {len(data) / best_of(singly):12,.0f} leaves/s")


def report_peer(data: list[bytes], ours: float) -> None:
    """Pymerkle in memory."""
    if find_spec("pymerkle") is None:
        print("pymerkle in memory        not installed: pip install pymerkle")
        return
    from pymerkle import InmemoryTree

    def append() -> None:
        tree = InmemoryTree(algorithm="sha256")
        for leaf in data:
            tree.append_entry(leaf)

    theirs = len(data) / best_of(append)
    print(
        f"pymerkle in memory        {theirs:12,.0f} leaves/s, {ours / theirs:.0f} times slower than together"
    )


def report_signatures(tree: MerkleTree) -> None:
    """A head with both signatures of the log and both of a witness."""
    note = signed(tree)
    sign = best_of(lambda: [signed(tree) for _ in range(20)]) / 20
    verify = best_of(lambda: [verify_head(note, LOG.verifier, [WITNESS.verifier]) for _ in range(20)]) / 20
    size = len(note.text.encode())
    print(
        f"a head, four signatures   {sign * 1000:12.2f} ms signed, {verify * 1000:.2f} ms verified, "
        f"{size:,} bytes"
    )


def report_tiles(tree: MerkleTree, data: list[bytes]) -> None:
    """All tiles of the log written durably, and verified from the files."""
    note = signed(tree)

    def check(head: SignedCheckpoint) -> None:
        verify_head(head, LOG.verifier, [WITNESS.verifier])

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        publish(Path(folder), note, tree, lambda start, end: data[start:end])
        write = time.perf_counter() - started
        verify = best_of(lambda: fsck_tiles(Path(folder), check))
    print(f"publish as tiles          {len(data) / write:12,.0f} leaves/s with the disk")
    print(f"verify from the files     {len(data) / verify:12,.0f} leaves/s")


def signed(tree: MerkleTree) -> SignedCheckpoint:
    """The head of ``tree``, signed and cosigned."""
    note = sign_checkpoint(Checkpoint(LOG.verifier.name, len(tree), tree.root()), LOG)
    return note.signed_by(cosign_checkpoint(note.checkpoint, WITNESS, 1))


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else LEAVES)
