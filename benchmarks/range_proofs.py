"""Range proofs: costs as multiples of one scalar multiplication of the binding, measured in the same run.

``python -m benchmarks.range_proofs [BATCH]``. The bars: proving at most 12 multiplications a committed bit;
verifying a batch at most twice the floor, one multiplication for each of its points.
"""

import secrets
import sys
import time
from collections.abc import Callable
from functools import partial

import rbcl

from tallystick.evidence.proofs.keccak import broadcast, permute
from tallystick.evidence.proofs.range_proof import Claim, prove, verify, verify_batch
from tallystick.evidence.proofs.ristretto import ORDER

BITS, PARTIES = 32, 32
BATCH = 128
LABEL = b"tallystick benchmark"
SECRET = bytes(range(32))
PROVE_BAR, VERIFY_BAR = 12, 2


def seconds_each(task: Callable[[], object], calls: int) -> float:
    """Processor seconds a call, the best of five runs. Nothing here sleeps or uses a second thread."""
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for _ in range(calls):
            task()
        best = min(best, (time.process_time() - started) / calls)
    return best


def multiplication() -> float:
    """Seconds of one scalar multiplication through the binding's own function: the unit."""
    scalar, point = rbcl.crypto_core_ristretto255_scalar_random(), rbcl.crypto_core_ristretto255_random()
    return seconds_each(lambda: rbcl.crypto_scalarmult_ristretto255(scalar, point), 500)


def addition() -> float:
    left, right = rbcl.crypto_core_ristretto255_random(), rbcl.crypto_core_ristretto255_random()
    return seconds_each(lambda: rbcl.crypto_core_ristretto255_add(left, right), 500)


def claim_of(bits: int, parties: int) -> Claim:
    values = [secrets.randbits(bits) for _ in range(parties)]
    return prove(values, [1 + secrets.randbelow(ORDER - 1) for _ in values], bits, LABEL, SECRET)


def own_points(bits: int, parties: int) -> int:
    """Points that each proof brings: A, S, T_1, T_2, the halvings' pairs, and the commitments."""
    return 4 + 2 * ((bits * parties).bit_length() - 1) + parties


def report_proving(bits: int, parties: int) -> None:
    claim_of(bits, parties)  # Draws the generators.
    before = multiplication()
    seconds = min(seconds_of(lambda: claim_of(bits, parties)) for _ in range(3))
    unit = min(before, multiplication())
    each = seconds / unit / (bits * parties)
    print(
        f"prove {bits} bit x {parties:3}        {seconds * 1000:9,.1f} ms   "
        f"{each:6.1f} multiplications a bit (bar {PROVE_BAR})"
    )


def report_verifying(bits: int, parties: int, batch: int) -> None:
    claim = claim_of(bits, parties)
    statement = claim.statement
    alone = min(seconds_of(lambda: verify(claim.proof, statement.commitments, bits, LABEL)) for _ in range(3))
    print(f"verify {bits} bit x {parties:3} alone {alone * 1000:9,.1f} ms")
    before = multiplication()
    seconds = min(seconds_of(lambda: verify_batch([claim] * batch)) for _ in range(3))
    unit = min(before, multiplication())
    points = batch * own_points(bits, parties) + 2 * bits * parties + 2
    print(
        f"verify {batch} together     {seconds * 1000 / batch:9,.2f} ms a proof   "
        f"{seconds / (points * unit):4.2f} times the floor of {points:,} points (bar {VERIFY_BAR})"
    )


def seconds_of(task: Callable[[], object]) -> float:
    started = time.process_time()
    task()
    return time.process_time() - started


def report_keccak() -> None:
    for count in (1, 128, 512):
        lanes = [broadcast(secrets.randbits(64), count) for _ in range(25)]
        each = seconds_each(partial(permute, lanes, count), 5) / count
        print(f"Keccak-f, {count:4} states    {each * 1e6:9,.1f} us a state")


def report(batch: int = BATCH) -> None:
    """Print a line for each figure."""
    print(
        f"ristretto255 multiplication {multiplication() * 1e6:6.1f} us, addition {addition() * 1e6:6.1f} us"
    )
    report_keccak()
    report_proving(64, 1)
    report_proving(BITS, PARTIES)
    report_verifying(BITS, PARTIES, batch)


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else BATCH)
