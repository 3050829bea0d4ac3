"""Power of an H100 and of its node as a function of what they do.

A linear model in the activity of tensor cores, memory and multiprocessors, capped at the rated power.
Its constants were set from public figures, not from any detector: bare idle 60-75 W and 100 W with a
model loaded (AcmeTrace, arXiv 2403.07648, power distributions); 700 W rated (NVIDIA H100 data sheet);
nodes of 2.1 kW idle, 5.8 kW in 8-node LoRA and 6.9 kW in 64-node GPT-3 training (MLPerf training v4.0
power, derived from MLPerf logs, not verified by MLCommons Association).
"""

from tallystick.simulation.signals import Float32

IDLE_W = 70.0
RATED_W = 700.0
#: A context and a model in memory keep clocks and memory awake.
LOADED_W = 44.0
TENSOR_W = 620.0
DRAM_W = 260.0
SM_W = 180.0

#: Mainboard, processors, network cards, switches and fans at rest, per node.
HOST_LEAST_W, HOST_MOST_W = 1320.0, 1500.0
#: Fans and power-supply losses per watt of the accelerators above idle.
HOST_PER_DYNAMIC_W = 0.05


def dynamic_w(tensor: float, dram: float, sm: float) -> float:
    """Watts above a loaded accelerator for a phase of constant activity, capped at the rated power."""
    wanted = TENSOR_W * tensor + DRAM_W * dram + SM_W * sm
    return min(wanted, RATED_W - IDLE_W - LOADED_W)


def node_w(accelerators_w: Float32, host_w: Float32, idle_w: float = IDLE_W) -> Float32:
    """True AC power (nodes, ticks) of nodes: accelerators (nodes, 8, ticks) and host (nodes, ticks)."""
    total = accelerators_w.sum(axis=1)
    resting = accelerators_w.shape[1] * idle_w
    node: Float32 = total + host_w + HOST_PER_DYNAMIC_W * (total - resting).clip(min=0)
    return node
