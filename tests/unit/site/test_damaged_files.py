"""Every damaged file of a site is one clear error, and so is whatever the system refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Pair

import tallystick.site.log_file as log_module
from tallystick.cli.main import main
from tallystick.cli.site import replays
from tallystick.errors import FormatError, SiteError
from tallystick.site.directory import SiteDirectory

DEEP = b"[" * 100_000


@pytest.mark.parametrize("name", ["jobs.json", "truth.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"{}x",
        b"7",
        b"[7]",
        b'[{"job":"a"}]',
        b'[{"job":"a","subjects":["s"],"start_ns":"0","end_ns":1,"workload":"training"}]',
        b'[{"job":"a","subjects":[1],"start_ns":0,"end_ns":1,"workload":"training"}]',
        b'[{"job":"a","subjects":["s"],"start_ns":0,"end_ns":1,"workload":"x"}]',
        DEEP,
    ],
)
def test_damaged_job_records(ingested: Pair, name: str, content: bytes) -> None:
    (ingested.site.path / name).write_bytes(content)
    with pytest.raises(FormatError, match=rf"{name}: damaged .*Mend: restore"):
        ingested.site.read_jobs(name)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"flop":[],"notes":[]}',
        b'{"flop":{"a":"x"},"notes":[]}',
        b'{"flop":{},"notes":[1]}',
    ],
)
def test_damaged_known_amounts(ingested: Pair, content: bytes) -> None:
    (ingested.site.path / "known.json").write_bytes(content)
    with pytest.raises(FormatError, match=r"known\.json: damaged .*Mend: restore"):
        ingested.site.read_known()


@pytest.mark.parametrize("line", [b"{", b"7", b'"head"', b"\xff", b"[]"])
def test_damaged_heads(ingested: Pair, line: bytes) -> None:
    with (ingested.site.path / "log/heads.jsonl").open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(FormatError, match=r"heads\.jsonl: .*Mend: restore"):
        _ = SiteDirectory(ingested.site.path).log


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"name":"A"}',
        b'{"name":5,"origin":"o"}',
        b'{"name":"A","origin":["o"]}',
        b'{"name":"A","origin":"o","witness":7}',
        b'{"name":"../A","origin":"o"}',
        b'{"name":"A","origin":"o","clock":"none"}',
        b'{"name":"A","origin":"o","extra":1}',
        b"[" * 60_000,
    ],
)
def test_a_damaged_configuration(ingested: Pair, content: bytes) -> None:
    (ingested.site.path / "site.json").write_bytes(content)
    with pytest.raises(FormatError, match=r"site\.json: damaged .*Mend: restore"):
        SiteDirectory(ingested.site.path)


def test_a_folder_where_the_lock_should_be(ingested: Pair) -> None:
    (ingested.site.path / "private/lock").unlink(missing_ok=True)
    (ingested.site.path / "private/lock").mkdir()
    with pytest.raises(SiteError, match="cannot lock the site") as caught, ingested.site.locked():
        pass
    assert caught.value.mend


def _typed(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr(sys, "argv", ["tallystick", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_what_the_system_refuses_is_one_line(
    ingested: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    leaves = ingested.site.path / "log/leaves.jsonl"
    leaves.unlink()
    leaves.mkdir()
    assert _typed(monkeypatch, "site", "close", ingested.site.path, "--period", "all") == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("tallystick: ")
    assert "leaves.jsonl" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "option",
    [
        ("--slots", "-1"),
        ("--slots", "1000001"),
        ("--subjects", "-1"),
        ("--subjects", "9" * 30),
        ("--detection", "1.5"),
        ("--sensitivity", "-0.1"),
        ("--false-rate", "0.6"),
    ],
)
def test_options_out_of_range(
    option: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fixed = ("--significant-quantity", "1e21", "--detection", "0.9", "--out", "x")
    assert _typed(monkeypatch, "inspect", "challenge", "none.tally", *fixed, *option) == 2
    assert f"Invalid value for '{option[0]}'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["--help", "doctor"])
def test_a_reader_who_left_is_no_error(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", command],
        stdout=writing, stderr=subprocess.PIPE, check=False, env=buffered,
    )  # fmt: skip
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 2


def test_a_new_log_file_is_durable_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    file = tmp_path / "leaves.jsonl"
    log_module._append_lines(file, [b"1"])
    assert synced == [file.stat().st_ino, tmp_path.stat().st_ino]
    log_module._append_lines(file, [b"2"])
    assert synced[2:] == [file.stat().st_ino]


@pytest.mark.parametrize(
    ("sources", "replayed"),
    [
        (["mlperf:a"], True),
        (["mlperf:a", "mlperf:b"], True),
        (["simulate:honest"], True),
        (["parquet:a"], False),
        (["mlperf:a", "parquet:b"], False),
    ],
)
def test_the_clock_of_a_recording_is_its_own(sources: list[str], replayed: bool) -> None:
    assert replays(sources) == replayed
