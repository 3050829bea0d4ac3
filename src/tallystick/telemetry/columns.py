"""The columns of a sample table as Parquet: names, types and what to do about wrong ones."""

from difflib import get_close_matches

import pyarrow as pa

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS
from tallystick.telemetry.place import Place, quoted

INTEGERS = ("time_ns", "interval_ns", "quality")
STRINGS = ("subject", "kind", "hardware", "covers", "source", "trust")
REQUIRED = ("time_ns", "subject", "kind", "hardware", "covers", "source", "trust", "interval_ns", "quality")
#: Columns with this prefix are the operator's own and are not read.
EXTENSION_PREFIX = "x_"
MAX_COLUMNS = 256

#: Names that other tools give to the same thing.
_ALIASES = {
    "time": "time_ns",
    "timestamp": "time_ns",
    "ts": "time_ns",
    "t_s": "time_ns",
    "name": "subject",
    "gpu": "subject",
    "uuid": "subject",
    "node": "subject",
    "host": "subject",
    "interval": "interval_ns",
}


def check_columns(schema: pa.Schema, place: Place) -> tuple[str, ...]:
    """The channels that the table has, in canonical order.

    Raises SampleError where a column is missing, unknown, repeated or of the wrong type.
    """
    names = list(schema.names)
    if len(names) > MAX_COLUMNS:
        raise SampleError(
            f"has {len(names)} columns, more than {MAX_COLUMNS}",
            where=place.file,
            mend="leave out the others",
        )
    _check_names(names, place)
    for name in INTEGERS:
        _check_integer(schema.field(name).type, name, "ns" if name.endswith("_ns") else "flags", place)
    for name in STRINGS:
        _check_string(schema.field(name).type, name, place)
    channels = tuple(name for name in CHANNELS if name in names)
    for name in channels:
        _check_integer(schema.field(name).type, name, CHANNELS[name].unit, place)
    return channels


def _check_names(names: list[str], place: Place) -> None:
    known = [*REQUIRED, *CHANNELS]
    unknown = [n for n in names if n not in known and not n.startswith(EXTENSION_PREFIX)]
    missing = [n for n in REQUIRED if n not in names]
    if unknown:
        raise SampleError(
            "this column is not known", where=place.column(unknown[0]), mend=_rename(unknown[0], names)
        )
    if missing:
        raise SampleError(
            f"the column '{missing[0]}' is missing", where=place.file, mend="add it (spec/samples.md)"
        )
    repeated = [n for i, n in enumerate(names) if n in names[:i]]
    if repeated:
        raise SampleError(
            "this column occurs twice", where=place.column(repeated[0]), mend="keep one of them"
        )
    if not any(n in CHANNELS for n in names):
        raise SampleError(
            "no column is a channel", where=place.file, mend=f"add one of: {', '.join(CHANNELS)}"
        )


def _rename(name: str, present: list[str]) -> str:
    """What to do about an unknown column."""
    if name.startswith("__index_level_"):
        return "write the table without its index (pandas: to_parquet(..., index=False))"
    free = {n.lower(): n for n in (*REQUIRED, *CHANNELS) if n not in present}
    lowered = name[:80].lower()
    near = [_ALIASES.get(lowered, "")] + [free[n] for n in get_close_matches(lowered, free, 1)]
    near = [n for n in near if n and n not in present]
    advice = f"rename it to '{near[0]}'" if near else "take it out"
    return f"{advice}, or begin its name with '{EXTENSION_PREFIX}' to have it left aside"


def _check_integer(kind: pa.DataType, name: str, unit: str, place: Place) -> None:
    if pa.types.is_integer(kind):
        return
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        raise SampleError(
            f"holds {quoted(str(kind))} instead of integers, so its unit and time zone are open to doubt",
            where=place.column(name),
            mend="convert it to UTC and store int64 nanoseconds since 1970",
        )
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        raise SampleError(
            "holds fractional numbers (float or decimal)",
            where=place.column(name),
            mend=f"write integers in base units ({unit}) and leave a missing reading empty instead of NaN",
        )
    raise SampleError(
        f"holds {quoted(str(kind))} instead of integers",
        where=place.column(name),
        mend=f"write int64 in base units ({unit})",
    )


def _check_string(kind: pa.DataType, name: str, place: Place) -> None:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    if any(test(inner) for test in tests):
        return
    raise SampleError(
        f"holds {quoted(str(kind))} instead of strings",
        where=place.column(name),
        mend="write it as a string column",
    )
