"""Record the labelled workloads of one batch, each under ``tallystick record``, into a folder.

``python recorder/record_suite.py --batch training --out corpus``. What is there already under the same label,
parameters and length is not recorded again, so the same command carries on where it was stopped.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from catalogue import BATCHES, EDITION, ENTRIES, Entry

_FOLDER = Path(__file__).resolve().parent
#: One command ends within this: an entry that would end later is left for the next time.
_COMMAND_S = 570
#: Time to start Python and PyTorch and to make the weights, per entry.
_START_S = 15
#: Exit status where entries are left over: the same command goes on with them.
_LEFT_OVER = 75


def file_of(entry: Entry, folder: Path, seconds: int) -> Path:
    """Where the entry's recording is kept."""
    return folder / f"{entry.label}.{entry.key(seconds)}.parquet"


def workload_command(entry: Entry, seconds: int, device: str) -> list[str]:
    """What does the work, alone or as one process per GPU."""
    words = [str(_FOLDER / "run_workload.py"), entry.label, "--seconds", str(seconds), "--device", device]
    if entry.gpus == 1:
        return [sys.executable, *words]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return [*launcher, "--nproc-per-node", "gpu" if device == "cuda" else "2", *words]


def record_command(entry: Entry, path: Path, seconds: int) -> list[str]:
    """The recording of the work: an entry for one GPU reads the first one only."""
    notes = {
        "batch": entry.batch, "family": entry.family, "mechanism": entry.mechanism,
        "edition": str(EDITION), "key": entry.key(seconds),
        "parameters": json.dumps(entry.parameters, sort_keys=True),
    }  # fmt: skip
    words = [sys.executable, "-m", "tallystick", "record", "--out", str(path), "--interval", "0.5"]
    words += ["--label", entry.label, "--class", entry.workload]
    words += ["--gpus", "0"] if entry.gpus == 1 else []
    for key, value in notes.items():
        words += ["--note", f"{key}={value}"]
    return [*words, "--", *workload_command(entry, seconds, "cuda")]


def do(entry: Entry, arguments: argparse.Namespace, seconds: int) -> bool:
    """Record, or only run, one entry. Returns whether it went well; a failed recording is not kept."""
    path = file_of(entry, arguments.out, seconds)
    # The first GPU alone is seen by what needs one, so that the work is on the GPU that is read.
    seen = {"CUDA_VISIBLE_DEVICES": "0", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"} if entry.gpus == 1 else {}
    unfinished = path.with_name(f"unfinished-{path.name}")
    unfinished.unlink(missing_ok=True)
    if arguments.record:
        command = record_command(entry, unfinished, seconds)
    else:
        command = workload_command(entry, seconds, arguments.device)
    status = subprocess.run(command, env={**os.environ, **seen}, check=False).returncode
    if arguments.record and status == 0:
        unfinished.replace(path)
    elif arguments.record:
        unfinished.unlink(missing_ok=True)
    print(f"{entry.label}: {'done' if status == 0 else f'failed with status {status}'}", flush=True)
    return status == 0


def list_entries(entries: Sequence[Entry]) -> None:
    """One line for each entry."""
    for entry in entries:
        gpus = "1 GPU" if entry.gpus == 1 else "all GPUs"
        print(f"{entry.batch:<10} {entry.label:<32} {entry.workload:<12} {entry.family:<32} {gpus}")


def arguments_of(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", choices=BATCHES, help="which part of the suite; needed unless --list")
    parser.add_argument("--out", type=Path, default=Path("corpus"), metavar="DIR", help="where files go")
    parser.add_argument("--seconds", type=int, default=120, help="length of each recording")
    parser.add_argument("--list", action="store_true", help="say what there is and do nothing")
    parser.add_argument("--no-record", dest="record", action="store_false", help="only run the work")
    parser.add_argument(
        "--device", choices=("cuda", "cpu"), default="cuda", help="cpu only without recording"
    )
    arguments = parser.parse_args(words)
    if not arguments.list and not arguments.batch:
        parser.error(f"give --batch, one of: {', '.join(BATCHES)}")
    if arguments.record and arguments.device == "cpu":
        parser.error("a CPU cannot be recorded: add --no-record")
    if not 1 <= arguments.seconds <= _COMMAND_S - _START_S:
        parser.error(f"give --seconds 1 to {_COMMAND_S - _START_S}")
    return arguments


def do_all(entries: Sequence[Entry], arguments: argparse.Namespace) -> tuple[int, int, int]:
    """How many entries were done now, failed, and are left because the time is up."""
    began, done, failed = time.monotonic(), 0, 0
    for index, entry in enumerate(entries):
        if time.monotonic() - began + arguments.seconds + _START_S > _COMMAND_S:
            return done, failed, len(entries) - index
        good = do(entry, arguments, arguments.seconds)
        done, failed = done + good, failed + (not good)
    return done, failed, 0


def main() -> int:
    """Exit status 0 where all is there, 1 where an entry failed, 75 where entries are left over."""
    arguments = arguments_of()
    entries = [entry for entry in ENTRIES if arguments.batch in (None, entry.batch)]
    if arguments.list:
        list_entries(entries)
        return 0
    wanted = entries
    if arguments.record:
        arguments.out.mkdir(parents=True, exist_ok=True)
        wanted = [e for e in entries if not file_of(e, arguments.out, arguments.seconds).exists()]
    try:
        done, failed, left = do_all(wanted, arguments)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on with what is not there yet")
        return 130
    print(f"{len(entries) - len(wanted)} were there, {done} done now, {failed} failed, {left} left over")
    if left:
        print("Next: the same command again")
    return 1 if failed else _LEFT_OVER if left else 0


if __name__ == "__main__":
    sys.exit(main())
