"""The EU presumption in OpenFisca: run by ``regimes_speed.py`` in an environment of its own, never imported.

Arguments: entities in the vector, and simulations of one entity. Prints the seconds of both as JSON.
"""

import json
import sys
import time
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.model_api import YEAR, Variable
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

COUNTED = ("pretraining", "fine_tuning", "reinforcement_learning", "synthetic_private", "upstream")
PERIOD = "2026"
Model = build_entity(key="model", plural="models", label="Model", is_person=True)


def input_variable(name: str, kind: type) -> type[Variable]:
    """A variable that is given."""
    return type(
        name, (Variable,), {"value_type": kind, "entity": Model, "definition_period": YEAR, "label": name}
    )


class systemic_risk(Variable):
    """The sum of what counts is above the dated line and nothing rebuts, or the model is designated."""

    value_type = bool
    entity = Model
    definition_period = YEAR
    label = "systemic risk"

    def formula(self, period: Any, parameters: Any) -> Any:
        """The rule."""
        total = sum(self(name, period) for name in COUNTED)
        above = (total > parameters(period).threshold) * (1 - self("rebutted", period))
        return (above + self("designated", period)) > 0


def system() -> TaxBenefitSystem:
    """Variables and the dated parameter."""
    built = TaxBenefitSystem([Model])
    for name in COUNTED:
        built.add_variable(input_variable(name, float))
    for name in ("designated", "rebutted"):
        built.add_variable(input_variable(name, bool))
    built.add_variable(systemic_risk)
    data = {"threshold": {"values": {"2025-08-02": {"value": 1e25}, "2020-01-01": {"value": 1e25}}}}
    built.parameters = ParameterNode("", data=data)
    return built


def judge(built: TaxBenefitSystem, amounts: Any, acts: Any) -> Any:
    """One simulation over the rows."""
    simulation = SimulationBuilder().build_default_simulation(built, count=len(amounts))
    for column, name in enumerate(COUNTED):
        simulation.set_input(name, PERIOD, amounts[:, column])
    simulation.set_input("designated", PERIOD, acts[:, 0])
    simulation.set_input("rebutted", PERIOD, acts[:, 1])
    return simulation.calculate("systemic_risk", PERIOD)


def main() -> None:
    """Time both ways."""
    count, single = int(sys.argv[1]), int(sys.argv[2])
    draw = np.random.default_rng(20261124)
    amounts = draw.integers(1, 1000, (count, len(COUNTED))) * 10.0 ** draw.integers(
        20, 24, (count, len(COUNTED))
    )
    acts = draw.random((count, 2)) < 0.1
    built = system()
    judge(built, amounts[:10], acts[:10])
    started = time.perf_counter()
    judge(built, amounts, acts)
    vector = time.perf_counter() - started
    started = time.perf_counter()
    for row in range(single):
        judge(built, amounts[row : row + 1], acts[row : row + 1])
    print(json.dumps({"vector": vector, "single": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
