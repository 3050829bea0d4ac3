"""The inspection games solved by other people's solvers; skipped where these are not installed."""

from fractions import Fraction

import numpy as np
import pytest

from tallystick.strategy.models import dresher, false_alarm_inspection


def _stage_game(n: int, m: int) -> list[list[Fraction]]:
    looked = dresher.inspection_value(n - 1, m - 1)
    waited = dresher.inspection_value(n - 1, m)
    return [[Fraction(1), looked], [Fraction(-1), waited]]


def test_dresher_agrees_with_nashpy() -> None:
    nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed: pip install nashpy")
    for n, m in ((4, 2), (6, 2), (8, 3)):
        stage = np.array(_stage_game(n, m), dtype=np.float64)
        game = nashpy.Game(stage)
        row, column = game.linear_program()
        assert float(row @ stage @ column) == pytest.approx(float(dresher.inspection_value(n, m)))


def test_false_alarm_inspection_agrees_with_nashpy() -> None:
    """O4 as a 2 x 2 game: comply or violate against acting on alarms or not."""
    nashpy = pytest.importorskip("nashpy", reason="nashpy is not installed: pip install nashpy")
    alarm, found, wrong_cost, caught, gain = 0.05, 0.7, 1.0, 8.0, 4.0
    inspected = np.array([[-alarm * wrong_cost, 0.0], [-found * caught + (1 - found) * gain, gain]])
    inspector = np.array([[-alarm * 2.0, 0.0], [-found * 1.0 - (1 - found) * 10.0, -10.0]])
    (mixed,) = [
        eq for eq in nashpy.Game(inspected, inspector).support_enumeration() if 0 < float(eq[0][0]) < 1
    ]
    needed = false_alarm_inspection.call_needed(found, alarm, gain, caught, wrong_cost)
    kept = false_alarm_inspection.compliance_probability(found, alarm, 2, 1, 10)
    assert float(mixed[1][0]) == pytest.approx(float(needed))
    assert float(mixed[0][0]) == pytest.approx(float(kept))


def test_dresher_agrees_with_gambit() -> None:
    gambit = pytest.importorskip("pygambit", reason="pygambit is not installed: pip install pygambit")
    stage = np.array(_stage_game(4, 2), dtype=np.float64)
    # Gambit 17 renamed the class and returns one equilibrium; Gambit 16 returns a list of them.
    game = getattr(gambit, "StrategicGame", gambit.Game).from_arrays(stage, -stage)
    found = gambit.nash.lp_solve(game, rational=False)
    solution = found.equilibrium if hasattr(found, "equilibrium") else found.equilibria[0]
    inspector = next(iter(game.players))
    newer = hasattr(solution, "payoffs")
    value = solution.payoffs[inspector] if newer else solution.payoff(inspector)
    assert float(value) == pytest.approx(-3 / 11)


def test_dresher_agrees_with_open_spiel() -> None:
    pyspiel = pytest.importorskip("pyspiel", reason="OpenSpiel is not installed: pip install open_spiel")
    for library in ("cvxpy", "ecos"):
        pytest.importorskip(library, reason=f"OpenSpiel's LP needs {library}: pip install {library}")
    lp_solver = pytest.importorskip("open_spiel.python.algorithms.lp_solver")
    stage = np.array(_stage_game(4, 2), dtype=np.float64)
    game = pyspiel.create_matrix_game(stage.tolist(), (-stage).tolist())
    assert float(lp_solver.solve_zero_sum_matrix_game(game)[2]) == pytest.approx(-3 / 11, abs=1e-6)
