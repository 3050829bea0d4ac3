"""Nothing to do, with and without a model in memory."""

import time
from collections.abc import Iterator

import torch

from workloads.transformer import decoder


def idle_with_model(device: str, layers: int, width: int, vocabulary: int) -> Iterator[None]:
    """A model lies in memory and nobody asks."""
    model = decoder(device, layers, width, vocabulary)
    while model is not None:
        time.sleep(0.05)
        yield


def idle_with_context(device: str) -> Iterator[None]:
    """Only the driver's context is there."""
    kept = torch.zeros(1, device=device)
    while kept is not None:
        time.sleep(0.05)
        yield
