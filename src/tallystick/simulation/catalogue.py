"""All kinds of honest work that can be simulated."""

from tallystick.simulation.inference_kinds import INFERENCE_KINDS
from tallystick.simulation.other_kinds import IDLE_KINDS, OTHER_KINDS
from tallystick.simulation.training_kinds import TRAINING_KINDS
from tallystick.simulation.work_kind import WorkKind

CATALOGUE: tuple[WorkKind, ...] = (*TRAINING_KINDS, *INFERENCE_KINDS, *OTHER_KINDS, *IDLE_KINDS)
