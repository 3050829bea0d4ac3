"""Keys give way to others, or are given up, so that everyone who reads the log knows which one counts.

The site's own change is a leaf in its log. A witness's is first a statement in the witness's directory, one
for each log it has seen, and a leaf where such a log takes it over (``follow``). An inspector's is a
statement that the sites take over which registered the old key.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tallystick.declarations.key_event import (
    INSPECTOR,
    PURPOSE,
    SITE,
    WITNESS,
    KeyEvent,
    KeyRevocation,
    KeyRotation,
)
from tallystick.declarations.key_history import keys_over_log
from tallystick.declarations.key_statements import add_statements, read_statements
from tallystick.errors import SiteError
from tallystick.evidence.keys import SigningKey
from tallystick.evidence.waiting_key import adopt_next, next_key
from tallystick.site.days import finish_pending_day
from tallystick.site.declared import finish_interrupted_close
from tallystick.site.directory import SiteDirectory
from tallystick.site.waiting_log import WaitingLog
from tallystick.units import SLOT_NS
from tallystick.whole_file import write_whole

STATEMENTS = "witness-key-changes.json"
#: Makes the statement that a key leaves behind in the log of an origin.
MakeEvent = Callable[[str, SigningKey], KeyEvent]


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What changed: the statement, and the leaf at which it stands in a log, if it is in one."""

    event: KeyEvent
    leaf: int | None = None


def rotate_site_key(site: SiteDirectory) -> KeyChange:
    """A new key for the site, from the next leaf on. The caller holds the lock. Raises SiteError."""
    path = site.path / "private/site.key"
    old, new = site.key, next_key(path, site.config.origin, PURPOSE[SITE])
    change = _append(site, KeyRotation.signed(SITE, site.config.origin, old, new))
    adopt_next(path)
    _seal(SiteDirectory(site.path))
    return change


def revoke_site_key(site: SiteDirectory, reason: str) -> KeyChange:
    """The site's key signs this leaf's head, and nothing more: the log ends. The caller holds the lock."""
    change = _append(site, KeyRevocation.signed(SITE, site.config.origin, site.key, reason))
    _seal(site)
    return change


def rotate_witness_key(site: SiteDirectory) -> tuple[KeyChange, ...]:
    """A new key for the witness that this site is to others, and a statement for each log it has seen."""
    path = site.path / "private/witness.key"
    new = next_key(path, site.witness_name, PURPOSE[WITNESS])
    changes = _state(site, lambda origin, old: KeyRotation.signed(WITNESS, origin, old, new))
    adopt_next(path)
    return changes


def revoke_witness_key(site: SiteDirectory, reason: str) -> tuple[KeyChange, ...]:
    """A statement for each log that the witness has seen that it cosigns no more."""
    return _state(site, lambda origin, key: KeyRevocation.signed(WITNESS, origin, key, reason))


def follow_witness(site: SiteDirectory, statements: Path | None = None) -> tuple[KeyChange, ...]:
    """Take over into this site's log that its witness changed its key. The caller holds the lock.

    ``statements`` is the witness's file; by default that of the other side's directory. Raises SiteError
    where it says nothing that follows on the key that the log names.
    """
    if statements is None:
        if not site.config.witness:
            raise SiteError("this site has no witness to follow", mend="name a file with --statement")
        statements = site.path / site.config.witness / STATEMENTS
    said = [e for origin, e in read_statements(statements, (WITNESS,)) if origin == site.config.origin]
    if isinstance(site.log, WaitingLog):
        site.log.following = True
    changes = []
    for event in said:
        if event.ends == site.keys.witness[-1].key:
            event.check(site.config.origin)
            changes.append(_append(site, event))
    if not changes:
        raise SiteError(
            "no change follows on the witness's key that this log names",
            where=str(statements),
            mend="ask the witness for its file of key changes",
        )
    if site.keys.witness[-1].key is not None:  # a witness that is gone cosigns no head
        _seal(SiteDirectory(site.path))
    return tuple(changes)


def follow_inspector(site: SiteDirectory, statement: Path) -> tuple[KeyChange, ...]:
    """Take over that a registered inspector changed or revoked his key. The caller holds the lock."""
    inspectors = list(site.inspectors)
    changes = []
    for origin, event in read_statements(statement, (INSPECTOR,)):
        if event.ends in inspectors and origin == event.ends.name:
            event.check(origin)
            at = inspectors.index(event.ends)
            inspectors[at : at + 1] = [event.follows] if event.follows else []
            changes.append(KeyChange(event))
    if not changes:
        mend = "ask the inspector for the file that his old key signed"
        raise SiteError("of no inspector that this site registered", where=str(statement), mend=mend)
    if not inspectors:
        mend = "register another first: with none, this site would answer anybody"
        raise SiteError("this would revoke the last inspector registered", where=str(statement), mend=mend)
    config = replace(site.config, inspectors=tuple(map(str, inspectors)))
    write_whole(site.path / "site.json", json.dumps(asdict(config), indent=1).encode())
    return tuple(changes)


def _append(site: SiteDirectory, event: KeyEvent) -> KeyChange:
    finish_pending_day(site)
    finish_interrupted_close(site)
    keys_over_log([*site.log.leaves, event])  # what would not hold must not stand in the log
    site.log.append([event])
    return KeyChange(event, len(site.log.leaves) - 1)


def _seal(site: SiteDirectory) -> None:
    """A head over the change, so that the witness fixes its time; before any slot, the first slot does."""
    if site.log.sealed:
        site.log.seal(site.now_s(max(site.log.sealed) + SLOT_NS))


def _state(site: SiteDirectory, make: MakeEvent) -> tuple[KeyChange, ...]:
    key, path = site.witness_signing_key, site.path / STATEMENTS
    fresh = [(origin, make(origin, key)) for origin in site.witnessed_origins()]
    add_statements(path, fresh, (WITNESS,))
    return tuple(KeyChange(event) for _, event in fresh)
