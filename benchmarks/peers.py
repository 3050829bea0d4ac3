"""Libraries that turn windows into features, beside ours on the same windows, where they are installed.

tsfresh and aeon's Catch22 give features alone; ours are printed alone and with the verdict. All get the same
windows: full windows of accelerators, the channels that our features read, cut and thinned alike.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.workloads.classifier import Classifier
from tallystick.workloads.features import features
from tallystick.workloads.windows import windows

#: Accelerators whose windows everybody gets, and all but comprehensive tsfresh, which takes seconds for each.
FEW, MANY = 4, 256
KIND = SubjectKind.ACCELERATOR
MISSING_EXTRA = "not installed: pip install 'tallystick[bench]'"


def chosen(table: SampleTable, accelerators: int) -> SampleTable:
    """The rows of the first accelerators that have the most rows."""
    rows = np.diff(table.bounds())
    full = [i for i, s in enumerate(table.subjects) if s.kind is KIND and rows[i] == rows.max()]
    kept = np.isin(table.subject, full[:accelerators])
    return replace(
        table,
        subject=table.subject[kept],
        time_ns=table.time_ns[kept],
        quality=table.quality[kept],
        channels={name: values[kept] for name, values in table.channels.items()},
    )


def cube(table: SampleTable) -> tuple[Int64, list[str]]:
    """The windows as (windows, channels, readings), and the names of the channels."""
    cut = windows(table, KIND)
    names = [name for name in cut.channels if name.startswith("DCGM")]
    count = len(np.unique(cut.window))
    return np.stack([cut.channels[n].reshape(count, -1) for n in names], axis=1), names


def with_tsfresh(values: Int64, names: list[str], settings: str) -> None:
    """Features of tsfresh in this process, under one of its own settings."""
    import pandas as pd

    tsfresh, known = import_module("tsfresh"), import_module("tsfresh.feature_extraction.settings")
    count, _, length = values.shape
    frame = pd.DataFrame({"id": np.repeat(np.arange(count), length), "at": np.tile(np.arange(length), count)})
    for i, name in enumerate(names):
        frame[name] = values[:, i].ravel().astype(np.float64)
    tsfresh.extract_features(
        frame,
        column_id="id",
        column_sort="at",
        default_fc_parameters=getattr(known, settings)(),
        disable_progressbar=True,
        n_jobs=0,
    )


def with_catch22(values: Int64) -> None:
    """The 22 features of each channel with aeon, on one thread."""
    feature_based = import_module("aeon.transformations.collection.feature_based")
    feature_based.Catch22(n_jobs=1).fit_transform(values.astype(np.float64))


def once(task: Callable[[], object]) -> float:
    """Seconds of one run."""
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


@dataclass(frozen=True)
class Peer:
    """A library's way to turn windows into features, and what it is called."""

    library: str
    setting: str
    task: Callable[[Int64, list[str]], object]


MINIMAL = Peer("tsfresh", "MinimalFCParameters", lambda v, n: with_tsfresh(v, n, "MinimalFCParameters"))
COMPREHENSIVE = Peer(
    "tsfresh", "ComprehensiveFCParameters", lambda v, n: with_tsfresh(v, n, "ComprehensiveFCParameters")
)
CATCH22 = Peer("aeon", "Catch22", lambda v, _: with_catch22(v))


def compare(table: SampleTable, peers: tuple[Peer, ...]) -> None:
    """Prints a line for us and for each peer on all windows of a table, in accelerator-samples a second."""
    classifier, (values, names) = Classifier.load(), cube(table)
    count, channels, length = values.shape
    print(f"features of {count} windows of {length} samples and {channels} channels, one thread")
    ours = min(once(lambda: features(table, KIND)) for _ in range(5))
    verdicts = min(once(lambda: classifier.verdicts(table)) for _ in range(5))
    for name, seconds in (("ours, features", ours), ("ours, features and verdict", verdicts)):
        print(f"  {name:<34} {count * length / seconds:12,.0f} samples/s")
    for peer in peers:
        name = f"{peer.library}, {peer.setting}"
        if find_spec(peer.library) is None:
            print(f"  {name:<34} {MISSING_EXTRA}")
            continue
        peer.task(values[:1], names)  # imports and compiles
        seconds = once(partial(peer.task, values, names))
        rate = count * length / seconds
        print(f"  {name:<34} {rate:12,.0f} samples/s, {seconds / ours:,.1f} times our time")


def report(table: SampleTable) -> None:
    """Compares on few windows with all, and on many with those that end in time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compare(chosen(table, FEW), (MINIMAL, COMPREHENSIVE, CATCH22))
        compare(chosen(table, MANY), (MINIMAL, CATCH22))
