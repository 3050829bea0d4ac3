"""Picture (c): where the capacity went, and amounts of training against the cap."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from tallystick.records.flop import FlopInterval
from tallystick.reporting.chart import INK
from tallystick.reporting.drawing import PLOT_WIDTH, Picture, picture
from tallystick.reporting.inspection import plain_words
from tallystick.reporting.inspection.palette import SHADES
from tallystick.trials.mutual import Account, Inspected
from tallystick.trials.timeline import NOT_OBSERVED_KEY, Timeline
from tallystick.units import NS_PER_HOUR, NS_PER_MS, WINDOW_NS

MS_PER_HOUR = NS_PER_HOUR // NS_PER_MS
#: The FLOP axis begins this many times below the smallest amount; its part kept free for text.
MARGIN, TEXT_ROOM = 3, 0.34


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Accelerator-hours of one kind, as declared and as the telemetry shows them."""

    key: str
    declared: float
    seen: float


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of training. ``estimate`` 0: none is made, any amount from ``lower`` to ``upper``."""

    label: str
    lower: int
    estimate: int
    upper: int

    @property
    def text(self) -> str:
        """Both ends in words."""
        if self.lower == 0:
            return f"at most {plain_words.flop(self.upper)}"
        return f"{plain_words.flop(self.lower)} to {plain_words.flop(self.upper)}"


def balance_rows(account: Account) -> list[BalanceRow]:
    """Both columns add up to the site's capacity, up to the share of windows that were partly observed."""
    declaration = account.declaration
    declared = {k: v / MS_PER_HOUR for k, v in declaration.time_ms.items()}
    declared[NOT_OBSERVED_KEY] = (declaration.inventory_ms - declaration.observed_ms) / MS_PER_HOUR
    seen = _seen_hours(account.seen)
    rows = [BalanceRow(k, declared.get(k, 0.0), seen.get(k, 0.0)) for k in SHADES]
    return [row for row in rows if row.declared or row.seen]


def _seen_hours(timeline: Timeline) -> dict[str, float]:
    return {k: sum(v) * WINDOW_NS / NS_PER_HOUR for k, v in timeline.accelerators.items()}


def time_picture(account: Account) -> Picture:
    """Two bars of equal length, the capacity, cut into kinds of work."""
    rows = balance_rows(account)
    values = [
        {"side": side, "h": round(hours, 2), "k": SHADES[row.key].label, "r": rank}
        for rank, row in enumerate(rows)
        for side, hours in (("declared", row.declared), ("telemetry", row.seen))
    ]
    shades = [SHADES[row.key] for row in rows]
    capacity = account.declaration.inventory_ms / MS_PER_HOUR
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(stroke="#FFFFFF", strokeWidth=0.7)
        .encode(
            x=alt.X(
                "h:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, capacity], nice=False),
                axis=alt.Axis(title=f"accelerator-hours, capacity {capacity:,.0f}"),
            ),
            y=alt.Y("side:N", axis=alt.Axis(title=None, minExtent=70), sort=["declared", "telemetry"]),
            color=alt.Color(
                "k:N",
                scale=alt.Scale(domain=[s.label for s in shades], range=[s.fill for s in shades]),
                legend=None,
            ),
            order=alt.Order("r:Q"),
        )
        .properties(width=PLOT_WIDTH - 26, height=84)
    )
    parts = ", ".join(f"{SHADES[r.key].label} {r.declared:,.0f} and {r.seen:,.0f}" for r in rows)
    words = f"Capacity {capacity:,.0f} accelerator-hours. Declared and seen in telemetry: {parts}."
    return picture(
        chart, f"{account.party.name}: balance of accelerator-time", words, tuple(r.key for r in rows)
    )


def training_amounts(inspected: Inspected) -> list[Amount]:
    """Declared amounts, what the inspector saw, and what he cannot exclude."""
    declaration, inspection = inspected.account.declaration, inspected.inspection
    amounts = [
        _amount("declared: all training", declaration.training_flop),
        _amount("declared: largest run", declaration.largest_run_flop),
    ]
    if inspection.runs:
        largest = max((r.flop for r in inspection.runs), key=lambda f: f.estimate)
        amounts.append(_amount("hint: largest run seen", largest))
    judgement = inspection.judgement
    if judgement and judgement.undeclared.upper:
        amounts.append(_amount("seen: undeclared training", judgement.undeclared))
    if judgement:
        amounts.append(Amount("undeclared, not excluded", 0, 0, judgement.bound_flop))
    return [a for a in amounts if a.upper > 0]


def _amount(label: str, flop: FlopInterval) -> Amount:
    return Amount(label, flop.lower, flop.estimate, flop.upper)


def training_picture(inspected: Inspected, cap_flop: int) -> Picture:
    """Intervals of FLOP on a logarithmic axis, with the cap as a line."""
    amounts = training_amounts(inspected)
    chart = _interval_chart(amounts, cap_flop)
    parts = "; ".join(f"{a.label}: {a.text} FLOP" for a in amounts)
    words = f"Cap {plain_words.flop(cap_flop)} FLOP. {parts}."
    return picture(chart, f"{inspected.account.party.name}: training against the cap", words)


def _domain(amounts: list[Amount], cap_flop: int) -> tuple[float, float]:
    """Both ends of the axis, with room on the right for the text beside the longest bar."""
    least = min([cap_flop, *(a.lower or a.upper for a in amounts)])
    most = max([cap_flop, *(a.upper for a in amounts)])
    return least / MARGIN, most * (most / least * MARGIN) ** TEXT_ROOM


def _interval_chart(amounts: list[Amount], cap_flop: int) -> Any:
    domain = _domain(amounts, cap_flop)
    rows = [
        {
            "what": a.label,
            "low": float(a.lower) or domain[0],
            "high": float(a.upper),
            "mid": float(a.estimate) or None,
            "fade": 0.45 if a.lower == 0 else 1.0,
            "text": a.text,
        }
        for a in amounts
    ]
    x = alt.X(
        "low:Q",
        scale=alt.Scale(type="log", domain=list(domain), nice=False),
        axis=alt.Axis(
            title="training, FLOP (each line is ten times the one before)",
            values=[float(10**n) for n in range(40) if domain[0] <= 10**n <= domain[1]],
            labelExpr="replace(format(datum.value, '.0e'), 'e+', 'e')",
        ),
    )
    y = alt.Y("what:N", sort=None, axis=alt.Axis(title=None, minExtent=170, labelLimit=190))
    base = alt.Chart(alt.InlineData(values=rows))
    text = base.encode(x="high:Q", y=y, text="text:N")
    beside: dict[str, Any] = {"align": "left", "dx": 7, "fontSize": 13}
    layers: list[Any] = [
        base.mark_bar(height=13, color="#5B6770").encode(
            x=x, x2="high:Q", y=y, opacity=alt.Opacity("fade:Q", scale=None)
        ),
        base.mark_tick(thickness=3, size=20, color=INK, opacity=1).encode(x="mid:Q", y=y),
        *_cap_layers(cap_flop),
        # A white edge, so that the cap's line does not cross the text.
        text.mark_text(**beside, stroke="#FFFFFF", strokeWidth=5),
        text.mark_text(**beside, color=INK),
    ]
    return alt.layer(*layers).properties(width=PLOT_WIDTH - 126, height=34 * len(rows) + 16)


def _cap_layers(cap_flop: int) -> list[Any]:
    cap = alt.Chart(
        alt.InlineData(values=[{"cap": float(cap_flop), "text": f"cap {plain_words.flop(cap_flop)}"}])
    )
    return [
        cap.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=INK).encode(x="cap:Q"),
        cap.mark_text(
            align="left", baseline="bottom", dx=4, fontSize=13, fontWeight="bold", color=INK
        ).encode(x="cap:Q", y=alt.value(0), text="text:N"),
    ]
