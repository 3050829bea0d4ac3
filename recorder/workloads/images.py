"""Image work: training a residual network, training and sampling a diffusion U-Net."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from workloads.transformer import precision


class Block(nn.Module):
    """Two convolutions with a residual."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.first, self.second = (
            nn.Conv2d(before, after, 3, padding=1),
            nn.Conv2d(after, after, 3, padding=1),
        )
        self.around = nn.Conv2d(before, after, 1)
        self.norm = nn.GroupNorm(min(8, after), after)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, before, height, width) to (batch, after, height, width)."""
        return self.around(x) + self.second(functional.silu(self.norm(self.first(x))))


class UNet(nn.Module):
    """Down three times, up three times, with a skip at each size."""

    def __init__(self, width: int) -> None:
        super().__init__()
        sizes = (width, 2 * width, 4 * width)
        self.down = nn.ModuleList(Block(a, b) for a, b in zip((3, *sizes), sizes, strict=False))
        self.up = nn.ModuleList(
            Block(a + b, b) for a, b in zip((4 * width, 4 * width, 2 * width), sizes[::-1], strict=True)
        )
        self.out = nn.Conv2d(width, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        """The noise in (batch, 3, pixels, pixels)."""
        kept = []
        for block in self.down:
            x = block(x)
            kept.append(x)
            x = functional.avg_pool2d(x, 2)
        for block in self.up:
            x = block(torch.cat((functional.interpolate(x, scale_factor=2), kept.pop()), 1))
        return self.out(x)


def diffusion_training(device: str, width: int, batch: int, pixels: int) -> Iterator[None]:
    """The U-Net learns to tell the noise that was added."""
    model = UNet(width).to(device=device, dtype=precision(device))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    while True:
        images, noise = torch.randn(2, batch, 3, pixels, pixels, device=device, dtype=precision(device))
        functional.mse_loss(model(images + noise), noise).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        yield


@torch.no_grad()
def diffusion_sampling(device: str, width: int, batch: int, pixels: int, denoise: int) -> Iterator[None]:
    """Images from noise in ``denoise`` passes each."""
    model = UNet(width).to(device=device, dtype=precision(device))
    while True:
        images = torch.randn(batch, 3, pixels, pixels, device=device, dtype=precision(device))
        for _ in range(denoise):
            images = images - model(images) / denoise
            yield
        (images.clamp(-1, 1) * 127).to(torch.int8).cpu()


def vision_training(device: str, width: int, batch: int, pixels: int, blocks: int) -> Iterator[None]:
    """A residual classifier with momentum, its images coming from host memory."""
    stages = [Block(3, width)]
    for _ in range(blocks):
        stages += [Block(width, 2 * width), nn.AvgPool2d(2)]
        width *= 2
    model = nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 1000))
    model = model.to(device=device, dtype=precision(device))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    while True:
        images = torch.rand(batch, 3, pixels, pixels).to(device=device, dtype=precision(device))
        classes = torch.randint(1000, (batch,), device=device)
        functional.cross_entropy(model(images).float(), classes).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        yield
