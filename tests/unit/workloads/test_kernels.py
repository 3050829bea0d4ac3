from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.records.sample import POWER_CHANNEL, Quality
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, PPM, WINDOW_NS
from tallystick.workloads import kernels
from tallystick.workloads.features import features
from tallystick.workloads.kernels import CHANNELS, LIMIT, TICKS, Kernel, LinearScores

from .sample_tables import START_NS, slot_times, subject, table_of

WIDTH = len(CHANNELS)
TX = "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"


def drawn_series(seed: int, rows: int = 5) -> kernels.Int32:
    rng = np.random.default_rng(seed)
    return rng.integers(-LIMIT, LIMIT + 1, (rows, WIDTH, TICKS)).astype(np.int32)


def on_channel(number: int) -> tuple[int, ...]:
    return tuple(int(k == number) for k in range(WIDTH))


def slow(kernel: Kernel, rows: list[list[int]]) -> list[int]:
    """Of one window, in Python's integers."""
    signal = [sum(s * row[t] for s, row in zip(kernel.signs, rows, strict=True)) for t in range(TICKS)]
    half = 4 * kernel.dilation
    middles = range(TICKS) if kernel.padded else range(half, TICKS - half)
    found = []
    for middle in middles:
        total = 0
        for k in range(9):
            at = middle + (k - 4) * kernel.dilation
            if 0 <= at < TICKS:
                total += (2 if k in kernel.twos else -1) * signal[at]
        found.append(total)
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 3 * 84 - 1), st.integers(0, 99))
def test_convolution_equals_a_plain_loop(data_seed: int, number: int, kernel_seed: int) -> None:
    kernel = kernels.kernels(kernel_seed)[number]
    series = drawn_series(data_seed, 2)
    found = kernels.convolved(kernel, series)
    assert found.tolist() == [slow(kernel, window) for window in series.tolist()]


@pytest.mark.parametrize("value", [-LIMIT, LIMIT])
def test_the_greatest_values_do_not_wrap(value: int) -> None:
    signs = tuple(np.sign(value) if k < kernels.MOST_CHANNELS else 0 for k in range(WIDTH))
    kernel = Kernel((0, 1, 2), 1, True, signs)
    series = np.full((1, WIDTH, TICKS), value, np.int32)
    assert kernels.convolved(kernel, series).tolist() == [slow(kernel, series[0].tolist())]


def test_one_spike_by_hand() -> None:
    """A spike of 10 leaves the weights backwards: at most three outputs are 20, six are -10."""
    series = np.zeros((1, WIDTH, TICKS), np.int32)
    series[0, 2, 15] = 10
    kernel = Kernel((0, 4, 8), 1, True, on_channel(2))
    outputs = kernels.convolved(kernel, series)[0].tolist()
    assert outputs[11:20] == [20, -10, -10, -10, 20, -10, -10, -10, 20]
    assert set(outputs[:11] + outputs[20:]) == {0}
    levels = np.zeros((WIDTH, 1), np.int64)
    transform = kernels.KernelTransform((kernel,), np.array([[-11, -10, 0, 20]], np.int64), levels)
    expected = [30, 24, 3, 0] + [int(channel == 2) for channel in range(WIDTH)]
    assert transform.counts(series).tolist() == [expected]


def test_an_unpadded_kernel_sees_shape_and_not_level() -> None:
    series = drawn_series(1) // 4
    kernel = Kernel((1, 2, 7), 3, False, on_channel(0))
    assert kernels.convolved(kernel, series).shape == (len(series), TICKS - 24)
    assert np.array_equal(kernels.convolved(kernel, series + 1000), kernels.convolved(kernel, series))


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(12)), st.integers(1, 12))
def test_order_and_chunks_of_rows_change_nothing(order: list[int], chunk: int) -> None:
    series = drawn_series(3, 12)
    transform = kernels.fitted_transform(kernels.kernels(0)[::20], series, biases=2, levels=2)
    whole = transform.counts(series)
    assert np.array_equal(transform.counts(series[order]), whole[order])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "CHUNK", chunk)
        assert np.array_equal(transform.counts(series), whole)


def test_biases_are_quantiles_so_counts_differ() -> None:
    series = drawn_series(4, 40)
    transform = kernels.fitted_transform(kernels.kernels(0)[::20], series, biases=3, levels=3)
    assert (np.diff(transform.biases, axis=1) > 0).all()
    share = transform.counts(series)[:, : transform.biases.size].reshape(40, -1, 3).sum(axis=0)
    share = share / share[:, :1]
    assert np.allclose(share, [1, 2 / 3, 1 / 3], atol=0.02)


@given(
    st.lists(st.lists(st.integers(0, TICKS), min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(st.integers(-(2**50), 2**50), min_size=6, max_size=6),
)
def test_scores_equal_exact_sums(counts: list[list[int]], weights: list[int]) -> None:
    linear = LinearScores(np.array(weights, np.int64).reshape(3, 2), np.array([5, -7], np.int64))
    found = linear.scores(np.array(counts, np.int64)).tolist()
    for row, said in zip(counts, found, strict=True):
        for c, constant in enumerate((5, -7)):
            assert said[c] == constant + sum(Fraction(n) * weights[2 * i + c] for i, n in enumerate(row))


def test_kernels_are_the_same_for_a_seed_and_cover_all_weights() -> None:
    found = kernels.kernels(5)
    assert found == kernels.kernels(5) != kernels.kernels(6)
    assert len({(k.twos, k.dilation) for k in found}) == len(found) == 84 * len(kernels.DILATIONS)
    assert {sum(map(abs, k.signs)) for k in found} == {1, 2, 3}
    assert {k.padded for k in found} == {True, False}


def accelerator_table(times: list[int], powers: list[int], quality: list[int] | None = None) -> SampleTable:
    """One H100 whose link sends 5 MB in each microsecond since the slot began."""
    sent = [(t - START_NS) // 1000 * 5 for t in times]
    chip = subject("a", SubjectKind.ACCELERATOR)
    more: dict[str, Sequence[Sequence[int]]] = {TX: [sent], "DCGM_FI_DEV_GPU_UTIL": [[PPM // 2] * len(times)]}
    return table_of([chip], [(times, powers)], more, [quality] if quality else None)


def test_series_hold_the_last_reading_and_say_what_is_missing() -> None:
    times = [START_NS + s * NS_PER_S for s in (20, 30, 60)]
    found = kernels.series(accelerator_table(times, [700_000, 70_000, 700_000]))
    assert found.shape == (3, WIDTH, TICKS)
    power = found[0, CHANNELS.index("power")].tolist()
    assert len(set(power[:3])) == len(set(power[3:6])) == len(set(power[6:])) == 1
    assert power[0] == power[6] == PPM > power[3]
    assert set(found[0, CHANNELS.index("util")].tolist()) == {PPM // 2}
    assert set(found[0, CHANNELS.index("link_tx")].tolist()) == {5}
    assert not found[0, CHANNELS.index("dram")].any()
    missing = found[:, -1, 0].tolist()
    # dram, sm, tensor, memory and link_rx in the first window; all eight in the others
    assert missing[1] == missing[2] == missing[0] * 8 // 5
    assert (found[1:, :-1] == 0).all()


def test_no_rate_over_a_reset() -> None:
    times = slot_times()
    quality = [int(Quality.GOOD)] * len(times)
    quality[1:] = [int(Quality.AFTER_RESET)] * (len(times) - 1)
    found = kernels.series(accelerator_table(times, [400_000] * len(times), quality))
    assert not found[:, CHANNELS.index("link_tx")].any()


def test_series_are_in_the_order_of_feature_rows() -> None:
    chips = [subject(name, SubjectKind.ACCELERATOR) for name in "abc"]
    times = slot_times()
    rows = [(times, [100_000 * (i + 1) + 10_000 * (t // WINDOW_NS % 3) for t in times]) for i in range(3)]
    table = table_of(chips, rows)
    assert POWER_CHANNEL[SubjectKind.ACCELERATOR] in table.channels
    mean = features(table, SubjectKind.ACCELERATOR).values[:, 0]
    assert np.array_equal(kernels.series(table)[:, 0].sum(axis=1) // TICKS, mean)
