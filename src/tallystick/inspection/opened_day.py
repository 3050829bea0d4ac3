"""One subject's day as it stands in an opening: amounts by column of each hour, and the row's blindings."""

from dataclasses import dataclass

from tallystick.declarations.entry import amounts_json, parse_amounts
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields, hash_from
from tallystick.evidence.proofs.ristretto import decode_scalar, encode_scalar
from tallystick.evidence.salted_fields import OpenedField
from tallystick.records.entry import ColumnAmount

MAX_PATH = 8
MAX_BLINDINGS = 256
HOURS_PER_DAY = 24
MAX_MEMBERS = 4096


@dataclass(frozen=True, slots=True)
class OpenedParts:
    """What a node's hour is made of: its own energy, and the amounts of the accelerators it leads.

    ``hour`` counts from the day's first; ``members`` are in the order of the roster.
    """

    hour: int
    energy_mj: int
    energy_field: OpenedField
    members: tuple[tuple[ColumnAmount, ...], ...]
    fields: tuple[OpenedField, ...]

    def as_json(self) -> Json:
        """As it stands in an opening."""
        return {
            "energy_field": _field_json(self.energy_field),
            "energy_mj": str(self.energy_mj),
            "fields": [_field_json(field) for field in self.fields],
            "hour": self.hour,
            "members": [amounts_json(member) for member in self.members],
        }


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """One row of the matrix: the leaf ``day`` that begins its day, amounts of each hour, blindings.

    ``parts`` are there where the row's subject leads others: one for each hour of which an entry is drawn.
    """

    day: int
    row: int
    hours: tuple[tuple[ColumnAmount, ...], ...]
    fields: tuple[OpenedField, ...]
    blindings: tuple[int, ...]
    parts: tuple[OpenedParts, ...] = ()

    def as_json(self) -> Json:
        """As it stands in an opening."""
        return {
            "amounts": [amounts_json(hour) for hour in self.hours],
            "blindings": [encode_scalar(blinding).hex() for blinding in self.blindings],
            "day": self.day,
            "fields": [_field_json(field) for field in self.fields],
            "parts": [part.as_json() for part in self.parts],
            "row": self.row,
        }


def parse_opened_day(value: Json, where: str) -> OpenedDay:
    """Read an opened day. Raises FormatError."""
    fields = Fields(value, ("amounts", "blindings", "day", "fields", "parts", "row"), where)
    blindings = (hash_from(text, where) for text in fields.items("blindings", MAX_BLINDINGS))
    return OpenedDay(
        day=fields.number("day"),
        row=fields.number("row"),
        hours=_amounts(fields, "amounts", HOURS_PER_DAY, where),
        fields=tuple(_field(field, where) for field in fields.items("fields", HOURS_PER_DAY)),
        blindings=tuple(decode_scalar(blinding, where) for blinding in blindings),
        parts=tuple(_parts(part, where) for part in fields.items("parts", HOURS_PER_DAY)),
    )


def _parts(value: Json, where: str) -> OpenedParts:
    fields = Fields(value, ("energy_field", "energy_mj", "fields", "hour", "members"), where)
    return OpenedParts(
        hour=fields.number("hour"),
        energy_mj=fields.amount("energy_mj"),
        energy_field=_field(fields.raw("energy_field"), where),
        members=_amounts(fields, "members", MAX_MEMBERS, where),
        fields=tuple(_field(field, where) for field in fields.items("fields", MAX_MEMBERS)),
    )


def _amounts(fields: Fields, key: str, limit: int, where: str) -> tuple[tuple[ColumnAmount, ...], ...]:
    return tuple(parse_amounts(value, where) for value in fields.items(key, limit))


def _field_json(field: OpenedField) -> Json:
    return {"path": [node.hex() for node in field.path], "salt": field.salt.hex()}


def _field(value: Json, where: str) -> OpenedField:
    fields = Fields(value, ("path", "salt"), where)
    path = tuple(hash_from(node, where) for node in fields.items("path", MAX_PATH))
    return OpenedField(fields.hash("salt"), path)
