"""Inference of a decoder: reading prompts, generating with a cache, in batches, and with a draft model."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from workloads.transformer import Decoder, decoder, random_tokens


def generate(model: Decoder, tokens: Tensor, count: int) -> Iterator[Tensor]:
    """Sample ``count`` tokens after (batch, length) tokens, yielding all tokens so far after each one."""
    caches: list[list[Tensor]] = [[] for _ in model.layers]
    logits = model(tokens, caches)[:, -1]
    for _ in range(count):
        latest = torch.multinomial(logits.float().softmax(-1), 1)
        tokens = torch.cat((tokens, latest), 1)
        yield tokens
        logits = model(latest, caches)[:, -1]


@torch.no_grad()
def prefill(device: str, layers: int, width: int, batch: int, length: int, vocabulary: int) -> Iterator[None]:
    """Prompts are read and nothing is generated."""
    model = decoder(device, layers, width, vocabulary)
    while True:
        model(random_tokens(device, batch, length, vocabulary))
        yield


@torch.no_grad()
def decode(
    device: str, layers: int, width: int, batch: int, prompt: int, tokens: int, vocabulary: int
) -> Iterator[None]:
    """A batch of short prompts, then ``tokens`` tokens each, with nothing waiting in between."""
    model = decoder(device, layers, width, vocabulary)
    while True:
        for _ in generate(model, random_tokens(device, batch, prompt, vocabulary), tokens):
            yield


@torch.no_grad()
def batched_serving(
    device: str, layers: int, width: int, batch: int, prompt: int, tokens: int, vocabulary: int, rate: float
) -> Iterator[None]:
    """Requests arrive at random, ``rate`` a second, and those that wait are served together."""
    model = decoder(device, layers, width, vocabulary)
    arrival = torch.distributions.Exponential(rate)
    due = time.monotonic()
    while True:
        waiting = 0
        while due <= time.monotonic() and waiting < batch:
            waiting, due = waiting + 1, due + float(arrival.sample())
        if not waiting:
            time.sleep(0.005)
            yield
            continue
        length = int(torch.randint(max(1, prompt // 4), prompt + 1, ()))
        count = int(torch.randint(max(1, tokens // 4), tokens + 1, ()))
        for _ in generate(model, random_tokens(device, waiting, length, vocabulary), count):
            yield


@torch.no_grad()
def speculative(
    device: str, layers: int, width: int, batch: int, prompt: int, tokens: int, vocabulary: int, ahead: int
) -> Iterator[None]:
    """A model of a quarter of the layers drafts ``ahead`` tokens; the large one checks them in one pass.

    The prompt is read again at each check: the cost of a cache that is rolled back is not modelled.
    """
    model = decoder(device, layers, width, vocabulary)
    draft = decoder(device, max(1, layers // 4), width, vocabulary)
    while True:
        answer = random_tokens(device, batch, prompt, vocabulary)
        while answer.shape[1] < prompt + tokens:
            for longer in generate(draft, answer, ahead):
                drafted = longer
                yield
            model(drafted)
            kept = int(torch.randint(1, ahead + 1, ()))
            answer = drafted[:, : answer.shape[1] + kept]
            yield
