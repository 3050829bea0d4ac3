"""One small simulated site, built once, copied by whoever changes it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tallystick.simulation.source import open_simulation
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest

#: No reference traces, so that the bytes are the same wherever the tests run.
SPEC = "honest,seed=203,accelerators=16,hours=2,traces=off"


@dataclass(frozen=True)
class Pair:
    """A site with samples, and the other side's site, whose witness cosigns its log."""

    site: SiteDirectory
    peer: SiteDirectory


@pytest.fixture(scope="session", autouse=True)
def key_encryption_key_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test touches the user's own key-encryption key, nor do the commands that it starts."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
    for name in ("TALLYSTICK_PASSPHRASE", "TALLYSTICK_PASSPHRASE_FILE"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def ingested_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ingested")
    SiteDirectory.create(root / "peer", "Peer", root / "site")
    site = SiteDirectory.create(root / "site", "Site", root / "peer")
    site.use_simulated_clock()
    ingest(site, open_simulation(SPEC))
    return root


@pytest.fixture
def ingested(ingested_template: Path, tmp_path: Path) -> Pair:
    """A fresh copy of a site whose samples are sealed and whose period is not closed."""
    root = tmp_path / "pair"
    shutil.copytree(ingested_template, root)
    return Pair(SiteDirectory(root / "site"), SiteDirectory(root / "peer"))
