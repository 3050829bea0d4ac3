"""Integer hashing in the manner of mining: many nonces mixed by adds, rotations and exclusive ors."""

from collections.abc import Iterator

import torch
from torch import Tensor

_MASK = 0xFFFFFFFF


def _rotated(x: Tensor, by: int) -> Tensor:
    """32-bit rotation in 64-bit integers."""
    return ((x << by) | (x >> (32 - by))) & _MASK


@torch.no_grad()
def hashing(device: str, nonces: int, rounds: int) -> Iterator[None]:
    """``nonces`` at a time through ``rounds`` quarter rounds; the least result is kept."""
    first, best = 0, torch.full((), _MASK, device=device, dtype=torch.int64)
    while True:
        a = torch.arange(first, first + nonces, device=device, dtype=torch.int64) & _MASK
        b, c, d = a ^ 0x61707865, a ^ 0x3320646E, a ^ 0x79622D32
        for _ in range(rounds):
            a = (a + b) & _MASK
            d = _rotated(d ^ a, 16)
            c = (c + d) & _MASK
            b = _rotated(b ^ c, 12)
        best = torch.minimum(best, (a ^ d).min())
        first += nonces
        yield
