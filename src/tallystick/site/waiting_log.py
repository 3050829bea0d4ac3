"""The log of a site that can go on signing no heads that count: it can be read, and takes nothing.

Without this a close would stand in the log under a head that nobody would accept, and could not be undone.
"""

from collections.abc import Sequence
from pathlib import Path

from tallystick.declarations.key_history import KeyHistory
from tallystick.declarations.leaf import Leaf
from tallystick.errors import SiteError
from tallystick.evidence.keys import SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.site.log_file import LogFile


def why_it_waits(keys: KeyHistory, witness: VerifierKey | None, site: Path) -> SiteError | None:
    """What keeps the site in ``site`` from signing heads that count; None where nothing does.

    ``witness`` is the key with which its witness signs now.
    """
    where, another = str(site), "make another site, and agree on its keys; this one answers challenges still"
    if keys.site[-1].key is None:
        return SiteError("this log has ended: its site's key is revoked", where=where, mend=another)
    if witness is None or keys.witness[0].key is None or keys.witness[-1].key == witness:
        return None
    if keys.witness[-1].key is None:
        return SiteError("this log has ended: its witness's key is revoked", where=where, mend=another)
    return SiteError(
        f"{witness.name} signs with another key than this log names",
        where=where,
        mend=f"tallystick key follow {site} --role witness",
    )


class WaitingLog(LogFile):
    """Takes nothing, but what ``key_changes.follow_witness`` adds while ``following``."""

    def __init__(self, folder: Path, key: SigningKey, reason: SiteError) -> None:
        super().__init__(folder, key, None)
        self.following = False
        self._reason = reason

    def append(self, leaves: Sequence[Leaf]) -> None:
        """Append what finishes and follows. Raises SiteError for everything else."""
        if not self.following:
            raise self._reason
        super().append(leaves)

    def seal(self, now_s: int) -> SignedCheckpoint:
        """Raise SiteError: the head would not count."""
        raise self._reason
