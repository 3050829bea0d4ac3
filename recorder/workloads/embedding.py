"""Texts to vectors: an encoder over batches of unequal length, and a search among stored vectors."""

from collections.abc import Iterator

import torch
from torch.nn import functional

from workloads.transformer import decoder, precision, random_tokens


@torch.no_grad()
def embedding(
    device: str, layers: int, width: int, batch: int, length: int, vocabulary: int, stored: int
) -> Iterator[None]:
    """Embeds a batch and finds the nearest of ``stored`` vectors."""
    model = decoder(device, layers, width, vocabulary)
    index = functional.normalize(torch.randn(stored, width, device=device, dtype=precision(device)))
    while True:
        here = int(torch.randint(max(1, length // 8), length + 1, ()))
        hidden = model.hidden(random_tokens(device, batch, here, vocabulary), causal=False)
        vectors = functional.normalize(hidden.mean(1), dim=-1)
        (vectors @ index.T).topk(min(10, stored))
        yield
