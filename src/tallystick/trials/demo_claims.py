"""What a simulated operator claims of its period: which runs make a lineage, and what it proves of them.

Nothing simulates whose model a run trains. So runs are spread over lineages, the longest first, each where
least is, as an operator would group them that wants to show as much as it can.
"""

from collections.abc import Sequence

from tallystick.claims.cap import Cap
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.statement import ClaimStatement
from tallystick.errors import InputError
from tallystick.records.subject import JobRecord
from tallystick.site.claims import Claimant
from tallystick.site.directory import SiteDirectory
from tallystick.site.lineages import Lineages, read_lineages, write_lineages

#: Claimed agreement with the sealed meter.
ENERGY_PPM = 50_000
#: The hard bound first; where a claim does not hold by it, the operator's estimate.
FIGURES = (Figure.TIME_BOUND, Figure.ESTIMATE)


def spread_over_lineages(site: SiteDirectory) -> None:
    """Give each declared training run a lineage, if the site keeps a matrix with any."""
    if site.plan is None or not site.plan.meanings:
        return
    kept = read_lineages(site.path, site.plan)
    write_lineages(site.path, _spread(kept, site.read_jobs("jobs.json")))


def prove_claims(site: SiteDirectory, label: str, cap_flop: int) -> None:
    """Prove what is true: no lineage above the cap, energy as metered, and how much time trained."""
    if site.plan is None:
        return
    claimant = Claimant(site, label)
    claimant.claim([*_true_cap(claimant, cap_flop), *_energy(claimant), claimant.prover.balance()])


def _spread(lineages: Lineages, jobs: Sequence[JobRecord]) -> Lineages:
    load = [0] * lineages.columns
    training = [job for job in jobs if job.workload.is_training]
    for job in sorted(training, key=lambda job: (-_size(job), job.job)):
        at = load.index(min(load))
        load[at] += _size(job)
        lineages = lineages.with_jobs(f"lineage {at + 1}", [job.job])
    return lineages


def _size(job: JobRecord) -> int:
    return len(job.subjects) * (job.end_ns - job.start_ns)


def _true_cap(claimant: Claimant, cap_flop: int) -> list[ClaimStatement]:
    for figure in FIGURES:
        statement = Cap(figure, cap_flop)
        try:
            claimant.prover.prove(statement)
        except InputError:
            continue
        return [statement]
    return []


def _energy(claimant: Claimant) -> list[ClaimStatement]:
    if claimant.meter is None:
        return []
    statement = Energy(claimant.record.context.sites[0].site, claimant.meter, ENERGY_PPM)
    try:
        claimant.prover.prove(statement)
    except InputError:
        return []
    return [statement]
