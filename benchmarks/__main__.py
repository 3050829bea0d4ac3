"""``make bench``: throughput of the stages that matter, each beside a peer in the same run where one exists.

Times on a shared machine drift; the ratios hold. Nothing here is a test.
"""

import os
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from benchmarks import labelling, log_speed, matrix_day, peak_memory, peers, regimes_speed, strategy_speed
from tallystick.declarations.bundle import parse_bundle
from tallystick.evidence.log.tree import MerkleTree
from tallystick.inspection.verify import verify
from tallystick.simulation.source import open_simulation
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest
from tallystick.site.label_hours import label_hours
from tallystick.telemetry.slot_file import read_slot
from tallystick.units import WINDOW_NS

REPEATS = 3
LEAVES = 200_000
SPEC = "honest,seed=500,accelerators=256,hours=2,traces=off"


def best_of(task: Callable[[], object]) -> float:
    """Seconds of the fastest of ``REPEATS`` runs."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return min(times)


def windows_with_pandas(files: list[Path]) -> None:
    """Parquet to the plainest window features with pandas, without any verdict: the peer."""
    import pandas as pd

    for file in files:
        frame = pd.read_parquet(file)
        window = frame["time_ns"] // WINDOW_NS
        numbers = [c for c in frame.columns if c.startswith(("DCGM", "NODE"))]
        frame[numbers].astype("float64").groupby([frame["subject"], window], observed=True).agg(
            ["mean", "std", "min", "max"]
        )


def report_labelling(files: list[Path], samples: int) -> None:
    """Parquet to labelled windows: by stage, with workers, in memory, and beside peers."""
    labelling.report(files, samples)
    if find_spec("pandas") is None:
        print(f"  pandas, features only  {peers.MISSING_EXTRA}")
    else:
        ours = best_of(lambda: list(label_hours(labelling.hours_of(files))))
        pandas = best_of(lambda: windows_with_pandas(files))
        print(
            f"  pandas, features only {samples / pandas:14,.0f} samples/s, "
            f"{pandas / ours:.1f} times our time with verdicts"
        )
    peak_memory.report(files)
    peers.report(read_slot(files[1]))


def main() -> None:
    """Run all and print a line for each."""
    print(f"{os.cpu_count()} cores; best of {REPEATS}")
    with tempfile.TemporaryDirectory() as folder:
        site = SiteDirectory.create(Path(folder) / "site", "Bench", None)
        started = time.perf_counter()
        done = ingest(site, open_simulation(SPEC))
        seconds = time.perf_counter() - started
        print(f"simulate, seal and log   {done.samples / seconds:12,.0f} samples/s")
        started = time.perf_counter()
        closed = close(site, "all")
        seconds = time.perf_counter() - started
        print(f"close (all stages)       {done.samples / seconds:12,.0f} samples/s")
        files = sorted((site.path / "samples").glob("*.parquet"))
        report_labelling(files, done.samples)
        data = closed.bundle.read_bytes()
        seconds = best_of(lambda: verify(parse_bundle(data, "bench")))
        leaves = len(parse_bundle(data, "bench").leaves)
        print(
            f"verify a bundle          {seconds * 1000:12,.1f} ms for {leaves:,} leaves, {len(data):,} bytes"
        )
    rows = [i.to_bytes(32, "big") for i in range(LEAVES)]
    seconds = best_of(lambda: MerkleTree(rows))
    print(f"hash and append leaves   {LEAVES / seconds:12,.0f} leaves/s")
    log_speed.report()
    matrix_day.report()
    regimes_speed.report()
    strategy_speed.report()


if __name__ == "__main__":
    main()
