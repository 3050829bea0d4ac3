"""Peak memory of labelling a period, in a process of its own: ``python -m benchmarks.peak_memory N FILE…``.

Labels N slots, taking the files over and over, and prints the peak in KiB of the process and its workers.
"""

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.labelling import SLOTS_PER_HOUR, hours_of
from tallystick.site.label_hours import label_hours

SHORT_SLOTS = 16
TIMES = 4


def peak_kib(files: Sequence[Path], slots: int, workers: int) -> tuple[int, int]:
    """Peak of a new process that labels ``slots`` slots, and of the greatest of its workers, in KiB."""
    command = [sys.executable, "-m", "benchmarks.peak_memory", str(slots), str(workers), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    own, worker = done.stdout.split()
    return int(own), int(worker)


def report(files: Sequence[Path]) -> None:
    """Prints the peaks of a short period and of one ``TIMES`` as long."""
    for workers in (1, 2):
        short, long = (max(peak_kib(files, slots, workers)) for slots in (SHORT_SLOTS, TIMES * SHORT_SLOTS))
        print(
            f"peak memory, {workers} worker(s)   {short / 1024:8.0f} MiB for {SHORT_SLOTS} slots, "
            f"{long / 1024:.0f} MiB for {TIMES * SHORT_SLOTS} (of the greatest process)"
        )


def main() -> None:
    """Labels, and prints this process's peak and its workers'."""
    slots, workers = int(sys.argv[1]), int(sys.argv[2])
    files = [Path(name) for name in sys.argv[3:]]
    hours = hours_of(files)
    for _ in label_hours((hours[i % len(hours)] for i in range(slots // SLOTS_PER_HOUR)), workers):
        pass
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss)


if __name__ == "__main__":
    main()
