"""Rendering in the manner of a ray marcher: rays step through a field of spheres, frame by frame."""

import time
from collections.abc import Iterator

import torch


@torch.no_grad()
def ray_marching(device: str, pixels: int, marches: int, frames_per_s: float) -> Iterator[None]:
    """Frames of ``pixels`` a side, ``frames_per_s`` a second, or as many as there can be where that is 0."""
    side = torch.linspace(-1, 1, pixels, device=device)
    up, across = torch.meshgrid(side, side, indexing="ij")
    towards = torch.nn.functional.normalize(torch.stack((across, up, torch.ones_like(up)), -1), dim=-1)
    angle, due = 0.0, time.monotonic()
    while True:
        at = torch.zeros_like(towards) + torch.tensor([angle, 0.0, -3.0], device=device)
        for _ in range(marches):
            distance = ((at + 2) % 4 - 2).norm(dim=-1, keepdim=True) - 0.7
            at = at + towards * distance
        ((at.sin() + 1) * 127).to(torch.uint8).cpu()
        angle += 0.05
        yield
        if frames_per_s:
            due = max(due + 1 / frames_per_s, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))
