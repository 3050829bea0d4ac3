import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Pair

import tallystick.site.close as close_module
import tallystick.site.days as days_module
import tallystick.site.log_file as log_module
import tallystick.whole_file as whole_file
from tallystick.declarations.bundle import declaration_of, read_bundle
from tallystick.errors import InputError, SiteError
from tallystick.inspection.verify import verify
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.period import parse_period


class KilledError(Exception):
    """Stands for the process being killed at this very point."""


def test_closing_again_writes_the_same_bytes(ingested: Pair) -> None:
    first = close(ingested.site, "all")
    data = first.bundle.read_bytes()
    first.bundle.unlink()
    assert close(SiteDirectory(ingested.site.path), "all").bundle.read_bytes() == data


def test_the_bundle_verifies_with_its_witness(ingested: Pair) -> None:
    report = verify(read_bundle(close(ingested.site, "all").bundle)).report
    assert report.ok
    assert [c.number for c in report.checks if c.ok] == [1, 2, 3, 4, 5, 6, 7]


def _count_and_kill(
    kill_at: int, calls: list[str], name: str, real: Callable[..., Any]
) -> Callable[..., Any]:
    def stand_in(*arguments: Any, **options: Any) -> Any:
        calls.append(name)
        if len(calls) == kill_at:
            raise KilledError(name)
        return real(*arguments, **options)

    return stand_in


def _with_kill(monkeypatch: pytest.MonkeyPatch, kill_at: int) -> list[str]:
    """Every write of ``close`` is counted; the one with number ``kill_at`` does not happen."""
    calls: list[str] = []
    for module, name in (
        (close_module, "write_whole"),
        (days_module, "write_whole"),
        (log_module, "_append_lines"),
        (whole_file.os, "fsync"),
    ):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, _count_and_kill(kill_at, calls, name, real))
    return calls


def _account(bundle: Path) -> tuple[object, ...]:
    """What a bundle says, without its signatures: those of ML-DSA-44 are drawn anew each time."""
    read = read_bundle(bundle)
    return read.leaves, tuple(head.checkpoint for head in read.heads), declaration_of(read)


def _once(real: Callable[..., Any]) -> Callable[..., Any]:
    """Reading and classifying the same samples again would take most of the time, and write nothing."""
    results: list[Any] = []

    def stand_in(*arguments: Any) -> Any:
        if not results:
            results.append(real(*arguments))
        return results[0]

    return stand_in


def test_a_close_killed_at_any_write_can_be_run_again_to_the_same_account(
    ingested: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ingested.site.path.parent
    pristine = tmp_path / "pristine"
    shutil.copytree(root, pristine)
    monkeypatch.setattr(close_module, "observe", _once(close_module.observe))
    with pytest.MonkeyPatch.context() as patch:
        calls = _with_kill(patch, kill_at=0)
        expected = _account(close(ingested.site, "all").bundle)
    assert len(calls) > 8
    for kill_at in range(1, len(calls) + 1):
        copy = tmp_path / f"killed-{kill_at}"
        shutil.copytree(pristine, copy)
        with pytest.MonkeyPatch.context() as patch:
            _with_kill(patch, kill_at)
            with pytest.raises(KilledError):
                close(SiteDirectory(copy / "site"), "all")
        again = close(SiteDirectory(copy / "site"), "all")
        assert _account(again.bundle) == expected, f"killed at {calls[kill_at - 1]}, write {kill_at}"
        with SiteDirectory(copy / "site").locked():
            assert not list((copy / "site").rglob(".*.tmp"))
        shutil.rmtree(copy)


def test_a_line_cut_short_by_a_crash_is_dropped(ingested: Pair) -> None:
    leaves = ingested.site.path / "log/leaves.jsonl"
    whole = leaves.read_bytes()
    leaves.write_bytes(whole + b'{"type":"sl')
    assert len(SiteDirectory(ingested.site.path).log.leaves) == whole.count(b"\n")
    assert leaves.read_bytes() == whole


def test_a_log_rolled_back_is_refused(ingested: Pair) -> None:
    leaves = ingested.site.path / "log/leaves.jsonl"
    lines = leaves.read_bytes().splitlines(keepends=True)
    leaves.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(SiteError, match="does not match its own signed head"):
        close(SiteDirectory(ingested.site.path), "all")


def test_periods_may_not_overlap(ingested: Pair) -> None:
    close(ingested.site, "2026-03-02T00:00Z/2026-03-02T01:00Z")
    with pytest.raises(SiteError, match="overlaps"):
        close(SiteDirectory(ingested.site.path), "2026-03-02")


def test_two_periods_of_one_log(ingested: Pair) -> None:
    first = close(ingested.site, "2026-03-02T00:00Z/2026-03-02T01:00Z")
    second = close(ingested.site, "2026-03-02T01:00Z/2026-03-02T02:00Z")
    for closed in (first, second):
        assert verify(read_bundle(closed.bundle)).report.ok
    assert first.declaration.energy_mj > 0 < second.declaration.energy_mj


def test_two_processes_at_once(ingested: Pair) -> None:
    other = SiteDirectory(ingested.site.path)
    with ingested.site.locked(), pytest.raises(SiteError, match="another process"), other.locked():
        pass


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("all", 2),
        ("2026-03-02", 24),
        ("2026-03", 31 * 24),
        ("2026-03-02T00:00Z/2026-03-02T02:00+01:00", 1),
        ("2026-03-02T01:00:00+01:00/2026-03-02T01:00:00Z", 1),
    ],
)
def test_periods_as_people_write_them(text: str, hours: int) -> None:
    sealed: dict[int, object] = {1_772_409_600_000_000_000 + i * 900 * 10**9: None for i in range(8)}
    period = parse_period(text, sealed)
    assert (period.end_ns - period.start_ns) // (3600 * 10**9) == hours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", "not understood"),
        ("2026-03-32", "not understood"),
        ("2026-03-02T06:00/2026-03-02T18:00", "time zone"),
        ("2026-03-02T06:30Z/2026-03-02T18:00Z", "whole hours"),
        ("2026-03-02T18:00Z/2026-03-02T06:00Z", "whole hours"),
        ("2026-04", "nothing is sealed"),
        ("", "not understood"),
    ],
)
def test_periods_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        parse_period(text, {1_772_409_600_000_000_000: None})
    assert caught.value.mend


def test_nothing_to_close(tmp_path: Path) -> None:
    site = SiteDirectory.create(tmp_path / "empty", "Empty", None)
    with pytest.raises(InputError, match="nothing is sealed yet"):
        close(site, "all")
