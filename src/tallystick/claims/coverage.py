"""``coverage``: at an hour, each declared accelerator is in exactly one stream (row), by sorted pseudonyms.

Strictly ascending pseudonyms are all different, and so are their accelerators; each row has as many as the
inventory says, so none is left out unless another was made up, which spot checks find.
"""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from tallystick.claims.bounds import Bound
from tallystick.claims.context import MAX_HOUR, hour_text
from tallystick.claims.figure import Figure
from tallystick.claims.pseudonyms import (
    PseudonymOpening,
    check_pseudonym,
    coverage_key,
    coverage_scalar,
    pseudonym_of,
)
from tallystick.claims.public_record import PublicRecord, hours_of
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields, hash_from
from tallystick.evidence.matrix.place import MAX_NAME, RowPlace
from tallystick.evidence.proofs.ristretto import ENCODED_BYTES, Point, decode_point

#: Most accelerators of one claim: a file of some 7 MB.
MAX_ACCELERATORS = 2**17


@dataclass(frozen=True, slots=True)
class Stream:
    """One accelerator's pseudonym, and the row that covers it."""

    pseudonym: Point
    site: str
    row: int


@dataclass(frozen=True)
class Coverage:
    """All accelerators by ascending pseudonym under the operator's key. ``hour``: since 1970-01-01, UTC."""

    hour: int
    key: Point
    streams: tuple[Stream, ...]

    kind: ClassVar[str] = "coverage"
    figure: ClassVar[Figure] = Figure.ACCELERATORS

    def __post_init__(self) -> None:
        """Raises InputError for an hour that is none, too many accelerators, or pseudonyms out of order."""
        if not 0 <= self.hour < MAX_HOUR:
            raise InputError(f"hour {self.hour} is out of range")
        if not 0 < len(self.streams) <= MAX_ACCELERATORS:
            raise InputError(f"a claim of coverage lists 1 to {MAX_ACCELERATORS} accelerators")
        if any(left.pseudonym >= right.pseudonym for left, right in pairwise(self.streams)):
            raise InputError("pseudonyms are not strictly ascending, so one may be there twice")

    @property
    def known_key(self) -> Point:
        """The key whose scalar the prover has to know."""
        return self.key

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        hour = hour_text(self.hour)
        return f"each of {len(self.streams)} accelerators is in exactly one stream at {hour}"

    def fields(self) -> dict[str, Json]:
        """For the canonical encoding."""
        sites = sorted({stream.site for stream in self.streams})
        index = {site: at for at, site in enumerate(sites)}
        return {
            "hour": self.hour,
            "key": self.key.hex(),
            "pseudonyms": base64.b64encode(b"".join(s.pseudonym for s in self.streams)).decode(),
            "rows": [[index[stream.site], stream.row] for stream in self.streams],
            "sites": sites,
        }

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """None over the matrix. Raises VerificationError unless each row has all its accelerators."""
        if record.coverage_key != self.key:
            raise VerificationError("the key of pseudonyms is not the one that the log names")
        due = {(d.place.site, d.place.row): d.place for d in record.due if self.hour in hours_of(d.place)}
        if not due:
            raise VerificationError(f"{hour_text(self.hour)} is not in the period")
        listed = Counter((stream.site, stream.row) for stream in self.streams)
        for site, row in sorted(listed.keys() - due.keys()):
            raise VerificationError(f"no row {row} of site {site} is due at {hour_text(self.hour)}")
        for key, place in sorted(due.items()):
            covered = _declared(record, self.hour, place)
            if listed[key] != covered:
                raise VerificationError(
                    f"{listed[key]} accelerators are listed where the inventory has {covered}",
                    where=str(place),
                )
        return ()

    def stream_of(self, operator: str, opening: PseudonymOpening, bound_to: bytes) -> Stream:
        """The stream that covers an opened accelerator.

        Raises VerificationError where the opening does not hold or no stream covers it.
        """
        check_pseudonym(self.key, operator, opening, bound_to)
        for stream in self.streams:
            if stream.pseudonym == opening.pseudonym:
                return stream
        raise VerificationError(f"no stream covers accelerator {opening.serial}")


def list_coverage(
    secret: bytes, record: PublicRecord, hour: int, serials: Mapping[RowPlace, Sequence[str]]
) -> Coverage:
    """The operator's list at an hour. ``serials``: those that each row covers.

    Raises InputError for a serial in two rows, and names it: that message is for the operator alone.
    """
    operator = record.context.operator
    scalar = coverage_scalar(secret, operator)
    seen: dict[str, RowPlace] = {}
    streams = []
    for place, covered in serials.items():
        for serial in covered:
            if serial in seen:
                raise InputError(f"accelerator {serial} is also in {seen[serial]}", where=str(place))
            seen[serial] = place
            streams.append(Stream(pseudonym_of(scalar, serial), place.site, place.row))
    key = coverage_key(secret, operator)
    return Coverage(hour, key, tuple(sorted(streams, key=lambda stream: stream.pseudonym)))


def read_coverage(value: Json, where: str) -> Coverage:
    """The inverse of ``Coverage.fields``. Raises FormatError."""
    fields = Fields(value, ("hour", "key", "pseudonyms", "rows", "sites"), where)
    sites = fields.items("sites", MAX_ACCELERATORS)
    if not all(isinstance(s, str) and 0 < len(s) <= MAX_NAME and s.isprintable() for s in sites):
        raise FormatError("sites are not printable names", where=where)
    pseudonyms = _pseudonyms(fields.text("pseudonyms", 44 * MAX_ACCELERATORS), where)
    rows = fields.items("rows", MAX_ACCELERATORS)
    if len(rows) != len(pseudonyms):
        raise FormatError("pseudonyms and rows are not pairs", where=where)
    streams = [Stream(p, *_row(row, sites, where)) for p, row in zip(pseudonyms, rows, strict=True)]
    hour, key = fields.number("hour"), decode_point(hash_from(fields.raw("key"), where), where)
    try:
        return Coverage(hour, key, tuple(streams))
    except InputError as error:
        raise FormatError(error.problem, where=where) from error


def _pseudonyms(text: str, where: str) -> list[Point]:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FormatError("pseudonyms are not base64", where=where) from error
    width = ENCODED_BYTES
    return [decode_point(data[at : at + width], where) for at in range(0, len(data), width)]


def _row(row: Json, sites: Sequence[str], where: str) -> tuple[str, int]:
    if not isinstance(row, list) or len(row) != 2 or any(type(number) is not int for number in row):
        raise FormatError("a row of the list is not a site's number and a row", where=where)
    site, number = row
    if not 0 <= site < len(sites) or number < 0:
        raise FormatError("a row of the list names no site", where=where)
    return sites[site], number


def _declared(record: PublicRecord, hour: int, place: RowPlace) -> int:
    declared = record.accelerators.get(hour, {})
    if place not in declared:
        raise InputError(
            f"the record does not say how many accelerators the row covers at {hour_text(hour)}",
            where=str(place),
            mend="take the number from the log's roster",
        )
    return declared[place]
