"""Duties made by hand, without a regime file."""

from datetime import date

from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.instrument import Clock, Obligation

AT = date(2026, 11, 24)


def held(
    name: str,
    satisfies: str | tuple[str, ...],
    to: tuple[str, ...] = ("none",),
    deontic: str = "must",
    event: str = "always",
    clock: Clock | None = None,
) -> HeldDuty:
    """A duty that is due. ``name``: regime and id, as ``a/report``; the region is the regime in capitals."""
    regime, _, id = name.partition("/")
    obligation = Obligation(
        id=id,
        title="A duty",
        when=(),
        deontic=deontic,
        to=to,
        clock=clock,
        event=event,
        satisfies=(satisfies,) if isinstance(satisfies, str) else satisfies,
        starts=None,
        ends=None,
        penalty=None,
        reference=(),
        confidence="V1",
    )
    return HeldDuty(regime, regime.upper(), "binding", obligation, True, None, True, (), (), AT)
