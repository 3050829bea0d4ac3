"""Readings in text, to integers in the schema's units: exact decimals, and marks for no value.

Tools write a reading that they do not have in many ways: a word (``N/A``, ``[Not Supported]``), NaN, or a
number that no sensor can give. DCGM's are 16 each at the top of 32-bit and 64-bit integers and from 2^47 on
in floating point (``dcgm_structs.h``), NVML's all ones. Such a reading is ``MISSING``, never zero.
"""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Context, Decimal

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MISSING, ChannelKind
from tallystick.telemetry.place import quoted
from tallystick.telemetry.unit_check import WHOLE_PERCENT
from tallystick.units import PPM

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_PLAIN = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")
_WORDS = frozenset(("", "-", "n/a", "na", "nan", "inf", "+inf", "-inf", "err!", "no data"))
#: What nvidia-smi wrote before it put such words in brackets.
_OLD_WORDS = frozenset(("not supported", "not found", "unknown error", "insufficient permissions"))
#: Marks of DCGM and NVML in whole readings, first and last. The great ones also stand as the doubles that
#: Prometheus makes of them, which are further off.
_MARKS = ((2**63 - 1024, 2**63 + 1024), (2**64 - 2048, 2**64 + 2048))
#: Marks that a gauge cannot reach, whereas a counter of bytes can.
_GAUGE_MARKS = ((2**31 - 16, 2**31 - 1), (2**32 - 1, 2**32 - 1), (2**47, 2**47 + 15))
_LARGEST = Decimal(2) ** 80
_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
_ONE = Decimal(1)
_PPM_PER_PERCENT = PPM // 100
#: Different words for missing readings that are counted apart.
_MAX_REASONS = 64


class MissingReadings:
    """Counts readings that a file says it does not have, by channel and by what stands in their place."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, channel: str, why: str) -> None:
        """One more."""
        key = (channel, why)
        known = key in self._counts or len(self._counts) < _MAX_REASONS
        self._counts[key if known else (channel, "other words")] += 1

    def notes(self) -> tuple[str, ...]:
        """One line for each channel and reason."""
        return tuple(
            f"{count} readings of {channel} are missing: {why}"
            for (channel, why), count in sorted(self._counts.items())
        )


def reading(text: str, channel: str, factor: int, where: str, missing: MissingReadings) -> int:
    """``factor`` times the number in ``text``, rounded half up, or ``MISSING`` where it is a mark.

    Raises SampleError, placed at ``where``, where it is no number, negative or beyond the channel.
    """
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return _within(int(text) * factor, channel, text, where)
    if plain := _PLAIN.fullmatch(text):  # most readings: too small for a mark, and fast to scale exactly
        scale = 10 ** len(plain[2])
        return _within((2 * int(plain[1] + plain[2]) * factor + scale) // (2 * scale), channel, text, where)
    why = _mark(text, channel)
    if why:
        missing.add(channel, why)
        return MISSING
    number = decimal(text)
    if number is None:
        raise SampleError(
            f"'{channel}' is {quoted(text)}", where=where, mend="is this the right column? Give a number"
        )
    scaled = _EXACT.multiply(min(number, _LARGEST), Decimal(factor))
    return _within(int(scaled.quantize(_ONE, context=_EXACT)), channel, text, where)


def decimal(text: str) -> Decimal | None:
    """The number that ``text`` is, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _mark(text: str, channel: str) -> str:
    """Why ``text`` is no reading of ``channel``, or nothing."""
    if text.lower() in _WORDS | _OLD_WORDS or (text[:1] + text[-1:]) in ("[]", "<>"):
        return quoted(text)
    number = decimal(text)
    gauge = CHANNELS[channel].kind is ChannelKind.GAUGE
    marks = (*_MARKS, *_GAUGE_MARKS) if gauge else _MARKS
    if number is not None and any(first <= number <= last for first, last in marks):
        return f"{quoted(text)} is a mark for no value"
    return ""


def _within(value: int, channel: str, text: str, where: str) -> int:
    limit = CHANNELS[channel]
    if not 0 <= value <= limit.maximum:
        raise SampleError(
            f"'{channel}' is {quoted(text)}, outside 0 to {limit.maximum} {limit.unit}",
            where=where,
            mend="is the unit the tool's own? Take the reading out if there is none",
        )
    if channel == WHOLE_PERCENT and value % _PPM_PER_PERCENT:
        raise SampleError(
            f"'{channel}' is {quoted(text)}, not whole percent",
            where=where,
            mend="give what the tool reads, not a fraction or a mean",
        )
    return value
