"""The reference set of permitted work: how much of it is judged training, and what lies outside.

``run_reference.json`` is written by ``python -m tallystick.trials.run_reference --write`` for one model of
the classifier, whose hash it names. All of it is simulated.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tallystick.records.subject import Subject

FILE = "run_reference.json"


@dataclass(frozen=True, slots=True)
class RunReference:
    """Greatest share judged training in an hour, by kind of subject, and where it comes from.

    ``inside`` are the families of permitted work that the null covers; ``outside`` those that were measured
    and that it does not cover. ``hash`` is SHA-256 of the file. ``runs`` of families inside were seen.
    """

    model: str
    null_share_ppm: dict[str, int]
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    hash: str
    runs: int = 0

    def share_ppm(self, subjects: list[Subject]) -> int | None:
        """The null's share for a run on ``subjects``; None where no reference was measured for their kind."""
        shares = [self.null_share_ppm.get(kind.value) for kind in {s.kind for s in subjects}]
        known = [share for share in shares if share is not None]
        return max(known) if known and len(known) == len(shares) else None


@cache
def run_reference() -> RunReference:
    """The shipped reference."""
    data = files("tallystick.accounting").joinpath(FILE).read_bytes()
    raw = json.loads(data)
    return RunReference(
        model=raw["model"],
        null_share_ppm=raw["null_share_ppm"],
        inside=tuple(raw["inside"]),
        outside=tuple(raw["outside"]),
        hash=hashlib.sha256(data).hexdigest(),
        runs=sum(raw["families"][family]["runs"] for family in raw["inside"]),
    )
