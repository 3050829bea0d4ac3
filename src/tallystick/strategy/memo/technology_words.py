"""What inspection must achieve, and how far it is from it, in sentences."""

from tallystick.strategy.memo.plain_words import GATE_NAMES, ORDER_WORDS, level, listed, share
from tallystick.strategy.require.requirement import AxisGap, Requirement

UNKNOWN, MEASURED = "not measured", "measured"


def headline(found: Requirement) -> str:
    """Whether the regime holds with the technology as it is, with better, or with none."""
    now, best = share(found.now.joint), share(found.perfect.joint)
    if found.holds_now:
        return f"Inspection as it is suffices: all states together pass in {now} of the ensemble."
    if found.suffices:
        return (
            f"Better inspection would do: the joint share rises from {now} to {best} with perfect inspection."
        )
    state, gate = found.weakest, found.perfect.states[found.weakest].binding_gate
    return (
        f"No level of technology makes it hold (0.90 for all together): even with perfect inspection the "
        f"joint share is {best} (as it is: {now}). Then the {GATE_NAMES[gate]} gate of {state} binds."
    )


def beyond_technology(found: Requirement) -> str:
    """Which game the states are in that perfect inspection cannot mend; empty where none stands out."""
    if found.suffices:
        return ""
    state = found.weakest
    by_order = found.orders[state]
    worst = min(by_order, key=lambda order: by_order[order])
    best = max(by_order.values())
    if best - by_order[worst] < 0.3:
        return ""
    return (
        f"With perfect inspection {state} passes in {share(by_order[worst])} of the draws of {worst} "
        f"({ORDER_WORDS[worst]}), and in up to {share(best)} of the others: that is not inspection's to mend."
    )


def target_words(found: Requirement) -> str:
    """What is asked for."""
    if found.target is None:
        return (
            "Perfect inspection leaves a robust no, so nothing is asked of technology: change the text "
            "(tallystick strategy mend)."
        )
    if found.suffices:
        return "Asked for: all states together pass in at least 0.90 of the ensemble."
    return (
        f"Asked for instead: {share(found.target)} for all together, "
        "95 % of the best that inspection can reach."
    )


def gap_words(gap: AxisGap) -> str:
    """One axis: what is needed, what is there, what lies between."""
    return f"{gap.axis.title}: {_needed(gap)}; {_there(gap)}; {_between(gap)}"


def profile_words(gap: AxisGap) -> str:
    """One axis of which nothing is asked: what is there."""
    return f"{gap.axis.title}: {_there(gap)}"


def together_words(found: Requirement) -> str:
    """One set of levels that suffices."""
    if found.together is None:
        return ""
    parts = [f"{gap.axis.title} {_side(gap)} {level(found.together[gap.axis.name])}" for gap in found.gaps]
    return f"Levels that together suffice, all moved alike from the profile's medians: {', '.join(parts)}."


def first_to_improve(found: Requirement) -> str:
    """The axis that would bring most by itself."""
    if found.target is None or found.holds_now:
        return ""
    best = max(found.gaps, key=lambda gap: gap.if_perfect)
    return (
        f"Most by itself brings {best.axis.title}: perfect there, and all else as it is, the joint share is "
        f"{share(best.if_perfect)} instead of {share(found.now.joint)}."
    )


def alone_words(found: Requirement) -> str:
    """Whether one axis suffices by itself, all else as the profile has it."""
    if found.target is None or found.holds_now:
        return ""
    able = [gap for gap in found.gaps if gap.needed_with_rest is not None]
    if not able:
        return "No axis suffices by itself: with all else as it is, none gets there however good it is."
    shown = listed(f"{gap.axis.title} {_side(gap)} {level(gap.needed_with_rest or 0.0)}" for gap in able)
    return f"By itself, with all else as it is, this would do: {shown} (each alone)."


def demo_lines(found: Requirement) -> tuple[str, str]:
    """Two plain lines for the end of the demonstration."""
    first = (
        f"in {share(found.now.joint)} of an ensemble of assumptions two invented states would both agree to "
        f"a mutual cap and keep it; with perfect inspection in {share(found.perfect.joint)} (shares, not "
        "probabilities)"
    )
    gaps = {gap.axis.name: gap for gap in found.gaps}
    asked = [_asked(gaps["detection"], "detection"), _asked(gaps["delay_years"], "delay in years")]
    if found.target is None or not any(asked):
        return first, "no level of detection or delay changes that"
    detection = gaps["detection"]
    second = (
        f"needed to come near that, each with all else perfect: {listed(one for one in asked if one)}; "
        f"detection so far: {_there(detection).removeprefix('the profile has ')}"
    )
    return first, second


def _asked(gap: AxisGap, title: str) -> str:
    """What is asked of one axis in a few words; empty where nothing is."""
    if gap.needed_alone is None or gap.needed_alone == gap.axis.worst:
        return ""
    return f"{title} {_side(gap)} {level(gap.needed_alone)}"


def _side(gap: AxisGap) -> str:
    return "at least" if gap.axis.rises else "at most"


def _range(gap: AxisGap) -> str:
    low, _, high = gap.profile
    return f"{level(low)} to {level(high)}"


def _needed(gap: AxisGap) -> str:
    if gap.needed_alone is None:
        return "no level suffices"
    return f"needed {_level_needed(gap, gap.needed_alone)} were all else perfect, {_needed_with_rest(gap)}"


def _level_needed(gap: AxisGap, needed: float) -> str:
    if needed != gap.axis.worst:
        return f"{_side(gap)} {level(needed)}"
    # Of what nobody has measured it is not said that its level does not matter.
    return "any level" if gap.origin == MEASURED else "little (it is not what limits)"


def _needed_with_rest(gap: AxisGap) -> str:
    if gap.needed_with_rest is None:
        return "no level suffices with the rest as it is"
    return f"{_level_needed(gap, gap.needed_with_rest)} with the rest as it is"


def _there(gap: AxisGap) -> str:
    if gap.origin == UNKNOWN:
        if gap.profile[2] == max(gap.axis.worst, gap.axis.best):
            return f"not measured, so anything from {_range(gap)}"
        most = max(gap.axis.worst, gap.axis.best)
        return f"not measured, drawn from {_range(gap)} by assumption (a profile may say up to {most:g})"
    return f"the profile has {level(gap.profile[1])} ({_range(gap)}; {gap.origin})"


def _between(gap: AxisGap) -> str:
    if gap.needed_alone is None:
        return "no gap can be stated"
    if gap.origin == UNKNOWN:
        return "the gap is unknown until it is measured"
    if gap.needed_alone == gap.axis.worst:
        said = "no gap" if gap.origin == MEASURED else f"it is {gap.origin}, and no measurement"
        return f"{said}, were all else perfect"
    if gap.short_by == 0:
        return f"the median meets it, and {share(gap.met)} of the draws"
    return f"short by {level(gap.short_by)} at the median, met in {share(gap.met)} of the draws"
