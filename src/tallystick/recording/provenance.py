"""Where a recording comes from: what ran, on what, how it was read. Nothing names the host or its user."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tallystick.errors import SampleError
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.parquet_file import read_metadata
from tallystick.telemetry.place import shown_path

#: Under this key the provenance stands in the Parquet file's own metadata.
PROVENANCE_KEY = b"tallystick.recording"
FORMAT = "tallystick-recording/1"


@dataclass(frozen=True, slots=True)
class RecordedAccelerator:
    """One accelerator of a recording. ``power_limit_mw`` is 0 where it is not known."""

    subject: str
    hardware: str
    product: str
    power_limit_mw: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Readings that are missing, how many, and why, in NVML's words."""

    subject: str
    channel: str
    why: str
    readings: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a recording says of itself.

    ``label`` names the work and ``workload`` its class (None: not said). The command ran from
    ``start_ns`` to ``end_ns`` (exclusive) and ended with ``status``; ``interrupted`` where it was stopped.
    ``notes`` are whatever the person who recorded it added.
    """

    label: str
    workload: WorkloadClass | None
    start_ns: int
    end_ns: int
    status: int
    interrupted: bool
    interval_ns: int
    driver: str
    recorder: str
    accelerators: tuple[RecordedAccelerator, ...]
    refused: tuple[Refused, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The text that stands in the file. Instants are decimal strings."""
        record: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        record |= {key: str(record[key]) for key in ("start_ns", "end_ns", "interval_ns")}
        return json.dumps(record, separators=(",", ":"), sort_keys=True)


def read_provenance(path: Path) -> Provenance:
    """What the recording at ``path`` says of itself. Raises SampleError where it is no recording."""
    raw = read_metadata(path, PROVENANCE_KEY)
    if raw is None:
        raise SampleError(
            f"is no recording: nothing stands under '{PROVENANCE_KEY.decode()}'",
            where=shown_path(path),
            mend="read it as parquet:FILE, or record it with tallystick record",
        )
    try:
        return _parse(json.loads(raw.decode("ascii")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise SampleError(
            "has a damaged or newer description of its recording",
            where=shown_path(path),
            mend="record it again, or read it with the version that wrote it",
        ) from None


def _parse(record: dict[str, Any]) -> Provenance:
    if record.pop("format") != FORMAT:
        raise ValueError("another format")
    workload = record["workload"]
    record |= {key: int(record[key]) for key in ("start_ns", "end_ns", "interval_ns")}
    record["workload"] = None if workload is None else WorkloadClass(workload)
    record["accelerators"] = tuple(RecordedAccelerator(**a) for a in record["accelerators"])
    record["refused"] = tuple(Refused(**r) for r in record["refused"])
    return Provenance(**record)
