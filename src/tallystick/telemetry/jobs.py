"""Job records beside a sample table: ``jobs.json``, the operator's word about what ran."""

import json
from collections.abc import Collection
from pathlib import Path

from tallystick.errors import SampleError
from tallystick.records.subject import JobRecord
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.telemetry.inventory import NAME
from tallystick.telemetry.place import quoted, shown_path

JOBS_FILE = "jobs.json"
MAX_JOBS_BYTES = 2**26
MAX_JOBS = 1_000_000

_KEYS = ("job", "subjects", "start_ns", "end_ns", "workload")


def read_jobs(path: Path, subjects: Collection[str]) -> tuple[JobRecord, ...]:
    """The job records of ``path``, none where it does not exist. ``subjects`` are the known names.

    Raises SampleError naming the record, counted from 0.
    """
    if not path.is_file():
        return ()
    file = shown_path(path)
    if path.stat().st_size > MAX_JOBS_BYTES:
        raise SampleError(f"is larger than {MAX_JOBS_BYTES} bytes", where=file, mend="leave out old jobs")
    try:
        records = json.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError):
        raise SampleError("is not JSON in UTF-8", where=file, mend="write a list of records") from None
    if not isinstance(records, list) or len(records) > MAX_JOBS:
        raise SampleError(
            f"is not a list of at most {MAX_JOBS} records", where=file, mend="see spec/samples.md"
        )
    known = frozenset(subjects)
    return tuple(_job(record, known, f"{file}, record {i}") for i, record in enumerate(records))


def _job(record: object, known: frozenset[str], where: str) -> JobRecord:
    if not isinstance(record, dict) or set(record) != set(_KEYS):
        raise SampleError("has other keys than needed", where=where, mend=f"give exactly {', '.join(_KEYS)}")
    name = record["job"]
    if not isinstance(name, str) or not NAME.fullmatch(name.encode("utf-8", "replace")):
        raise SampleError(
            "'job' is not a name", where=where, mend="use 1 to 64 of the characters A-Z a-z 0-9 . _ : -"
        )
    subjects = record["subjects"]
    if not isinstance(subjects, list) or not subjects or not all(isinstance(s, str) for s in subjects):
        raise SampleError("'subjects' is not a list of names", where=where, mend="name where the job ran")
    unknown = [s for s in subjects if s not in known]
    if unknown:
        raise SampleError(
            f"subject {quoted(unknown[0])} has no samples",
            where=where,
            mend="correct the name or add its samples",
        )
    start, end = (_instant(record[key], key, where) for key in ("start_ns", "end_ns"))
    if start >= end:
        raise SampleError("'start_ns' is not before 'end_ns'", where=where, mend="the end is exclusive")
    workload = record["workload"]
    if not isinstance(workload, str) or workload not in {c.value for c in CLASSES}:
        raise SampleError(
            "'workload' is not a workload class", where=where, mend=f"use one of: {', '.join(CLASSES)}"
        )
    return JobRecord(name, tuple(sorted(set(subjects))), start, end, WorkloadClass(workload))


def _instant(value: object, key: str, where: str) -> int:
    """Nanoseconds as a decimal string, since JSON numbers lose digits in many tools."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        return int(value)
    raise SampleError(
        f"'{key}' is not a decimal string",
        where=where,
        mend='give nanoseconds since 1970 in UTC, "1715299200000000000"',
    )
