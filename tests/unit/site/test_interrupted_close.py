"""A close is killed, and the next thing done to the site is not to close that period again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import SPEC

from tallystick.declarations.bundle import read_bundle
from tallystick.declarations.leaf import Close
from tallystick.inspection.verify import verify
from tallystick.simulation.source import open_simulation
from tallystick.site.close import Closed, close
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest
from tallystick.site.log_file import LogFile
from tallystick.telemetry.table import SampleTable

FIRST, SECOND = "2026-03-02T00:00Z/2026-03-02T01:00Z", "2026-03-02T01:00Z/2026-03-02T02:00Z"


class KilledError(Exception):
    """Stands for the process being killed at this very point."""


class FirstHour:
    """The first hour of the simulated site."""

    def __init__(self) -> None:
        self._whole = open_simulation(SPEC)

    def slots(self) -> Iterator[SampleTable]:
        yield from list(self._whole.slots())[:4]

    def __getattr__(self, name: str):
        return getattr(self._whole, name)


@pytest.fixture
def site(tmp_path: Path) -> SiteDirectory:
    site = SiteDirectory.create(tmp_path / "site", "Site", None)
    site.use_simulated_clock()
    ingest(site, FirstHour())
    return site


def _kill_at_the_close(real: Callable[..., object], *, before_the_leaf: bool) -> Callable[..., object]:
    def stand_in(log: LogFile, *arguments: object) -> object:
        leaves = arguments[0] if before_the_leaf else log.leaves
        if leaves and isinstance(leaves[-1], Close):
            raise KilledError
        return real(log, *arguments)

    return stand_in


def _killed(site: SiteDirectory, period: str, at: str) -> SiteDirectory:
    """The site as a new process finds it after its close was killed: before the leaf, or before its head."""
    with pytest.MonkeyPatch.context() as patch:
        stand_in = _kill_at_the_close(getattr(LogFile, at), before_the_leaf=at == "append")
        patch.setattr(LogFile, at, stand_in)
        with pytest.raises(KilledError):
            close(site, period)
    return SiteDirectory(site.path)


def _verifies(closed: Closed) -> bool:
    return verify(read_bundle(closed.bundle)).report.ok


@pytest.mark.parametrize("at", ["append", "seal"])
def test_more_samples_after_a_killed_close(site: SiteDirectory, at: str) -> None:
    reopened = _killed(site, FIRST, at)
    assert ingest(reopened, open_simulation(SPEC)).sealed == 4
    assert _verifies(close(SiteDirectory(site.path), FIRST))
    assert _verifies(close(SiteDirectory(site.path), SECOND))


@pytest.mark.parametrize("at", ["append", "seal"])
def test_another_period_closed_after_a_killed_close(site: SiteDirectory, at: str) -> None:
    ingest(site, open_simulation(SPEC))
    reopened = _killed(site, FIRST, at)
    assert _verifies(close(reopened, SECOND))
    assert _verifies(close(SiteDirectory(site.path), FIRST))
