"""Observed time and energy of an opened sample block."""

from tallystick.accounting.energy import SpanAmount, integrate
from tallystick.evidence.block import SampleBlock
from tallystick.records.sample import MISSING, POWER_CHANNEL
from tallystick.units import SLOT_NS


def block_amounts(block: SampleBlock, span_ns: int) -> list[SpanAmount]:
    """Amounts in each span of ``span_ns`` of the block's slot, from its readings of power alone."""
    header = block.header
    power = block.channels.get(POWER_CHANNEL[header.kind], ())
    rows = [(t, p) for t, p in zip(block.time_ns, power, strict=False) if p != MISSING]
    return integrate(
        [t for t, _ in rows],
        [p for _, p in rows],
        header.interval_ns,
        header.slot_ns,
        header.slot_ns + SLOT_NS,
        span_ns,
    )
