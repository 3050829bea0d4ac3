"""Evidence on found runs: only windows declared as other work are bet on."""

from dataclasses import replace

from tests.conftest import Pair

from tallystick.records.workload import WorkloadClass
from tallystick.site.account import observe
from tallystick.site.found_runs import describe_runs
from tallystick.site.period import parse_period


def test_declared_training_has_nothing_to_bet_on_until_it_is_called_inference(ingested: Pair) -> None:
    site = ingested.site
    observed = observe(site, parse_period("all", dict(site.log.sealed)))
    jobs = site.read_jobs("jobs.json")
    training = {job.job for job in jobs if job.workload.is_training}
    lies = [replace(job, workload=WorkloadClass.INFERENCE) for job in jobs]
    honest, lying = describe_runs(observed, jobs), describe_runs(observed, lies)
    assert [run.id for run in honest] == [run.id for run in lying]
    seen = 0
    for true, false in zip(honest, lying, strict=True):
        assert true.evidence is not None
        assert false.evidence is not None
        if true.declared and training.issuperset(true.declared) and false.evidence.windows >= 12:
            seen += 1
            assert false.evidence.windows > true.evidence.windows
            assert false.evidence.log2_most > true.evidence.log2_most
        elif training.isdisjoint(true.declared):
            assert true.evidence == false.evidence
        assert true.evidence.passed_ns is None
    assert seen
