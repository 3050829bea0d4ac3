"""Training runs with known model FLOP, from MLPerf logs: what an inspector sees, and the truth."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as parquet

from tallystick.accounting.chips import chip

NOTICE = "derived from MLPerf logs, not verified by MLCommons Association"
FILE = Path("mlperf_training_runs") / "runs.parquet"
#: The names in the logs and the chips they are. A name not here has no row in the chip table.
CHIP_OF_ACCELERATOR = {
    "AMD Instinct MI300X 192GB HBM3": "mi300x",
    "AMD Instinct MI325X 256GB HBM3E DLC": "mi325x",
    "AMD Instinct MI325X 256GB HBM3e": "mi325x",
    "Intel Gaudi2": "gaudi2",
    "Intel(R) Gaudi(R) 2 AI Accelerator": "gaudi2",
    "NVIDIA A100-SXM4-80GB": "a100-sxm4-80",
    "NVIDIA Blackwell GPU (B200-SXM-180GB)": "b200-sxm",
    "NVIDIA Blackwell GPU (GB200)": "gb200",
    "NVIDIA H100-SXM-80GB": "h100-sxm",
    "NVIDIA H100-SXM5-80GB": "h100-sxm",
    "NVIDIA H200-NVL-141GB": "h200-nvl",
    "NVIDIA H200-SXM5-141GB": "h200-sxm",
    "NVIDIA L40S": "l40s",
    "TPU-v5e": "tpu-v5e",
    "TPU-v5p": "tpu-v5p",
}
_COLUMNS = ["run_id", "submitter", "system", "accelerator", "benchmark", "n_acc", "duration_s", "model_flop"]

Texts = npt.NDArray[np.str_]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class KnownRuns:
    """Columns of equal length, one row a run. ``system`` joins submitter and system.

    ``benchmark`` is for unit weights only: an inspector does not know it and no estimate uses it.
    """

    run_id: Texts
    submitter: Texts
    system: Texts
    chip: Texts
    generation: Texts
    benchmark: Texts
    accelerators: Floats
    seconds: Floats
    flop: Floats

    def __len__(self) -> int:
        return len(self.run_id)

    @property
    def reference_flop(self) -> Floats:
        """What the run would compute at the dense BF16 peak."""
        peak = np.array([float(chip(key).reference_flop_per_s) for key in self.chip])
        return peak * self.accelerators * self.seconds

    @property
    def log_share(self) -> Floats:
        """Logarithm of the share of the BF16 peak that was reached."""
        return np.asarray(np.log(self.flop / self.reference_flop))

    def chosen(self, rows: Bools) -> "KnownRuns":
        """The rows that ``rows`` marks."""
        return replace(self, **{name: column[rows] for name, column in vars(self).items()})


def known_runs(data: Path) -> KnownRuns:
    """Runs with a duration and known FLOP in the folder of reference data (881 of its 882 with FLOP)."""
    rows = [
        row
        for row in parquet.read_table(data / FILE, columns=_COLUMNS).to_pylist()
        if row["model_flop"] == row["model_flop"] and row["model_flop"] and row["duration_s"]
        if row["duration_s"] == row["duration_s"] and row["accelerator"] in CHIP_OF_ACCELERATOR
    ]
    chips = [CHIP_OF_ACCELERATOR[row["accelerator"]] for row in rows]

    def texts(column: str) -> Texts:
        return np.array([row[column] for row in rows])

    return KnownRuns(
        run_id=texts("run_id"),
        submitter=texts("submitter"),
        system=np.array([f"{row['submitter']} {row['system']}" for row in rows]),
        chip=np.array(chips),
        generation=np.array([chip(key).generation for key in chips]),
        benchmark=texts("benchmark"),
        accelerators=np.array([row["n_acc"] for row in rows], dtype=np.float64),
        seconds=np.array([row["duration_s"] for row in rows], dtype=np.float64),
        flop=np.array([row["model_flop"] for row in rows], dtype=np.float64),
    )
