"""What of a job's traffic crosses nodes over InfiniBand. All of it follows from the traffic within nodes.

Nothing is drawn at random here, so that jobs are the same with these rows and without. A rate is one
accelerator's share of its node's ports. Storage is taken to have a network of its own.

* Collectives over nodes go in three steps: a reduction within the node, one over nodes among the accelerators
  of equal rank, a gather within the node (hierarchical all-reduce, as BlueConnect, MLSys 2019). Of P bytes an
  accelerator then passes 2 x 7/8 P on within its node and 2 x (n - 1)/n P/8 to other nodes.
* Experts over nodes: a token crosses to a node once and is handed on there to 3.2 experts on average
  (DeepSeek-V3, arXiv 2412.19437, section 3.2.2). What is dispatched comes back combined.
* A port of 400 Gbit/s to an accelerator (NVIDIA's data sheet of the DGX H100: eight ConnectX-7).
* What goes on in the background while ranks compute, and caches over the network, are assumed.

That collectives give back what they take shows in a real cluster of LLM development: in AcmeTrace's Seren
(arXiv 2403.07648; InternLM/AcmeTrace, CC BY 4.0) the distributions of bytes sent and received agree to 0.1 %
at every decile that is not zero, and six tenths of the readings are zero.
"""

from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Float64, Quantity
from tallystick.simulation.training_family import Phase

PORT_BYTES_PER_S = 50e9
#: Experts that a token is handed to within a node, on average.
EXPERTS_PER_NODE = 3.2
#: While ranks compute or evaluate: pipeline activations and reductions behind the compute, as a part of the
#: exposed exchange. Assumed.
BEHIND_COMPUTE = 0.05
#: Cache handed to another node, as a part of what a prompt sends within its node: 0.7 to 3 GB/s an
#: accelerator, within the range of ``disaggregated``. Assumed.
CACHE_OF_LINKS = 1 / 30


def collective_share(nodes: int) -> float:
    """Bytes to other nodes over bytes within the node, for a collective over ``nodes`` nodes."""
    return (nodes - 1) / nodes / (ACCELERATORS_PER_NODE - 1)


def expert_share(nodes: int) -> float:
    """Bytes to other nodes over bytes within the node, for experts spread over ``nodes`` nodes."""
    return (nodes - 1) / nodes / EXPERTS_PER_NODE


def with_reductions(activity: Float64, nodes: int) -> Float64:
    """``activity`` (phases, quantities) of training with what a rank sends to other nodes."""
    table = activity.copy()
    exposed = collective_share(nodes) * table[Phase.COMMUNICATION, Quantity.NVLINK_TX]
    exposed = min(exposed, PORT_BYTES_PER_S)
    table[Phase.COMMUNICATION, Quantity.INFINIBAND_TX] = exposed
    for phase in (Phase.COMPUTE, Phase.EVALUATION):
        table[phase, Quantity.INFINIBAND_TX] = BEHIND_COMPUTE * exposed
    return table
