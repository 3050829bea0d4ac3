"""The backtest as plain data for ``--json``."""

from typing import Any

from tallystick.strategy.as_json import plain
from tallystick.strategy.backtest.backtest import LOGISTIC, SHIFTED, STRATEGY, Backtest

#: Predictors whose misses are published.
PUBLISHED = (STRATEGY, SHIFTED, LOGISTIC)


def backtest_json(result: Backtest) -> dict[str, Any]:
    """All that the result holds, with misses by name and whether the counterexample gate holds."""
    whole: dict[str, Any] = plain(result)
    whole["gate_holds"] = result.gate_holds
    whole["misses"] = {name: list(result.misses(name)) for name in PUBLISHED}
    whole["sure_of_the_contrary"] = {
        "would_agree": list(result.sure_of_the_contrary(kept=False)),
        "word_kept": list(result.sure_of_the_contrary(kept=True)),
    }
    for key, rows in (("by_case", result.by_case), ("by_era", result.by_era)):
        for told, score in zip(whole[key], rows, strict=True):
            told["worse_than_base_rate"] = score.worse_than_base
            told["told_apart_from_base_rate"] = score.told_apart
    return whole
