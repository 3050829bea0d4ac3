"""Is permitted work over nodes called training for want of votes?

``python -m tallystick.trials.runs_over_nodes``. A run over two nodes or more is called training where the
votes of its windows do not decide (``workloads.run_class``). Here corpora of permitted work that may span
nodes, on seeds that nothing was fitted on, go through the shipped model and the run finder. Printed by
family: found runs over nodes, how many the votes left open and lock-step therefore called training, how many
the votes themselves called training, and how far apart what their ports send and receive is. Everything here
is simulated, and the model knows all of these kinds.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.records.subject import JobRecord, SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.telemetry.source import Source
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.judged_runs import observed
from tallystick.trials.labels import TruthOfSite
from tallystick.units import PPM
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.run_class import class_of_run, nodes_of
from tallystick.workloads.runs import FoundRun

SEEDS, HOURS = range(18_600, 18_624), 2
#: Permitted kinds of work that may take several nodes.
KINDS = tuple(k for k in CATALOGUE if not k.workload.is_training and k.most_nodes > 1)


@dataclass(frozen=True, slots=True)
class RunOverNodes:
    """A found run on two nodes or more, none of whose jobs trains: ``voted`` is the class by votes alone."""

    family: str
    called: WorkloadClass | None
    voted: WorkloadClass | None
    port_imbalance_ppm: int | None


def runs_over_nodes(sources: Iterator[Source], classifier: Classifier) -> Iterator[RunOverNodes]:
    """The runs found over nodes, under the family of the job that has most of their subjects and time."""
    for number, source in enumerate(sources):
        site = source.inventory()
        subjects = {s.name: s for s in site}
        labels, truth = TruthOfSite(source, number, 0).labels, source.truth()
        runs, _ = observed(source, classifier)
        for run in runs:
            chosen = tuple(subjects[name] for name in run.subjects)
            shared = [(_in_common(run, job), label.family) for label, job in zip(labels, truth, strict=False)]
            common, family = max(shared, default=(0, ""))
            accelerators = all(s.kind is SubjectKind.ACCELERATOR for s in chosen)
            if common and accelerators and nodes_of(site, chosen) > 1:
                voted = class_of_run(chosen, run.votes, 1)
                yield RunOverNodes(family, run.workload, voted, run.port_imbalance_ppm)


def _in_common(run: FoundRun, job: JobRecord) -> int:
    both = max(0, min(run.end_ns, job.end_ns) - max(run.start_ns, job.start_ns))
    return len(set(run.subjects) & set(job.subjects)) * both


def lines(found: Sequence[RunOverNodes]) -> Iterator[str]:
    """One line a family, then one for all."""
    groups = defaultdict(list)
    for run in found:
        groups[run.family].append(run)
    for family, group in [*sorted(groups.items()), ("all", list(found))]:
        by_votes = sum(r.voted is not None and r.voted.is_training for r in group)
        by_silence = sum(r.voted is None and r.called is not None and r.called.is_training for r in group)
        apart = sorted(r.port_imbalance_ppm for r in group if r.port_imbalance_ppm is not None)
        ports = f"{len(apart)} with traffic of ports"
        if apart:
            ports += f", {apart[0] / PPM:.4f} to {apart[-1] / PPM:.4f} apart"
        yield (
            f"{family:<28} {len(group):4} runs over nodes: {by_silence} called training where votes are "
            f"silent, {by_votes} by votes; {ports}"
        )


def main() -> None:
    """Print the table."""
    print(f"simulated sites, seeds {SEEDS.start} to {SEEDS.stop - 1}, {HOURS} hours")
    print("\n".join(lines(list(runs_over_nodes(corpus_sites(SEEDS, KINDS, HOURS), Classifier.load())))))


if __name__ == "__main__":
    main()
