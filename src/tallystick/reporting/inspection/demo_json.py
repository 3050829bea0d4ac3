"""The JSON object of ``tallystick demo --json``. FLOP are decimal strings."""

from pathlib import Path
from typing import Any

from tallystick.accounting.run_reference import run_reference
from tallystick.inspection.run_check import FALSE_PPM, DeclaredRun
from tallystick.reporting.inspection import limits, plain_words
from tallystick.reporting.inspection.exchange import exchanged
from tallystick.trials.mutual import Inspected, Mutual, opened_share


def demo_json(mutual: Mutual, report: Path) -> dict[str, Any]:
    """Everything that the report says, for programs."""
    opened, population = opened_share(mutual.inspections)
    return {
        "report": str(report.resolve()),
        "simulated": True,
        "seed": mutual.seed,
        "cap_flop": str(mutual.terms.cap_flop),
        "significant_flop": str(mutual.terms.significant_flop),
        "sites": [_site(i, mutual) for i in mutual.inspections],
        "revealed": {
            "entries": opened,
            "population": population,
            "quarter_hours": sum(map(plain_words.quarter_hours, mutual.inspections)),
        },
        "unproven": list(limits.UNPROVEN),
        "seconds": {name: round(seconds, 3) for name, seconds in mutual.steps},
    }


def _site(inspected: Inspected, mutual: Mutual) -> dict[str, Any]:
    account, inspection = inspected.account, inspected.inspection
    files = exchanged(inspected)
    outcome = inspection.report.as_json()
    reference = account.reference
    return {
        "name": account.party.name,
        "inspector": inspected.inspector,
        "conclusion": plain_words.conclusion_of(inspection).value,
        **{key: str(file.path.resolve()) for key, file in files.items()},
        "declared": {
            "accelerators": account.declaration.accelerators,
            "training_flop": account.declaration.training_flop.as_json(),
            "largest_run_flop": account.declaration.largest_run_flop.as_json(),
            "energy_mj": str(account.declaration.energy_mj),
        },
        "findings": outcome["findings"],
        "checks": outcome["checks"],
        "claims": outcome["claims"],
        "facts": [fact.as_json() for fact in inspection.report.facts],
        "odds": _odds(inspected, mutual),
        "evidence": _evidence(inspected),
        "revealed": {
            "entries": len(inspected.drawn.entries),
            "population": inspected.planned.population,
            "quarter_hours": plain_words.quarter_hours(inspected),
        },
        "reference": {
            "adjusted_rand": reference.adjusted_rand,
            "adjusted_rand_all": reference.adjusted_rand_all,
            "true_runs": reference.true_runs,
            "found_runs": reference.found_runs,
        }
        if reference
        else None,
        "samples": account.samples,
        "request_model": account.request_model,
    }


def _evidence(inspected: Inspected) -> dict[str, Any]:
    """Evidence on runs declared as other work than training: what the inspector recomputed from opened
    entries, and, private to the operator, that of the runs found in all of his telemetry.
    """
    found = [run for run in inspected.account.runs if run.evidence is not None and run.evidence.windows]
    return {
        "false_ppm": FALSE_PPM,
        "void_outside": list(run_reference().outside),
        "reference": run_reference().hash,
        "declared_runs": [_declared_run(run) for run in inspected.inspection.declared_runs],
        "operator_runs": [
            {
                "id": run.id,
                "accelerators": run.accelerators,
                "declared": list(run.declared),
                "evidence": run.evidence.as_json() if run.evidence else None,
            }
            for run in found
        ],
    }


def _declared_run(run: DeclaredRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "declared": list(run.workloads),
        "entries": run.entries,
        "named": run.named,
        "evidence": run.evidence.as_json() if run.evidence else None,
    }


def _odds(inspected: Inspected, mutual: Mutual) -> dict[str, Any]:
    """Detection planned before the opening and reached with it; None where no judgement was made."""
    judgement = inspected.inspection.judgement
    return {
        "significant_quantity_flop": str(inspected.planned.challenge.significant_quantity_flop),
        "detection_planned": inspected.planned.detection,
        "detection": judgement.odds if judgement else None,
        "sensitivity_assumed": mutual.terms.sensitivity,
        "false_rate_assumed": mutual.terms.false_rate,
        "opened": judgement.opened if judgement else None,
        "contradicting": len(judgement.contradicting) if judgement else None,
        "untested": judgement.untested if judgement else None,
        "alarm_at": judgement.threshold if judgement else None,
        "bound_flop": str(judgement.bound_flop) if judgement else None,
    }
