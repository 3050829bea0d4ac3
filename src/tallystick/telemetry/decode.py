"""Arrow columns to NumPy: integers with ``MISSING`` for empty, strings as codes of distinct values.

Strings are handled as bytes: Arrow does not check that they are UTF-8, and nor does Python have to.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.errors import SampleError
from tallystick.records.sample import MISSING
from tallystick.telemetry.place import Place, first_true
from tallystick.telemetry.table import Int64

#: Most distinct values of one string column, and so most subjects of a site.
MAX_SUBJECTS = 200_000
#: Most bytes that the distinct values of one string column may take.
MAX_TEXT_BYTES = 2**28

_INT64_MAX = 2**63 - 1


def integer_column(array: pa.Array, name: str, place: Place, *, nullable: bool) -> Int64:
    """The column as int64 (n,). Empty is ``MISSING`` if ``nullable``, else SampleError."""
    empty = _empty(array)
    row = None if empty is None else first_true(empty)
    if row is not None and not nullable:
        raise SampleError(f"'{name}' is empty", where=place.at(row), mend="give every row a value")
    values = (array if empty is None else array.fill_null(0)).to_numpy(zero_copy_only=False)
    too_large = first_true(values > _INT64_MAX) if values.dtype == np.uint64 else None
    if too_large is not None:
        raise SampleError(
            f"'{name}' is {int(values[too_large])}, beyond 64-bit integers",
            where=place.at(too_large),
            mend="is the unit right? Leave the reading empty if there is none",
        )
    result: Int64 = values.astype(np.int64, copy=empty is not None)
    if nullable:
        below = first_true(result < 0)
        if below is not None:
            raise SampleError(
                f"'{name}' is negative ({int(result[below])})",
                where=place.at(below),
                mend="no channel can be below 0; leave the reading empty if there is none",
            )
    if empty is not None:
        result[empty] = MISSING
    return result


class TextCoder:
    """Numbers the distinct values of one string column, the same over all batches."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: list[bytes] = []
        self._ids: dict[bytes, int] = {}
        self._bytes = 0
        self._last: tuple[pa.Array, Int64] | None = None

    def codes(self, array: pa.Array, place: Place) -> Int64:
        """Index into ``values`` of each row (n,). SampleError where a row is empty."""
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        empty = _empty(array)
        row = None if empty is None else first_true(empty)
        if row is not None:
            raise SampleError(f"'{self.name}' is empty", where=place.at(row), mend="give every row a value")
        local = array.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        row = first_true((local < 0) | (local >= len(array.dictionary)))
        if row is not None:
            raise SampleError(
                f"'{self.name}' is damaged", where=place.at(row), mend="write or copy the file again"
            )
        result: Int64 = self._mapping(array.dictionary, place)[local]
        return result

    def _mapping(self, dictionary: pa.Array, place: Place) -> Int64:
        if self._last is not None and self._last[0].equals(dictionary):
            return self._last[1]
        binary = pa.large_binary() if pa.types.is_large_string(dictionary.type) else pa.binary()
        raw = dictionary if _is_bytes(dictionary.type) else dictionary.cast(binary)
        mapping = np.array([self._id(v or b"", place) for v in raw.to_pylist()], dtype=np.int64)
        self._last = (dictionary, mapping)
        return mapping

    def _id(self, value: bytes, place: Place) -> int:
        known = self._ids.get(value)
        if known is not None:
            return known
        self._bytes += len(value)
        if len(self.values) >= MAX_SUBJECTS or self._bytes > MAX_TEXT_BYTES:
            raise SampleError(
                f"'{self.name}' takes more than {MAX_SUBJECTS} values or {MAX_TEXT_BYTES} bytes",
                where=place.at(0),
                mend="split the table into several sites",
            )
        self._ids[value] = len(self.values)
        self.values.append(value)
        return len(self.values) - 1


def _empty(array: pa.Array) -> npt.NDArray[np.bool_] | None:
    """Which rows are empty; None where there are none, which most columns say of themselves."""
    if not array.null_count:
        return None
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
