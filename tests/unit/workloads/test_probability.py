import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.units import PPM
from tallystick.workloads.probability import probabilities_ppm


@given(
    st.lists(st.integers(-(2**32), 2**32), min_size=2, max_size=5),
    st.integers(1, 2**32),
)
def test_agrees_with_a_floating_softmax(scores: list[int], temperature: int) -> None:
    found = probabilities_ppm(np.array([scores]), temperature)[0]
    behind = np.array(scores, float) - max(scores)
    weight = np.exp2(behind / temperature)
    assert found == pytest.approx(weight / weight.sum() * PPM, abs=300)
    assert PPM - len(scores) <= found.sum() <= PPM


def test_a_temperature_behind_is_half_as_likely() -> None:
    assert probabilities_ppm(np.array([[0, -100]]), 100).tolist() == [[666_666, 333_333]]


def test_constants_are_exact_powers() -> None:
    """2 ** -0.5 in 30 bits, from an independent source: floor(sqrt(2**59))."""
    two = probabilities_ppm(np.array([[0, -1]]), 2)[0]
    assert two.tolist() == [585_786, 414_213]  # 1 / (1 + 2**-0.5) = 0.5857864376
