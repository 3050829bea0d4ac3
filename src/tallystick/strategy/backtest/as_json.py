"""The backtest, and where a proposal stands among its cases, as plain data for ``--json``."""

from typing import Any

from tallystick.strategy.as_json import plain
from tallystick.strategy.backtest.backtest import LOGISTIC, SHIFTED, STRATEGY, Backtest
from tallystick.strategy.backtest.support import Support

#: Predictors whose misses are published.
PUBLISHED = (STRATEGY, SHIFTED, LOGISTIC)


def backtest_json(result: Backtest) -> dict[str, Any]:
    """All that the result holds, with misses by name and whether the counterexample gate holds."""
    whole: dict[str, Any] = plain(result)
    whole["gate_holds"] = result.gate_holds
    whole["misses"] = {name: list(result.misses(name)) for name in PUBLISHED}
    for key, rows in (("by_case", result.by_case), ("by_era", result.by_era)):
        for told, score in zip(whole[key], rows, strict=True):
            told["worse_than_base_rate"] = score.worse_than_base
            told["told_apart_from_base_rate"] = score.told_apart
    return whole


def support_json(support: Support) -> dict[str, Any]:
    """``nearest[]``, ``distance``, ``limit``, ``inside``, ``unlike[]``, and one ``sentence``."""
    return {**plain(support), "sentence": support.sentence}
