"""What a sensor observes, and what the operator's scheduler says ran on it."""

from dataclasses import dataclass
from enum import StrEnum

from tallystick.records.workload import WorkloadClass


class SubjectKind(StrEnum):
    """Kinds of things that are observed."""

    ACCELERATOR = "accelerator"
    NODE = "node"
    METER = "meter"


class Trust(StrEnum):
    """Who vouches for a reading."""

    OPERATOR = "operator"
    SEALED = "sealed"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Subject:
    """One observed accelerator, node or meter, named by a pseudonym unique within its site.

    ``hardware`` is a key of the hardware table, empty for a meter. ``covers`` names the accelerators
    that a node or meter stands for; an accelerator covers itself. ``interval_ns`` is the nominal time
    between two samples. The subject was in the inventory from ``joined_ns`` to ``left_ns``
    (exclusive; 0 where it has not left).
    """

    name: str
    kind: SubjectKind
    hardware: str
    covers: tuple[str, ...]
    source: str
    trust: Trust
    interval_ns: int
    joined_ns: int
    left_ns: int = 0


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as somebody reports it: the operator's scheduler, or a labelled data set.

    ``subjects`` are names of subjects; the job ran on all of them from ``start_ns`` to ``end_ns``
    (exclusive).
    """

    job: str
    subjects: tuple[str, ...]
    start_ns: int
    end_ns: int
    workload: WorkloadClass
