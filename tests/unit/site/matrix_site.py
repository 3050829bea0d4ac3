"""A small site that keeps a matrix: two nodes of eight accelerators, one hour, one lineage."""

from pathlib import Path

from tallystick.simulation.source import open_simulation
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest

MATRIX_SPEC = "honest,seed=203,accelerators=16,hours=1,traces=off"


def matrix_site(path: Path) -> SiteDirectory:
    """The site with its samples sealed."""
    site = SiteDirectory.create(path, "Site", None, lineages=1)
    site.use_simulated_clock()
    ingest(site, open_simulation(MATRIX_SPEC))
    return site
