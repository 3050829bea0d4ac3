"""What the figures of the backtest come to, in sentences that follow from the figures."""

from collections.abc import Iterator

from tallystick.strategy.backtest.backtest import STRATEGY, Backtest
from tallystick.strategy.backtest.scores import Estimate


def conclusions(result: Backtest) -> Iterator[str]:
    """The result, then each thing that takes away from it."""
    own = next(score for score in result.by_case if score.predictor == STRATEGY)
    yield f"The strategy share is {against_base(own.against_base)} (Brier {own.brier.value:.3f})."
    if own.against_base.high < 0:
        yield from _only_so(result)
    pair = result.picked_pair
    if pair.beats_the_model:
        named = " and ".join(map(spoken, pair.attributes))
        apart = "" if pair.strategy_against.low > 0 else ", though not told apart from it"
        yield (
            f"Two coded attributes alone, {named}{_assumed(result)}, do better than the model "
            f"({pair.brier.value:.3f}){apart}."
        )
    if not result.gate_holds:
        failing = ", ".join(one.id for one in result.counterexamples if not one.holds)
        yield f"The counterexample gate does not hold: {failing}."


def _only_so(result: Backtest) -> Iterator[str]:
    """Changes under which the advantage is no longer told apart from nothing."""
    weaker = [
        f"{variant.name} ({variant.against_base.value:+.3f})"
        for variant in result.variants
        if variant.against_base.high >= 0
    ]
    if weaker:
        yield f"It is no longer told apart from the base rate: {'; '.join(weaker)}."


def _assumed(result: Backtest) -> str:
    """Whether the codes of the picked pair are the coder's judgement."""
    tags = {row.case.codes[name].tag for row in result.rows for name in result.picked_pair.attributes}
    return " (assumed by a coder who knew the outcomes)" if tags == {"assumed"} else ""


def against_base(difference: Estimate) -> str:
    """A difference of Brier scores to the base rate's in words."""
    if difference.low > 0:
        return "worse than the base rate"
    if difference.high < 0:
        return "better than the base rate"
    if difference.value > 0:
        return "no better than the base rate (worse, though not told apart from it)"
    return "not told apart from the base rate"


def spoken(name: str) -> str:
    """A name of the data for people."""
    return "public dataset (AAD)" if name == "aad" else name.replace("_", " ")
