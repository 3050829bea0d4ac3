"""What every claim is bound to beside its statement: operator, sites, logs, checkpoints and period."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tallystick.errors import InputError
from tallystick.evidence import canonical
from tallystick.evidence.log.checkpoint import Checkpoint
from tallystick.evidence.matrix.place import DIGEST_BYTES, HOURS_PER_DAY, MAX_DAY, MAX_NAME

PROTOCOL = "tallystick-claims/1"
MAX_SITES = 1024
#: Hours since 1970-01-01 that a calendar of four-digit years holds.
MAX_HOUR = MAX_DAY * HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class SiteLog:
    """A site, the checkpoint of its log that covers the rows, and its part of the period.

    That part is from ``first_hour`` until before ``end_hour``, in hours since 1970-01-01 (UTC): while the
    site has accelerators in the inventory.
    """

    site: str
    checkpoint: Checkpoint
    first_hour: int
    end_hour: int

    def __post_init__(self) -> None:
        """Raises InputError for a name or checkpoint that no site has."""
        _check_name("site", self.site)
        _check_name("origin", self.checkpoint.origin)
        if not 0 < self.checkpoint.size <= canonical.MAX_INTEGER:
            raise InputError(f"the log of site {self.site} has no usable size")
        if len(self.checkpoint.root) != DIGEST_BYTES:
            raise InputError(f"the root of site {self.site}'s log has {DIGEST_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """Operator, its sites by ascending name, the period and its label.

    The period is from ``first_hour`` until before ``end_hour``, in hours since 1970-01-01 (UTC).

    The verifier makes it from the logs; it is never read from a claim.
    """

    operator: str
    sites: tuple[SiteLog, ...]
    first_hour: int
    end_hour: int
    label: str

    def __post_init__(self) -> None:
        """Raises InputError for names, days or an order of sites that no context has."""
        _check_name("operator", self.operator)
        _check_name("period's label", self.label)
        if not 0 <= self.first_hour < self.end_hour <= MAX_HOUR:
            raise InputError(f"hours {self.first_hour} to {self.end_hour} are no period")
        if not 0 < len(self.sites) <= MAX_SITES:
            raise InputError(f"a claim speaks of 1 to {MAX_SITES} sites")
        if any(left.site >= right.site for left, right in pairwise(self.sites)):
            raise InputError("the sites of a claim are not by ascending name, each once")
        for site in self.sites:
            if not self.first_hour <= site.first_hour < site.end_hour <= self.end_hour:
                raise InputError(f"the hours of site {site.site} are not within the period")

    def site_log(self, site: str) -> SiteLog | None:
        """The log of a site, or None for a site that the context does not name."""
        return next((log for log in self.sites if log.site == site), None)

    def encoding(self) -> bytes:
        """Canonical bytes."""
        sites = [
            {
                "end_hour": log.end_hour,
                "first_hour": log.first_hour,
                "origin": log.checkpoint.origin,
                "root": log.checkpoint.root.hex(),
                "site": log.site,
                "size": log.checkpoint.size,
            }
            for log in self.sites
        ]
        return canonical.encode(
            {
                "end_hour": self.end_hour,
                "first_hour": self.first_hour,
                "label": self.label,
                "operator": self.operator,
                "protocol": PROTOCOL,
                "sites": sites,
            }
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of the encoding: what proofs are bound to."""
        return hashlib.sha256(self.encoding()).digest()

    def __str__(self) -> str:
        names = ", ".join(log.site for log in self.sites)
        return f"{self.operator} at {names}, {hour_text(self.first_hour)} to {hour_text(self.end_hour)} UTC"


def hour_text(hour: int) -> str:
    """An hour since 1970-01-01 as a date with its time, in UTC."""
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour):%Y-%m-%d %H:%M}"


def day_text(day: int) -> str:
    """A day since 1970-01-01 as a date."""
    return hour_text(day * HOURS_PER_DAY)[:10]


def _check_name(what: str, name: str) -> None:
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise InputError(f"the {what} is not 1 to {MAX_NAME} printable characters")
