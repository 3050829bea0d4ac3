"""Signed claims of a closed period as the site keeps them, and where its bundle lies."""

from pathlib import Path

from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.site.directory import SiteDirectory
from tallystick.site.period import period_file_name
from tallystick.whole_file import read_file

MAX_CLAIMS_BYTES = 256 << 20


def bundle_file(site: SiteDirectory, label: str) -> Path:
    """Where the bundle of the period called ``label`` lies."""
    return site.path / "bundles" / f"{site.config.name.lower()}-{period_file_name(label)}.tally"


def claims_file(site: SiteDirectory, label: str) -> Path:
    """Where signed claims of a period are kept, one a line."""
    return site.path / "declarations" / f"{period_file_name(label)}.claims.jsonl"


def kept_claims(path: Path) -> list[Json]:
    """The envelopes that are kept."""
    if not path.exists():
        return []
    return [canonical.decode(line, str(path)) for line in read_file(path, MAX_CLAIMS_BYTES).splitlines()]
