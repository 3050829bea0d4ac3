"""Labelled windows of simulated corpora: every kind of work on every site, chips and cadences in turn."""

from collections.abc import Iterator, Sequence

from tallystick.records.subject import SubjectKind
from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.chip import CHIPS
from tallystick.simulation.corpus import CorpusSource
from tallystick.simulation.work_kind import WorkKind
from tallystick.trials.labels import LabelledWindows, labelled_windows

#: Chips and seconds between samples, site by site: half of all sites have an H100.
CHIP_OF_SITE = ("h100-sxm", "a100-sxm4-80", "h100-sxm", "h200-sxm", "h100-sxm", "b200-sxm")
INTERVAL_OF_SITE = (10, 10, 5, 2)


def corpus_sites(
    seeds: range, kinds: Sequence[WorkKind] = CATALOGUE, hours: int = 1, first: int = 0
) -> Iterator[CorpusSource]:
    """One site a seed; the ``first`` of them has the chip and the cadence of that place in turn."""
    for number, seed in enumerate(seeds, start=first):
        yield CorpusSource(
            kinds,
            seed,
            hours=hours,
            interval_s=INTERVAL_OF_SITE[number % len(INTERVAL_OF_SITE)],
            chip=CHIPS[CHIP_OF_SITE[number % len(CHIP_OF_SITE)]],
        )


def corpus_windows(
    seeds: range,
    kind: SubjectKind,
    kinds: Sequence[WorkKind] = CATALOGUE,
    hours: int = 1,
    most_subjects: int = 4,
    first: int = 0,
) -> LabelledWindows:
    """Windows of ``most_subjects`` subjects of each job of each site."""
    return labelled_windows(corpus_sites(seeds, kinds, hours, first), kind, most_subjects)
