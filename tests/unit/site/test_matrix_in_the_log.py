"""A site with a plan of columns: rows in the log, hours that add up to them, and crashes on the way."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from matrix_site import matrix_site

import tallystick.site.days as days_module
from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.errors import InputError, SiteError
from tallystick.evidence.matrix.row import CommittedRow
from tallystick.inspection.challenge import Challenge, Wish, plan_challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.opened_day import OpenedDay
from tallystick.inspection.opening import Opening
from tallystick.inspection.report import Report
from tallystick.inspection.verify import verify
from tallystick.records.entry import ColumnAmount
from tallystick.site.close import close, commit_days
from tallystick.site.days import days_in_log, read_entries
from tallystick.site.directory import SiteDirectory
from tallystick.site.lineages import read_lineages, write_lineages
from tallystick.site.respond import respond
from tallystick.units import NS_PER_HOUR
from tallystick.workloads.shipped_model import ShippedModel


@dataclass(frozen=True)
class Answered:
    """A closed site with a challenge and its answer."""

    path: Path
    bundle: Bundle
    challenge: Challenge
    opening: Opening


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matrix_site(tmp_path_factory.mktemp("matrix") / "site").path


@pytest.fixture(scope="module")
def answered(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    path = tmp_path_factory.mktemp("closed") / "site"
    shutil.copytree(ingested, path)
    site = SiteDirectory(path)
    bundle = read_bundle(close(site, "all").bundle)
    challenge = plan_challenge(
        bundle, Wish(10**20, 0.9, 0.9, 0.001, slots=1, subjects=2), bytes(32)
    ).challenge
    return Answered(path, bundle, challenge, respond(site, challenge))


def _concluded(answered: Answered, bundle: Bundle | None = None, opening: Opening | None = None) -> Report:
    verified = verify(bundle or answered.bundle)
    return conclude(verified, answered.challenge, opening or answered.opening, ShippedModel()).report


def test_rows_verify_and_opened_hours_add_up_to_them(answered: Answered) -> None:
    report = _concluded(answered)
    assert report.passed(9)
    assert report.passed(20)
    rows = [leaf for leaf in answered.bundle.leaves if isinstance(leaf, CommittedRow)]
    assert len(rows) == 2  # two nodes of eight accelerators that report themselves
    assert answered.bundle.plan is not None


def test_all_time_in_the_inventory_is_in_some_column(answered: Answered) -> None:
    (day,) = days_in_log(SiteDirectory(answered.path))
    entries = read_entries(SiteDirectory(answered.path), day)
    for entry in entries:
        assert sum(amount.energy_mj for amount in entry.amounts) == entry.energy_mj
    for lead, members in day.roster.groups.items():
        time_ms = sum(amount.time_ms for amount in entries[lead].amounts)
        assert time_ms == sum(entries[row].inventory_ms for row in members) == 8 * NS_PER_HOUR // 10**6


def _with_row(answered: Answered, change: Callable[[CommittedRow], CommittedRow]) -> Bundle:
    leaves = list(answered.bundle.leaves)
    at = next(i for i, leaf in enumerate(leaves) if isinstance(leaf, CommittedRow))
    leaves[at] = change(leaves[at])
    return replace(answered.bundle, leaves=tuple(leaves))


def test_a_row_that_was_changed_breaks_the_log(answered: Answered) -> None:
    bundle = _with_row(answered, lambda row: replace(row, time_blinding=row.time_blinding + 1))
    assert not verify(bundle).report.ok


def _day_changed(opening: Opening, change: Callable[[OpenedDay], OpenedDay]) -> Opening:
    return replace(opening, days=(change(opening.days[0]), *opening.days[1:]))


def _more(amount: ColumnAmount) -> ColumnAmount:
    return replace(amount, energy_mj=amount.energy_mj + 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda day: replace(day, hours=((_more(day.hours[0][0]), *day.hours[0][1:]),)),
        lambda day: replace(day, hours=((),)),
        lambda day: replace(day, hours=(), fields=()),
        lambda day: replace(day, fields=(replace(day.fields[0], salt=bytes(32)),)),
        lambda day: replace(day, blindings=day.blindings[1:]),
        lambda day: replace(day, blindings=(day.blindings[0] + 1, *day.blindings[1:])),
        lambda day: replace(day, row=day.row + 1),
        lambda day: replace(day, parts=()),
        lambda day: replace(day, parts=(replace(day.parts[0], energy_mj=day.parts[0].energy_mj + 1),)),
        lambda day: replace(day, parts=(replace(day.parts[0], members=day.parts[0].members[::-1]),)),
        lambda day: replace(day, parts=(replace(day.parts[0], members=(), fields=()),)),
    ],
    ids=[
        "another amount",
        "no amount",
        "no hour",
        "another salt",
        "a blinding short",
        "a blinding off",
        "row",
        "no parts",
        "another energy",
        "accelerators swapped",
        "no accelerator",
    ],
)
def test_a_day_that_is_not_the_one_committed(
    answered: Answered, change: Callable[[OpenedDay], OpenedDay]
) -> None:
    report = _concluded(answered, opening=_day_changed(answered.opening, change))
    assert {c.number for c in report.checks if c.ok is False} == {20}


def test_days_left_out_or_twice(answered: Answered) -> None:
    for days in ((), answered.opening.days[1:], (*answered.opening.days, answered.opening.days[0])):
        report = _concluded(answered, opening=replace(answered.opening, days=days))
        assert {c.number for c in report.checks if c.ok is False} == {20}


def test_a_day_killed_while_it_is_committed(ingested: Path, tmp_path: Path) -> None:
    """Killed with the day kept and a part of it in the log: whatever comes next finishes it, once."""
    path = tmp_path / "site"
    shutil.copytree(ingested, path)
    site = SiteDirectory(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days_module, "finish_pending_day", _killed_after_three_leaves)
        with pytest.raises(KeyboardInterrupt):
            close(site, "all")
    kept = (path / "log/pending-day.jsonl").read_bytes()
    closed = close(SiteDirectory(path), "all")
    bundle = read_bundle(closed.bundle)
    (day,) = bundle.days
    written = b"".join(line + b"\n" for line in kept.splitlines())
    assert written in (path / "log/leaves.jsonl").read_bytes()
    assert verify(bundle).report.passed(9)
    assert day.after == len(bundle.leaves) - 1
    assert not (path / "log/pending-day.jsonl").exists()


def _killed_after_three_leaves(site: SiteDirectory) -> None:
    pending = site.path / "log/pending-day.jsonl"
    if pending.exists():
        with (site.path / "log/leaves.jsonl").open("ab") as file:
            file.write(b"".join(line + b"\n" for line in pending.read_bytes().splitlines()[:3]))
        raise KeyboardInterrupt


def test_a_kept_day_that_does_not_fit_the_log_is_refused(answered: Answered, tmp_path: Path) -> None:
    path = tmp_path / "site"
    shutil.copytree(answered.path, path)
    leaves = (path / "log/leaves.jsonl").read_bytes().splitlines()
    at = next(i for i, line in enumerate(leaves) if b'"type":"day"' in line)
    (path / "log/pending-day.jsonl").write_bytes(leaves[at] + b"\n" + leaves[at + 2] + b"\n")
    with pytest.raises(SiteError, match="not the next thing in the log"):
        days_module.finish_pending_day(SiteDirectory(path))


def test_a_day_committed_ahead_is_not_made_again(ingested: Path, tmp_path: Path) -> None:
    path = tmp_path / "site"
    shutil.copytree(ingested, path)
    assert commit_days(SiteDirectory(path), "all") == 1
    before = (path / "log/leaves.jsonl").read_bytes()
    assert commit_days(SiteDirectory(path), "all") == 0
    closed = close(SiteDirectory(path), "all")
    assert (path / "log/leaves.jsonl").read_bytes().startswith(before)
    assert verify(read_bundle(closed.bundle)).report.passed(9)


def test_a_run_stays_in_its_lineage_and_columns_run_out(ingested: Path, tmp_path: Path) -> None:
    path = tmp_path / "site"
    shutil.copytree(ingested, path)
    site = SiteDirectory(path)
    assert site.plan is not None
    lineages = read_lineages(path, site.plan).with_jobs("model-a", ["j-1", "j-2"])
    write_lineages(path, lineages)
    again = read_lineages(path, site.plan)
    assert [again.column(job) for job in ("j-1", "j-2", "j-3")] == [2, 2, 0]
    with pytest.raises(InputError, match="belongs to model-a"):
        again.with_jobs("model-b", ["j-1"])
    with pytest.raises(InputError, match="all 1 lineages have names"):
        again.with_jobs("model-b", ["j-9"])
    assert (path / "private/lineages.json").stat().st_mode & 0o077 == 0


def test_a_period_that_cuts_a_committed_day_is_refused(ingested: Path, tmp_path: Path) -> None:
    path = tmp_path / "site"
    shutil.copytree(ingested, path)
    site = SiteDirectory(path)
    commit_days(site, "all")
    (day,) = days_in_log(site)
    first = day.start.start_ns // NS_PER_HOUR
    assert day.start.hours == 1
    with pytest.raises(SiteError, match="cuts a day"):
        close(site, f"2026-03-02T{first % 24:02}:00Z/2026-03-02T{(first + 2) % 24:02}:00Z")
