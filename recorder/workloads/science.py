"""High-performance computing: spectral steps by FFT, and a heat equation on a grid."""

from collections.abc import Iterator

import torch
from torch.nn import functional


@torch.no_grad()
def spectral(device: str, grid: int, host_every: int) -> Iterator[None]:
    """A wave on a periodic cube of ``grid`` points a side, copied to the host every ``host_every`` steps."""
    field = torch.randn(grid, grid, grid, device=device)
    numbers = torch.fft.fftfreq(grid, device=device) * grid
    squared = numbers[:, None, None] ** 2 + numbers[:, None] ** 2 + numbers**2
    propagator = torch.exp(-1j * 1e-4 * squared)
    wave, step = field.to(torch.complex64), 0
    while True:
        wave = torch.fft.ifftn(torch.fft.fftn(wave) * propagator)
        wave = wave * torch.exp(-1j * 1e-4 * wave.abs() ** 2)
        step += 1
        if step % host_every == 0:
            wave.abs().cpu()
        yield


@torch.no_grad()
def stencil(device: str, grid: int, sweeps: int) -> Iterator[None]:
    """Jacobi sweeps of seven points on a cube in float64, with a residual after every ``sweeps`` sweeps."""
    shape = (1, 1, grid, grid, grid)
    heat = torch.rand(shape, device=device, dtype=torch.float64)
    while True:
        before = heat
        for _ in range(sweeps):
            wide = functional.pad(heat, (1, 1, 1, 1, 1, 1), mode="circular")
            inner = slice(1, -1)
            heat = (
                wide[..., :-2, inner, inner]
                + wide[..., 2:, inner, inner]
                + wide[..., inner, :-2, inner]
                + wide[..., inner, 2:, inner]
                + wide[..., inner, inner, :-2]
                + wide[..., inner, inner, 2:]
            ) / 6
            yield
        float((heat - before).abs().max())
