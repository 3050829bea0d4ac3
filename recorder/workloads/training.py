"""Training of a decoder on one GPU: pre-training, and fine-tuning of all weights or of adapters."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from workloads.transformer import decoder, random_tokens

Steps = Iterator[None]


def pretraining(device: str, layers: int, width: int, batch: int, length: int, vocabulary: int) -> Steps:
    """Next-token training with AdamW from random weights."""
    model = decoder(device, layers, width, vocabulary)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    while True:
        update(model.loss, optimizer, random_tokens(device, batch, length + 1, vocabulary))
        yield


def update(loss: Callable[[Tensor], Tensor], optimizer: torch.optim.Optimizer, tokens: Tensor) -> None:
    """One optimiser step on one batch."""
    loss(tokens).backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def fine_tuning(
    device: str, layers: int, width: int, batch: int, shortest: int, length: int, vocabulary: int, epoch: int
) -> Steps:
    """All weights, on a small set of examples of unequal length that comes round again, with evaluation.

    An epoch is ``epoch`` steps; after each the loss on a tenth as many batches is taken without gradient.
    """
    model = decoder(device, layers, width, vocabulary)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    lengths = torch.randint(min(shortest, length), length + 1, (epoch,)).tolist()
    examples = [random_tokens(device, batch, n + 1, vocabulary) for n in lengths]
    while True:
        for tokens in examples:
            update(model.loss, optimizer, tokens)
            yield
        with torch.no_grad():
            for tokens in examples[: max(1, epoch // 10)]:
                model.loss(tokens)
                yield


class Adapted(nn.Module):
    """A frozen linear map plus a trained one of low rank."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.down = nn.Linear(frozen.in_features, rank, bias=False)
        self.up = nn.Linear(rank, frozen.out_features, bias=False)
        nn.init.zeros_(self.up.weight)
        self.to(frozen.weight.device, frozen.weight.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """The frozen map and the correction."""
        return self.frozen(x) + self.up(self.down(x))


def lora(device: str, layers: int, width: int, batch: int, length: int, vocabulary: int, rank: int) -> Steps:
    """Only adapters of the attention are trained; all other weights are frozen."""
    model = decoder(device, layers, width, vocabulary).requires_grad_(False)
    for layer in model.layers:
        layer.attention_in = Adapted(layer.attention_in, rank)
        layer.attention_out = Adapted(layer.attention_out, rank)
        for adapted in (layer.attention_in, layer.attention_out):
            adapted.frozen.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
    while True:
        update(model.loss, optimizer, random_tokens(device, batch, length + 1, vocabulary))
        yield
