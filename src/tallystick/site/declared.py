"""Kept declarations, and the leaf that commits each to the log.

A process may be killed after an envelope is kept and before its leaf is in the log. Whoever changes the
log next finishes that first: with other leaves in its place, the period could never be closed.
"""

import hashlib
from pathlib import Path

from tallystick.declarations.leaf import Close
from tallystick.declarations.statement import PAYLOAD_TYPE, Declaration, parse_declaration
from tallystick.errors import FormatError, SiteError, TallystickError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import open_envelope
from tallystick.site.directory import SiteDirectory
from tallystick.units import SLOT_NS
from tallystick.whole_file import read_file

MAX_ENVELOPE_BYTES = 4 << 20


def kept_envelopes(site: SiteDirectory) -> list[Path]:
    """The envelopes of all declared periods."""
    return sorted((site.path / "declarations").glob("*.dsse.json"))


def read_declaration(site: SiteDirectory, path: Path) -> tuple[Declaration, Json]:
    """A kept declaration and its envelope, signed with the key that counted where the log closed it.

    Raises FormatError or VerificationError.
    """
    envelope = canonical.decode(read_file(path, MAX_ENVELOPE_BYTES), str(path))
    failures: list[TallystickError] = []
    for key in [span.key for span in reversed(site.keys.site) if span.key is not None]:
        try:
            payload = open_envelope(envelope, PAYLOAD_TYPE, key, str(path))
        except (FormatError, VerificationError) as error:
            failures.append(error)
            continue
        declaration = parse_declaration(payload, str(path))
        if site.keys.site_key(declaration.log_size + 1) == key:
            return declaration, envelope
        failures.append(VerificationError("signed with a key that does not count there", where=str(path)))
    raise failures[-1]


def commit_close(site: SiteDirectory, declaration: Declaration) -> None:
    """Put the declaration's leaf into the log, where it is not there yet, and seal the head.

    Raises SiteError where something else stands in its place.
    """
    leaf = close_leaf(declaration)
    index = declaration.log_size
    if len(site.log.leaves) == index:
        site.log.append([leaf])
    if site.log.leaves[index : index + 1] != [leaf]:
        raise SiteError(
            f"the declaration of {declaration.period.label} is kept but not the next thing in the log",
            mend="restore the site from a backup",
        )
    if not any(h.checkpoint.size == index + 1 for h in site.log.heads):
        site.log.seal(site.now_s(max(site.log.sealed) + SLOT_NS))


def finish_interrupted_close(site: SiteDirectory) -> None:
    """Commit, and seal, the declaration at the log's end, if a killed close left one without."""
    for path in kept_envelopes(site):
        declaration, _ = read_declaration(site, path)
        if site.log.leaves[declaration.log_size :] in ([], [close_leaf(declaration)]) and (
            declaration.log_size <= len(site.log.leaves)
        ):
            commit_close(site, declaration)


def close_leaf(declaration: Declaration) -> Close:
    """The leaf that commits ``declaration``."""
    return Close(hashlib.sha256(declaration.payload()).digest())
