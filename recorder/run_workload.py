"""Do one workload for a while: ``python recorder/run_workload.py LABEL --seconds 60 --device cuda``.

Started by ``record_suite.py`` under ``tallystick record``, or by hand. Under ``torchrun`` it is one of
several processes that stop together.
"""

import argparse
import importlib
import os
import time
from collections.abc import Iterator
from typing import Any

import torch
import torch.distributed
from catalogue import ENTRIES

#: On a CPU every parameter is cut to this, so that the code can be tried anywhere.
_CPU_MOST = {
    "layers": 2, "width": 128, "vocabulary": 256, "batch": 2, "length": 32, "prompt": 8, "tokens": 8,
    "pixels": 32, "grid": 16, "nonces": 4096, "size": 64, "stored": 100, "epoch": 5, "sweeps": 3,
    "marches": 4, "denoise": 4, "products": 2,
}  # fmt: skip


def cut_for_cpu(parameters: dict[str, Any]) -> dict[str, Any]:
    """The same parameters, none larger than a CPU does in moments."""
    return {
        name: cut_for_cpu(value) if isinstance(value, dict) else min(value, _CPU_MOST.get(name, value))
        for name, value in parameters.items()
    }


def steps_of(label: str, device: str) -> Iterator[None]:
    """The workload called ``label``, ready to go. Raises KeyError where there is none."""
    entry = {entry.label: entry for entry in ENTRIES}[label]
    module, function = entry.code.split(":")
    parameters = entry.parameters if device.startswith("cuda") else cut_for_cpu(entry.parameters)
    return getattr(importlib.import_module(f"workloads.{module}"), function)(device, **parameters)


def run(steps: Iterator[None], seconds: float, device: str) -> int:
    """Step until the time is over, which begins after the first step. Returns how many steps were done.

    The GPU is waited for after each step: else the queue would run on long after the end.
    """
    next(steps)
    until = time.monotonic() + seconds
    for count, _ in enumerate(steps, start=2):
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        if _all_agree(time.monotonic() >= until, device):
            return count
    raise RuntimeError("a workload never ends by itself")


def _all_agree(over: bool, device: str) -> bool:
    """Whether the first process says that the time is over; its word counts for all."""
    if not torch.distributed.is_initialized():
        return over
    flag = torch.tensor(int(over), device=device)
    torch.distributed.broadcast(flag, 0)
    return bool(flag)


def _join(device: str) -> str:
    """This process's device, after it has joined the others, if there are any."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return device
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    torch.distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return device


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("label", choices=[entry.label for entry in ENTRIES], metavar="LABEL")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    arguments = parser.parse_args()
    alone = int(os.environ.get("WORLD_SIZE", "1")) == 1
    if alone and any(e.label == arguments.label and e.gpus != 1 for e in ENTRIES):
        parser.error("this needs several GPUs: on one it would be another kind of work")
    device = _join(arguments.device)
    try:
        count = run(steps_of(arguments.label, device), arguments.seconds, device)
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
    print(f"{arguments.label}: {count} steps", flush=True)


if __name__ == "__main__":
    main()
