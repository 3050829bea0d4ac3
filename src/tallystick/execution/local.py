"""A function over many items on the processes of one machine: results in order, memory bounded."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from tallystick.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Items handed out ahead of the reader, for each worker: enough to keep it busy, and no more.
AHEAD_PER_WORKER = 2


def mapped(function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """``function`` of each item, in the order of ``items``, whatever the number of workers.

    At most ``AHEAD_PER_WORKER * workers`` items are taken and not yet yielded, so memory does not grow with
    their number. One worker runs in this process. Several are spawned afresh: ``function``, items and
    results must pickle. What ``function`` raises is raised here in its item's turn, and what ``items``
    raises as soon as it does; items that have not begun are then dropped. Raises InputError where
    ``workers`` is below 1.
    """
    if workers < 1:
        raise InputError(f"{workers} workers", where="workers", mend="give 1 or more")
    return map(function, items) if workers == 1 else _pooled(function, iter(items), workers)


def _pooled(function: Callable[[Item], Result], items: Iterator[Item], workers: int) -> Iterator[Result]:
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            pending.append(pool.submit(function, item))
            if len(pending) >= AHEAD_PER_WORKER * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def processors() -> int:
    """How many processes of ours may work at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
