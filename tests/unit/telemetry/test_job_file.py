import json
from pathlib import Path

import pytest
from good_table import NOW_NS, columns, write

from tallystick.errors import SampleError
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.telemetry.jobs import read_jobs
from tallystick.telemetry.parquet import open_parquet

GOOD = {
    "job": "train-1",
    "subjects": ["a1", "a0"],
    "start_ns": "1715299200000000001",
    "end_ns": "1715299260000000000",
    "workload": "pretraining",
}
BAD = {
    "not_json": ("{", "not JSON"),
    "not_utf8": (b"[\xff]", "not JSON in UTF-8"),
    "deep": ("[" * 100_000, "not JSON"),
    "huge_number": ("[" + "9" * 5000 + "]", "not JSON|other keys"),
    "not_a_list": ({}, "not a list"),
    "not_a_record": ([1], "record 0"),
    "key_missing": ([{k: v for k, v in GOOD.items() if k != "job"}], "record 0.*exactly job, subjects"),
    "key_unknown": ([GOOD, {**GOOD, "user": "me"}], "record 1.*exactly"),
    "name": ([{**GOOD, "job": "a\nb"}], "'job' is not a name"),
    "surrogate": ([{**GOOD, "job": "\ud800"}], "'job' is not a name"),
    "number_for_time": ([{**GOOD, "start_ns": 1715299200000000001}], "decimal string"),
    "other_digits": ([{**GOOD, "start_ns": "١٢"}], "decimal string"),
    "ends_first": ([{**GOOD, "end_ns": "5"}], "not before"),
    "workload": ([{**GOOD, "workload": "training"}], "fine-tuning"),
    "subject": ([{**GOOD, "subjects": ["a9"]}], "'a9' has no samples"),
    "no_subjects": ([{**GOOD, "subjects": []}], "not a list of names"),
}


def _write(path: Path, content: object) -> Path:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize("name", BAD)
def test_bad_job_file(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]
    with pytest.raises(SampleError, match=words) as caught:
        read_jobs(_write(tmp_path / "jobs.json", content), {"a0", "a1"})
    assert "jobs.json" in str(caught.value)
    assert str(caught.value).isprintable()


def test_jobs_beside_the_samples_are_the_operators_word(tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", columns())
    _write(tmp_path / "jobs.json", [GOOD])
    expected = JobRecord(
        "train-1", ("a0", "a1"), 1715299200000000001, 1715299260000000000, WorkloadClass.PRETRAINING
    )
    for path in (tmp_path, tmp_path / "t.parquet"):
        assert open_parquet(path, now_ns=NOW_NS).jobs() == (expected,)


def test_no_job_file_is_no_jobs(tmp_path: Path) -> None:
    assert read_jobs(tmp_path / "jobs.json", set()) == ()
