"""Operators whose account is in perfect form and whose words are false: no clean conclusion for them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tallystick.site.account as account
import tallystick.site.close as closing
from tallystick.declarations.bundle import read_bundle
from tallystick.inspection.challenge import Wish, plan_challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.meter import read_meter
from tallystick.inspection.report import Report
from tallystick.inspection.verify import verify
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Conclusion
from tallystick.simulation.source import open_simulation
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest
from tallystick.site.respond import respond
from tallystick.workloads.shipped_model import ShippedModel

SPEC = "relabel,seed=206,accelerators=32,hours=4,traces=off"
QUANTITY = 10**20


@pytest.fixture
def site(tmp_path: Path) -> SiteDirectory:
    SiteDirectory.create(tmp_path / "peer", "Peer", tmp_path / "site")
    made = SiteDirectory.create(tmp_path / "site", "Site", tmp_path / "peer")
    made.use_simulated_clock()
    ingest(made, open_simulation(SPEC))
    return made


def inspected(site: SiteDirectory) -> Report:
    bundle = read_bundle(closing.close(site, "all").bundle)
    challenge = plan_challenge(bundle, Wish(QUANTITY, 0.9, 0.9, 0.001, 8, 32), bytes(32)).challenge
    meter = read_meter(site.path / "meter/site.meter")
    return conclude(verify(bundle, meter), challenge, respond(site, challenge), ShippedModel()).report


def relabelled(site: SiteDirectory, jobs: Callable[[Any], Any], patch: pytest.MonkeyPatch) -> Report:
    real = account.declared_labels
    patch.setattr(account, "declared_labels", lambda *given: jobs(real(*given)))
    return inspected(site)


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def test_training_declared_as_inference(site: SiteDirectory) -> None:
    report = inspected(site)
    assert report.conclusion is Conclusion.NOT_CONSISTENT
    assert "F-15" in codes(report)


def test_no_class_stated_for_anything(site: SiteDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    def unstated(labels: Any) -> Any:
        return replace(labels, workloads=(None,) * len(labels.workloads))

    report = relabelled(site, unstated, monkeypatch)
    assert report.conclusion is Conclusion.UNRESOLVED
    assert codes(report) == {"F-15"}


def test_the_truth_in_the_entries_and_none_of_it_in_the_total(
    site: SiteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = {job.job: job for job in site.read_jobs("truth.json")}
    assert any(job.workload.is_training for job in truth.values())
    (site.path / "jobs.json").unlink()
    site.add_jobs("jobs.json", tuple(truth.values()))
    real = closing._declare

    def understated(*given: Any) -> Any:
        declaration = real(*given)
        time_ms = {**declaration.time_ms, "inference": sum(declaration.time_ms.values())}
        for key in declaration.time_ms:
            time_ms[key] = time_ms[key] if key == "inference" else 0
        return replace(declaration, time_ms=time_ms, training_flop=NO_FLOP, largest_run_flop=NO_FLOP)

    monkeypatch.setattr(closing, "_declare", understated)
    report = inspected(site)
    assert "F-17" in codes(report)
    assert report.conclusion is Conclusion.NOT_CONSISTENT
    assert not next(f for f in report.facts if f.name == "training_flop").verified


def test_no_witness_is_no_clean_conclusion(tmp_path: Path) -> None:
    alone = SiteDirectory.create(tmp_path / "alone", "Site", None)
    alone.use_simulated_clock()
    ingest(alone, open_simulation("honest,seed=207,accelerators=16,hours=2,traces=off"))
    assert inspected(alone).conclusion is Conclusion.UNRESOLVED
