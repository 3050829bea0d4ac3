"""Slot files to labelled windows: the same for one worker and two, and as the classifier says."""

from pathlib import Path

import numpy as np
import pytest

from tallystick.errors import SampleError
from tallystick.simulation.source import open_simulation
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest
from tallystick.site.label_hours import label_hours
from tallystick.telemetry.slot_file import read_slot
from tallystick.workloads.classifier import Classifier


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    site = SiteDirectory.create(tmp_path_factory.mktemp("label") / "site", "Label", None)
    ingest(site, open_simulation("honest,seed=3,accelerators=16,hours=1,traces=off"))
    return sorted((site.path / "samples").glob("*.parquet"))


@pytest.mark.parametrize("workers", [1, 2])
def test_labels_are_the_classifiers(files: list[Path], workers: int) -> None:
    classifier = Classifier.load()
    labelled = list(label_hours([files[:1], files[1:]], workers))
    assert [slot.path for slot in labelled] == files
    tables = [read_slot(path) for path in files]
    windows = [classifier.windows(table) for table in tables]
    expected = [*classifier.hour_verdicts(windows[:1]), *classifier.hour_verdicts(windows[1:])]
    for slot, table, verdicts in zip(labelled, tables, expected, strict=True):
        assert (slot.start_ns, slot.samples) == (verdicts.start_ns, len(table))
        assert slot.subjects == tuple(s.name for s in table.subjects)
        assert np.array_equal(slot.classes, verdicts.classes)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_damaged_file_is_named(files: list[Path], workers: int, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(files[0].read_bytes()[:-100])
    labelled = label_hours([files[:1], [bad], files[1:]], workers)
    assert next(labelled).path == files[0]
    with pytest.raises(SampleError, match=r"bad\.parquet"):
        next(labelled)
