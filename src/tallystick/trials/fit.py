"""Fits the shipped classifier on simulated work: ``python -m tallystick.trials.fit [MODEL]``.

Two kinds of sites: those of the scenarios, in which jobs come and go, and a corpus of many kinds of work,
honest and evasive. Seeds 0 to 999 are never touched: demonstrations and trials use them. Demand on serving is
the built-in Poisson model throughout, so that real request traces stay unseen and the same libraries give the
same bytes on any machine; the file, not this program, is what an inspection pins.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tallystick.records.subject import SubjectKind
from tallystick.simulation.source import open_simulation
from tallystick.telemetry.source import Source
from tallystick.trials.fitting import fit_kind
from tallystick.trials.labels import labelled_windows
from tallystick.whole_file import write_whole
from tallystick.workloads.model import FORMAT, encode_model, parse_model

FIT_SEEDS = range(1000, 1600)
CALIBRATION_SEEDS = range(3000, 3080)
CARD = {
    "purpose": "Tells for each five-minute window of an accelerator, or of a node's power, which of five "
    "classes of work it may have been. One window decides nothing; runs do.",
    "fitted_on": "Simulated sites only (python -m tallystick.trials.fit): no real telemetry.",
    "calibrated_on": "Other seeds of the same simulated sites.",
    "limits": "Coverage holds for windows like the calibration windows. For kinds of work that were never "
    "simulated see tallystick bench workloads. One node's wall power rarely tells training from serving.",
}


def simulated_sites(
    seeds: range, accelerators: int = 64, hours: int = 4, traces: str = "off"
) -> Iterator[Source]:
    """Many small sites, since jobs differ more than hours do; scenario and cadence go by the seed."""
    for seed in seeds:
        scenario = "relabel" if seed % 2 else "honest"
        interval = (10, 10, 5, 2)[seed % 4]
        yield open_simulation(
            f"{scenario},seed={seed},accelerators={accelerators},hours={hours},interval={interval},traces={traces}"
        )


def fit() -> bytes:
    """The bytes of a new model file."""
    models = {}
    for kind in (SubjectKind.ACCELERATOR, SubjectKind.NODE):
        fitting = labelled_windows(simulated_sites(FIT_SEEDS), kind)
        calibration = labelled_windows(simulated_sites(CALIBRATION_SEEDS), kind)
        models[kind.value] = fit_kind(fitting, calibration).encoded()
    data = encode_model({"card": CARD, "format": FORMAT, "models": models})
    parse_model(data, "the new model")
    return data


def main() -> None:
    """Writes the model to the path given, or over the shipped one."""
    shipped = Path(__file__).parents[1] / "workloads" / "model.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped
    data = fit()
    write_whole(path, data)
    print(f"{path}: {len(data)} bytes")


if __name__ == "__main__":
    main()
