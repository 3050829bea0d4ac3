"""``mapped``: in order, bounded, and with errors as raised, for one worker and for two."""

import os
from collections.abc import Iterator

import pytest

from tallystick.errors import InputError, SampleError
from tallystick.execution.local import AHEAD_PER_WORKER, mapped


def square(number: int) -> int:
    return number * number


def process(_: int) -> int:
    return os.getpid()


def refuse_three(number: int) -> int:
    if number == 3:
        raise SampleError("three", where="file.parquet, row 3", mend="leave it out")
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_items(workers: int) -> None:
    assert list(mapped(square, range(20), workers)) == [n * n for n in range(20)]


def test_one_worker_runs_in_this_process_and_several_do_not() -> None:
    assert set(mapped(process, range(3), 1)) == {os.getpid()}
    assert os.getpid() not in set(mapped(process, range(3), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_few_items_are_in_flight(workers: int) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield number

    for done, _ in enumerate(mapped(square, items(), workers), start=1):
        assert taken - done < AHEAD_PER_WORKER * workers
    assert taken == 60


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_passes_through_in_its_turn(workers: int) -> None:
    results = mapped(refuse_three, range(50), workers)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(SampleError) as caught:
        next(results)
    assert str(caught.value) == "file.parquet, row 3: three. Mend: leave it out"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_items_passes_through(workers: int) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise InputError("no more")

    with pytest.raises(InputError, match="no more"):
        list(mapped(square, items(), workers))


def test_leaving_early_ends_the_workers() -> None:
    results = mapped(square, iter(range(10**9)), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert list(results) == []


def test_no_workers_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="0 workers"):
        mapped(square, [1], 0)
