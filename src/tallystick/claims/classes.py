"""``classes``: the shares of accelerator-time of kinds of column are within stated bounds.

The whole is public, since time closes to the inventory, so a share is a bound on a sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from tallystick.claims.bounds import Bound, Sense, terms_over
from tallystick.claims.figure import Figure
from tallystick.claims.public_record import PublicRecord
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.matrix.columns import Role
from tallystick.evidence.proofs.ristretto import Point
from tallystick.units import PPM


class TimeClass(StrEnum):
    """Kinds of column whose accelerator-time is taken together."""

    GENERATION = "generation inside training"
    LINEAGES = "lineages"
    NOT_TRAINING = "not training"
    OTHER_TRAINING = "other training"
    TRAINING = "training"


_ROLES = {
    TimeClass.GENERATION: (Role.GENERATION,),
    TimeClass.LINEAGES: (Role.LINEAGE,),
    TimeClass.NOT_TRAINING: (Role.NOT_TRAINING,),
    TimeClass.OTHER_TRAINING: (Role.OTHER_TRAINING,),
    TimeClass.TRAINING: (Role.OTHER_TRAINING, Role.GENERATION, Role.LINEAGE),
}


@dataclass(frozen=True, slots=True)
class Share:
    """At least and at most so many ppm of accelerator-time are of one kind; 0 and 1,000,000 bind nothing."""

    of: TimeClass
    least_ppm: int
    most_ppm: int

    def __post_init__(self) -> None:
        """Raises InputError for bounds out of order, out of range, or that bind nothing."""
        if not 0 <= self.least_ppm <= self.most_ppm <= PPM or (self.least_ppm, self.most_ppm) == (0, PPM):
            raise InputError(f"the share of {self.of} has no bounds between 0 and {PPM} ppm that bind")

    def __str__(self) -> str:
        return f"{self.of} {self.least_ppm} to {self.most_ppm} ppm"


@dataclass(frozen=True)
class Classes:
    """Shares by ascending name of their class, each once."""

    shares: tuple[Share, ...]

    kind: ClassVar[str] = "classes"
    figure: ClassVar[Figure] = Figure.ACCELERATOR_TIME
    known_key: ClassVar[Point | None] = None

    def __post_init__(self) -> None:
        """Raises InputError for no share, or shares out of order."""
        names = [share.of.value for share in self.shares]
        if not names or any(left >= right for left, right in pairwise(names)):
            raise InputError("shares are by ascending name of their class, each once")

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return f"shares of accelerator-time: {', '.join(map(str, self.shares))}"

    def fields(self) -> dict[str, Json]:
        """For the canonical encoding."""
        return {"shares": [[s.of.value, s.least_ppm, s.most_ppm] for s in self.shares]}

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """Up to two bounds a share, in milliseconds, rounded to the side that is harder to keep."""
        bounds = []
        for share in self.shares:
            columns = record.plan.with_role(*_ROLES[share.of])
            if not columns:
                raise VerificationError(f"the plan has no column of {share.of}")
            terms = terms_over(record, self.figure, columns)
            if share.least_ppm:
                least = -(-record.inventory_ms * share.least_ppm // PPM)
                bounds.append(Bound(share.of.value, self.figure, terms, Sense.AT_LEAST, least))
            if share.most_ppm < PPM:
                most = record.inventory_ms * share.most_ppm // PPM
                bounds.append(Bound(share.of.value, self.figure, terms, Sense.AT_MOST, most))
        return tuple(bounds)


def read_classes(value: Json, where: str) -> Classes:
    """The inverse of ``Classes.fields``. Raises FormatError."""
    items = Fields(value, ("shares",), where).items("shares", len(TimeClass))
    try:
        return Classes(tuple(_share(item) for item in items))
    except (InputError, TypeError, ValueError) as error:
        raise FormatError(f"unusable shares ({error})", where=where) from error


def _share(item: Sequence[Json]) -> Share:
    name, least, most = item
    if type(least) is not int or type(most) is not int:
        raise ValueError("bounds are not integers")
    if not isinstance(name, str) or name not in list(TimeClass):
        raise ValueError("no such class")
    return Share(TimeClass(name), least, most)
