"""The accelerators that can be simulated, as differences from an H100.

Processes speak of activity and of an H100's watts; a chip scales watts, memory and traffic. Rated power
and memory are the vendor's (NVIDIA data sheets of A100 80GB SXM4, H100 SXM5, H200 SXM and
B200 SXM), as is the rate of ports (DGX A100: half that of DGX H100); idle
power of others than the H100 is assumed.
"""

from dataclasses import dataclass

from tallystick.simulation.power import IDLE_W, RATED_W
from tallystick.simulation.signals import Float32, Quantity


@dataclass(frozen=True, slots=True)
class SimulatedChip:
    """``idle_w`` and ``rated_w`` of one accelerator, its memory, and its link rates over an H100's.

    ``port_scale`` is that of the node's InfiniBand ports.
    """

    accelerator: str
    node: str
    idle_w: float
    rated_w: float
    memory_bytes: float
    link_scale: float
    port_scale: float = 1.0

    @property
    def watts_scale(self) -> float:
        """Watts above idle over those of an H100 that does the same."""
        return (self.rated_w - self.idle_w) / (RATED_W - IDLE_W)

    def scaled(self, signals: Float32) -> Float32:
        """``signals`` (quantities, nodes, 8, ticks) of an H100 as those of this chip, in place."""
        signals[Quantity.POWER_W] *= self.watts_scale
        signals[Quantity.MEMORY_BYTES] *= self.memory_bytes / 80e9
        signals[Quantity.NVLINK_TX] *= self.link_scale
        signals[Quantity.NVLINK_RX] *= self.link_scale
        signals[Quantity.INFINIBAND_TX] *= self.port_scale
        signals[Quantity.INFINIBAND_RX] *= self.port_scale
        return signals


H100 = SimulatedChip("h100-sxm", "hgx-h100-8", IDLE_W, RATED_W, 80e9, 1.0)
CHIPS = {
    chip.accelerator: chip
    for chip in (
        H100,
        SimulatedChip("a100-sxm4-80", "hgx-a100-8", 55.0, 400.0, 80e9, 2 / 3, 0.5),
        SimulatedChip("h200-sxm", "hgx-h200-8", 75.0, 700.0, 141e9, 1.0),
        SimulatedChip("b200-sxm", "hgx-b200-8", 140.0, 1000.0, 180e9, 2.0),
    )
}
