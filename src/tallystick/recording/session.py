"""One recording from start to file: open the GPUs, run the command, sample, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import tallystick
from tallystick.errors import InputError
from tallystick.recording.accelerators import Accelerator, find_accelerators
from tallystick.recording.nvml import Nvml, start, text
from tallystick.recording.provenance import Provenance, RecordedAccelerator, Refused
from tallystick.recording.reader import Reader
from tallystick.recording.sampler import Clock, Samples, Work, sample_while
from tallystick.recording.table_file import write_recording
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.inventory import NAME
from tallystick.units import NS_PER_MS, NS_PER_S

#: NVML is read at 1 to 10 Hz: its own values change no faster.
MIN_INTERVAL_NS = 100 * NS_PER_MS
MAX_INTERVAL_NS = NS_PER_S


class StoppableWork(Work, Protocol):
    """Work that may be stopped before its time."""

    interrupted: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be recorded and how: ``gpus`` by number, empty for all of them."""

    label: str
    workload: WorkloadClass | None
    interval_ns: int
    gpus: tuple[int, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """What was written: how many ``samples``, and the provenance that stands in the file."""

    samples: int
    provenance: Provenance

    def summary(self) -> str:
        """One line for people."""
        told = self.provenance
        seconds = (told.end_ns - told.start_ns) / NS_PER_S
        missing = sum(r.readings for r in told.refused)
        lacks = f"; {missing} readings missing, the reasons are in the file" if missing else ""
        return f"{self.samples} samples of {len(told.accelerators)} GPUs over {seconds:.1f} s{lacks}"


def check_request(request: Request, path: Path) -> None:
    """Raises InputError where the command would run and its recording could not be kept."""
    if not MIN_INTERVAL_NS <= request.interval_ns <= MAX_INTERVAL_NS:
        raise InputError("the interval is out of range", mend="give 0.1 to 1 second")
    if not NAME.fullmatch(request.label.encode()):
        raise InputError(
            f"the label {request.label[:80]!a} is not a name",
            mend="use 1 to 64 of the characters A-Z a-z 0-9 . _ : -",
        )
    if path.exists():
        raise InputError("exists already", where=str(path), mend="choose another name with --out")
    if not path.parent.is_dir():
        raise InputError("the folder does not exist", where=str(path.parent), mend="make it first")


def record(
    nvml: Nvml, request: Request, path: Path, begin: Callable[[], StoppableWork], clock: Clock
) -> Recording:
    """Begin the work, sample until it ends, and write the file.

    Raises InputError before the work begins where no GPU can be read, and after it where nothing was.
    """
    check_request(request, path)
    start(nvml)
    try:
        accelerators = find_accelerators(nvml, request.gpus)
        driver = text(nvml.nvmlSystemGetDriverVersion())
        readers = [Reader(nvml, accelerator.handle) for accelerator in accelerators]
        samples = Samples()
        start_ns = clock.now_ns()
        work = begin()
        status = sample_while(work, readers, samples, request.interval_ns, clock)
        end_ns = clock.now_ns()
    finally:
        nvml.nvmlShutdown()
    provenance = Provenance(
        label=request.label,
        workload=request.workload,
        start_ns=start_ns,
        end_ns=end_ns,
        status=status,
        interrupted=work.interrupted,
        interval_ns=request.interval_ns,
        driver=driver,
        recorder=f"tallystick {tallystick.__version__}",
        accelerators=tuple(
            RecordedAccelerator(a.name, a.hardware, a.product, a.power_limit_mw) for a in accelerators
        ),
        refused=_refused(accelerators, readers),
        notes=request.notes,
    )
    write_recording(path, samples, provenance)
    return Recording(len(samples), provenance)


def _refused(accelerators: Sequence[Accelerator], readers: Sequence[Reader]) -> tuple[Refused, ...]:
    return tuple(
        Refused(accelerator.name, channel, why, count)
        for accelerator, reader in zip(accelerators, readers, strict=True)
        for (channel, why), count in sorted(reader.refused.items())
    )
