"""The site's nodes, their names and its inventory."""

from dataclasses import dataclass, replace

from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.simulation.chip import H100, SimulatedChip
from tallystick.simulation.signals import ACCELERATORS_PER_NODE

METER_NAME = "meter-site"

#: Subjects of one node in the inventory: the node, then its accelerators.
SUBJECTS_PER_NODE = 1 + ACCELERATORS_PER_NODE


@dataclass(frozen=True, slots=True)
class SiteLayout:
    """A site of ``nodes`` nodes of eight accelerators each, behind one sealed meter."""

    nodes: int
    chip: SimulatedChip = H100

    def node_name(self, node: int) -> str:
        """``n003``: wide enough that names sort as numbers do."""
        return f"n{node:0{max(3, len(str(self.nodes - 1)))}d}"

    def accelerator_names(self, node: int) -> tuple[str, ...]:
        """``n003-a0`` to ``n003-a7``."""
        return tuple(f"{self.node_name(node)}-a{rank}" for rank in range(ACCELERATORS_PER_NODE))

    def inventory(self, interval_ns: int, joined_ns: int, left_ns: int) -> tuple[Subject, ...]:
        """All subjects sorted by name: the meter, then each node followed by its accelerators.

        They join when the simulation begins and leave when it ends.
        """
        names = tuple(self.node_name(node) for node in range(self.nodes))
        meter = Subject(
            METER_NAME, SubjectKind.METER, "", names, "simulated-meter", Trust.SEALED, interval_ns, joined_ns
        )
        subjects = [meter]
        for node, name in enumerate(names):
            ranks = self.accelerator_names(node)
            subjects.append(self._operators(name, SubjectKind.NODE, ranks, interval_ns, joined_ns))
            subjects += [
                self._operators(rank, SubjectKind.ACCELERATOR, (rank,), interval_ns, joined_ns)
                for rank in ranks
            ]
        return tuple(replace(s, left_ns=left_ns) for s in subjects)

    def _operators(
        self, name: str, kind: SubjectKind, covers: tuple[str, ...], interval_ns: int, joined_ns: int
    ) -> Subject:
        """A subject for which the operator vouches."""
        node = kind is SubjectKind.NODE
        hardware = self.chip.node if node else self.chip.accelerator
        source = "simulated-bmc" if node else "simulated-dcgm"
        return Subject(name, kind, hardware, covers, source, Trust.OPERATOR, interval_ns, joined_ns)
