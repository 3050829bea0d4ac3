import numpy as np
import pytest

from tallystick.errors import InputError
from tallystick.simulation.cost_model import EvasionCost, TrainingBudget
from tallystick.simulation.evasions.catalogue import SEARCHED
from tallystick.simulation.evasions.duty_cycle import DutyCycle
from tallystick.simulation.evasions.strategy import cost
from tallystick.simulation.training_family import draw_pretraining
from tallystick.trials.adaptive_evader import Chain, search

HONEST = TrainingBudget.of(draw_pretraining(np.random.default_rng(4), 2), 2)


def price(chain: Chain) -> EvasionCost:
    return cost(chain, HONEST)


class Hill:
    """A detector with a narrow blind spot: a duty cycle of 0.62 with a period of about 50 s."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, chain: Chain) -> float:
        self.queries += 1
        duty = [s for s in chain if isinstance(s, DutyCycle)]
        if not duty:
            return 1.0
        miss = (duty[0].share - 0.62) ** 2 / 0.15**2 + np.log(duty[0].period_s / 50.0) ** 2 / 1.5**2
        return float(1 - np.exp(-miss))


@pytest.mark.parametrize("seed", range(3))
def test_refinement_finds_the_blind_spot_within_its_budget(seed: int) -> None:
    hill = Hill()
    found = search(
        SEARCHED, hill, price, 200, np.random.default_rng(seed), least_throughput_ppm=400_000, longest=2
    )
    assert hill.queries == len(found.queries) == 200
    explored = min(q.detection for q in found.queries[:100])
    assert found.best.detection < min(0.2, explored)
    assert "200 of 200 queries" in found.text()
    assert "modelled" in found.text()


def test_no_query_is_spent_on_what_the_evader_cannot_afford() -> None:
    found = search(
        SEARCHED, lambda chain: 0.5, price, 40, np.random.default_rng(0), least_throughput_ppm=700_000
    )
    assert len(found.queries) == 40
    assert min(q.cost.throughput_ppm for q in found.queries) >= 700_000


def test_known_evasions_are_asked_about_first() -> None:
    known: list[Chain] = [(DutyCycle(0.62, 50.0, 0.0),), (DutyCycle(0.1, 10.0),)]
    found = search(
        SEARCHED, Hill(), price, 10, np.random.default_rng(0), least_throughput_ppm=500_000, known=known
    )
    assert found.queries[0].chain == known[0]
    assert found.best.detection == pytest.approx(0, abs=1e-12)


def test_an_impossible_search_is_refused() -> None:
    with pytest.raises(InputError, match="Mend: ask for less"):
        search(
            (DutyCycle(0.5, 10.0),),
            Hill(),
            price,
            2,
            np.random.default_rng(0),
            least_throughput_ppm=3_000_000,
            longest=1,
        )
    with pytest.raises(InputError, match="at least one query"):
        search(SEARCHED, Hill(), price, 0, np.random.default_rng(0))
