"""Which column of the matrix the operator counts a run in: private, and fixed by the log once it is used.

Spare lineages were committed when the log began. The first run that is given a lineage's name takes the next
spare column; runs without one count as *other training*.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tallystick.accounting.columns import OTHER_TRAINING
from tallystick.errors import FormatError, InputError
from tallystick.evidence.matrix.columns import ColumnOpening, ColumnPlan, plan_columns, spare_identifier
from tallystick.whole_file import read_file, write_whole

FILE = "private/lineages.json"
MAX_BYTES = 1 << 26


@dataclass(frozen=True)
class Lineages:
    """``names`` are the operator's own names of lineages, by column; ``jobs`` the lineage of each run."""

    first_column: int
    columns: int
    names: tuple[str, ...]
    jobs: dict[str, str]

    def column(self, job: str) -> int:
        """The column of training in ``job``."""
        name = self.jobs.get(job)
        return OTHER_TRAINING if name is None else self.first_column + self.names.index(name)

    def with_jobs(self, name: str, jobs: Sequence[str]) -> "Lineages":
        """The same with ``jobs`` in the lineage ``name``.

        Raises InputError where a job has another lineage, and where no column is left.
        """
        for job in jobs:
            if self.jobs.get(job, name) != name:
                raise InputError(f"{job} belongs to {self.jobs[job]}", mend="a run stays in its lineage")
        names = self.names if name in self.names else (*self.names, name)
        if len(names) > self.columns:
            raise InputError(
                f"all {self.columns} lineages have names: {', '.join(self.names)}",
                mend="count the run as other training, by giving it none; a new site may plan more columns",
            )
        return Lineages(self.first_column, self.columns, names, {**self.jobs, **dict.fromkeys(jobs, name)})


def plan_of(secret: bytes, operator: str, lineages: int) -> tuple[ColumnPlan, tuple[ColumnOpening, ...]]:
    """The plan of a new log, with spare lineages only, and what opens it."""
    first = len(ColumnPlan(operator, False, ()).roles)
    identifiers = [spare_identifier(secret, operator, column) for column in range(first, first + lineages)]
    return plan_columns(operator, identifiers, secret)


def read_lineages(folder: Path, plan: ColumnPlan) -> Lineages:
    """What the operator keeps of its lineages. Raises FormatError for a damaged file."""
    path = folder / FILE
    first, columns = plan.first_lineage, len(plan.meanings)
    if not path.exists():
        return Lineages(first, columns, (), {})
    try:
        kept = json.loads(read_file(path, MAX_BYTES))
        names, jobs = tuple(map(str, kept["names"])), {str(j): str(n) for j, n in kept["jobs"].items()}
        if len(names) > columns or not set(jobs.values()) <= set(names):
            raise ValueError("names do not fit the columns")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FormatError(f"damaged ({error})", where=str(path), mend="restore it from a backup") from error
    return Lineages(first, columns, names, jobs)


def write_lineages(folder: Path, lineages: Lineages) -> None:
    """Keep them, readable by their owner alone."""
    kept = {"names": list(lineages.names), "jobs": lineages.jobs}
    write_whole(folder / FILE, json.dumps(kept, indent=1).encode(), mode=0o600)
