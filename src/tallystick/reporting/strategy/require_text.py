"""What inspection must achieve, in plain text and as plain data."""

from typing import Any

import numpy as np

from tallystick.reporting.strategy.text import LABEL, joined, section
from tallystick.strategy.as_json import plain
from tallystick.strategy.memo.plain_words import GATE_NAMES, SCENARIOS, SHARE_NOTICE, level, share
from tallystick.strategy.memo.technology_words import (
    alone_words,
    beyond_technology,
    demo_lines,
    first_to_improve,
    gap_words,
    headline,
    profile_words,
    target_words,
    together_words,
)
from tallystick.strategy.require.requirement import Requirement
from tallystick.strategy.require.surface import Surface

__all__ = ["demo_lines", "require_json", "require_text"]


def require_text(found: Requirement, title: str) -> str:
    """Whether it can hold, what is needed axis by axis, and the frontier."""
    rows = [f"  {'':<14}{'as it is':>10}{'perfect':>10}  then binding"]
    for name, best in found.perfect.states.items():
        now = found.now.states[name]
        rows.append(
            f"  {name:<14}{share(now.share):>10}{share(best.share):>10}  {GATE_NAMES[best.binding_gate]}"
        )
    together = f"{share(found.now.joint):>10}{share(found.perfect.joint):>10}"
    rows.append(f"  {'all together':<14}{together}  {found.perfect.verdict}")
    words = profile_words if found.target is None else gap_words
    parts = [
        [
            f"{found.regime}  {title}",
            f"technology {found.technology}; {found.draws:,} draws, seed {found.seed}, "
            f"proposed by {found.proposer}",
            SCENARIOS,
            SHARE_NOTICE,
        ],
        section("How good must inspection be?", filter(None, [headline(found), beyond_technology(found)])),
        [f"With inspection as it is, and with perfect inspection  ({LABEL})", *rows],
        section("Needed, axis by axis", [target_words(found), *map(words, found.gaps)]),
        section("In sum", filter(None, [first_to_improve(found), alone_words(found), together_words(found)])),
        _frontier(found),
    ]
    return joined(parts)


def _frontier(found: Requirement) -> list[str]:
    """Least detection by false alarms and delay, at the middle leakage."""
    if found.surface is None or found.target is None:
        return []
    surface, middle = found.surface, len(found.surface.levels["leakage"]) // 2
    frontier = surface.frontier(found.target)
    if np.isnan(frontier).all():
        return section(
            "Least detection at declared places",
            ["nowhere on the surface: hidden places, as the profile has them, keep it below the target"],
        )
    heads = "".join(f"{level(value):>7}" for value in surface.levels["false_alarm"])
    rows = [f"  delay, years  false alarms a year:{heads}"]
    for n, delay in enumerate(surface.levels["delay_years"]):
        cells = "".join(f"{_cell(value):>7}" for value in frontier[:, n, middle])
        rows.append(f"  {level(delay):<12}{'':<22}{cells}")
    leakage = level(surface.levels["leakage"][middle])
    return [f"Least detection at declared places, at leakage {leakage} (- none suffices)", *rows]


def _cell(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.2f}"


def require_json(found: Requirement) -> dict[str, Any]:
    """The stable shape that ``--json`` prints. ``gaps`` by axis; ``surface.joint_share`` is nested in the
    order of ``surface.axes``.
    """
    return {
        "regime": found.regime,
        "proposer": found.proposer,
        "technology": {"name": found.technology, "digest": found.digest},
        "draws": found.draws,
        "seed": found.seed,
        "notice": SHARE_NOTICE,
        "holds_now": found.holds_now,
        "suffices": found.suffices,
        "target": plain(found.target),
        "now": plain(found.now),
        "perfect": plain(found.perfect),
        "orders_at_perfect": plain(found.orders),
        "together": plain(found.together),
        "gaps": [
            {
                "axis": gap.axis.name,
                "words": gap_words(gap),
                **{name: value for name, value in plain(gap).items() if name != "axis"},
                "short_by": plain(gap.short_by),
            }
            for gap in found.gaps
        ],
        "headline": headline(found),
        "surface": _surface(found.surface) if found.surface else None,
    }


def _surface(surface: Surface) -> dict[str, Any]:
    return {
        "axes": list(surface.levels),
        "levels": plain(surface.levels),
        "joint_share": np.round(surface.joint, 6).tolist(),
    }
