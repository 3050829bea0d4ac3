"""Pre-training on one GPU that tries to look like something else.

Each takes the training's own parameters as ``training`` and hides its steps among other ones.
"""

import io
import random
import time
from collections.abc import Iterator

import torch

from workloads.generation import batched_serving, decode
from workloads.science import spectral
from workloads.training import pretraining, update
from workloads.transformer import decoder, precision, random_tokens

Steps = Iterator[None]
Size = dict[str, int]


def duty_cycle(device: str, training: Size, on_s: float, off_s: float) -> Steps:
    """Trains for ``on_s`` seconds, then rests for ``off_s``."""
    steps = pretraining(device, **training)
    while True:
        yield from _lasting(steps, on_s)
        time.sleep(off_s)


def noise_padding(device: str, training: Size, size: int, products: int) -> Steps:
    """After each step ``products`` products of random matrices, of no use, fill the dips."""
    steps = pretraining(device, **training)
    noise = torch.randn(size, size, device=device, dtype=precision(device))
    while True:
        next(steps)
        for _ in range(products * random.randint(0, 2)):
            noise = (noise @ noise).clamp(-1, 1)
        yield


def low_utilisation(device: str, training: Size, pause_s: float) -> Steps:
    """Small batches with a pause after each."""
    for _ in pretraining(device, **training):
        time.sleep(pause_s)
        yield


def paced_layers(device: str, training: Size, share: float) -> Steps:
    """Rests after each layer, forward and backward, so that the GPU is busy ``share`` of the time.

    Readings over a second then show lower power at no rhythm of their own, as under a power cap, while the
    GPU's settings stay as they are.
    """
    model = decoder(device, training["layers"], training["width"], training["vocabulary"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    shape = (training["batch"], training["length"] + 1, training["vocabulary"])
    ended = time.monotonic()

    def rest(*_: object) -> None:
        nonlocal ended
        _finish(device)
        time.sleep((time.monotonic() - ended) * (1 / share - 1))
        ended = time.monotonic()

    for layer in model.layers:
        layer.register_forward_hook(rest)
        layer.register_full_backward_hook(rest)
    while True:
        update(model.loss, optimizer, random_tokens(device, *shape))
        rest()
        yield


def gradient_accumulation(device: str, training: Size, accumulate: int) -> Steps:
    """One optimiser step for ``accumulate`` small batches."""
    model = decoder(device, training["layers"], training["width"], training["vocabulary"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    shape = (training["batch"], training["length"] + 1, training["vocabulary"])
    while True:
        for _ in range(accumulate - 1):
            model.loss(random_tokens(device, *shape)).backward()
            yield
        update(model.loss, optimizer, random_tokens(device, *shape))
        yield


def frequent_checkpoints(device: str, training: Size, every: int) -> Steps:
    """All weights go to the host after every ``every`` steps, so that power dips out of rhythm."""
    model = decoder(device, training["layers"], training["width"], training["vocabulary"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    shape = (training["batch"], training["length"] + 1, training["vocabulary"])
    while True:
        for _ in range(every):
            update(model.loss, optimizer, random_tokens(device, *shape))
            yield
        torch.save({name: weight.cpu() for name, weight in model.state_dict().items()}, io.BytesIO())


def interleaved(device: str, training: Size, serving: Size, train_s: float, serve_s: float) -> Steps:
    """Turns of training and of generating text, in fixed times."""
    steps, cover = pretraining(device, **training), decode(device, **serving)
    while True:
        yield from _lasting(steps, train_s)
        yield from _lasting(cover, serve_s)


def dilution(device: str, training: Size, serving: Size, cover_per_step_time: float) -> Steps:
    """For every second of training ``cover_per_step_time`` seconds of serving requests at random."""
    steps, cover = pretraining(device, **training), batched_serving(device, **serving)
    while True:
        began = time.monotonic()
        next(steps)
        _finish(device)
        yield
        yield from _lasting(cover, cover_per_step_time * (time.monotonic() - began))


def stochastic(device: str, training: Size, most_s: float) -> Steps:
    """Bursts and rests of random length, and a random share of each batch."""
    sizes = [training | {"batch": max(1, training["batch"] // part)} for part in (1, 2, 4)]
    variants = [pretraining(device, **size) for size in sizes]
    while True:
        yield from _lasting(random.choice(variants), random.uniform(0, most_s))
        time.sleep(random.uniform(0, most_s))


def memory_minimal(device: str, training: Size) -> Steps:
    """Momentum-free descent on a small batch, so that there is no optimiser state to see."""
    model = decoder(device, training["layers"], training["width"], training["vocabulary"])
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    while True:
        tokens = random_tokens(device, 1, training["length"] + 1, training["vocabulary"])
        update(model.loss, optimizer, tokens)
        if device.startswith("cuda"):
            torch.cuda.empty_cache()
        yield


def fft_mimicry(device: str, training: Size, grid: int, host_every: int, per_step: int) -> Steps:
    """``per_step`` spectral steps, with their copies to the host, around each training step."""
    steps, cover = pretraining(device, **training), spectral(device, grid, host_every)
    while True:
        next(steps)
        yield
        for _ in range(per_step):
            next(cover)
            yield


def _lasting(steps: Steps, seconds: float) -> Steps:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        next(steps)
        yield


def _finish(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()
