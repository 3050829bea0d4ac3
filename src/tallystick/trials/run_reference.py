"""The reference set of permitted work, for verdicts on runs: ``python -m tallystick.trials.run_reference``.

Runs are found on simulated sites as a site finds them, and judged by the shipped classifier; a run is
permitted where no true training job touches it. Of each family the greatest share judged training over an
hour of any of its runs is kept. Families above ``LIMIT_PPM``, half the null's share, are left outside the
reference set by name: the classifier takes such work for training, so that evidence could not tell it. The
other half is margin: the worst hour of a new run exceeds that of n alike with probability up to 1 / (n + 1).
``--write`` fits on seeds of its own and writes the constants; without it, other seeds say how often permitted
runs inside and outside would be named, and how soon training runs are. Everything here is simulated.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from tallystick.accounting.run_evidence import BIT, first_passed, log2_evidence, threshold_log2
from tallystick.accounting.run_reference import FILE, RunReference, run_reference
from tallystick.inspection.sampling import ALPHA
from tallystick.records.subject import SubjectKind
from tallystick.simulation.source import open_simulation
from tallystick.telemetry.source import Source
from tallystick.trials.corpus_windows import corpus_sites
from tallystick.trials.judged_runs import JudgedRun, found_runs
from tallystick.trials.run_trial import upper_limit
from tallystick.units import PPM, WINDOWS_PER_HOUR
from tallystick.whole_file import write_whole
from tallystick.workloads.classifier import Classifier

FIT_SEEDS, CHECK_SEEDS = range(8000, 8012), range(8200, 8212)
FIT_CORPUS_SEEDS, CHECK_CORPUS_SEEDS = range(18_000, 18_024), range(18_200, 18_212)
#: The null's share, and the greatest share of an hour that a family inside the reference set may show.
NULL_PPM, LIMIT_PPM = 400_000, 200_000
#: A family is inside the reference set only if so many of its runs were seen.
LEAST_RUNS = 5
#: A site has about so many runs in a period: what the threshold of the check covers.
RUNS_IN_PERIOD = 20
DEMAND = ("drawn", "auto", "off", "auto")


def sites(seeds: range, corpora: range) -> Iterator[Source]:
    """Honest scenario sites under all models of demand, and corpora of all kinds of work and chips."""
    for seed in seeds:
        interval, demand = (10, 10, 5, 2)[seed % 4], DEMAND[seed // 4 % len(DEMAND)]
        size = f"accelerators=64,hours=6,interval={interval}"
        yield open_simulation(f"honest,seed={seed},{size},traces={demand}")
    yield from corpus_sites(corpora, hours=2)


def worst_hour_ppm(run: JudgedRun) -> int:
    """The greatest share judged training over any hour of the run, or over all of a shorter one."""
    share = np.array([w.training / w.observed for w in run.windows])
    width = min(len(share), WINDOWS_PER_HOUR)
    return int(np.ceil((np.convolve(share, np.ones(width), "valid") / width).max() * PPM))


def fitted(runs: Sequence[JudgedRun], model: str) -> bytes:
    """The bytes of the constants: the null's share, the families inside, and every family's worst hour."""
    worst: dict[str, list[int]] = defaultdict(list)
    for run in runs:
        if not run.training:
            for family in run.families:
                worst[family].append(worst_hour_ppm(run))
    inside = sorted(f for f, hours in worst.items() if len(hours) >= LEAST_RUNS and max(hours) <= LIMIT_PPM)
    content = {
        "note": "Simulated. Greatest share of a permitted run's hour that is judged training, by family, "
        f"over seeds {_text(FIT_SEEDS)} (honest sites) and {_text(FIT_CORPUS_SEEDS)} (corpora); families "
        f"inside the reference set stay at or under {LIMIT_PPM} ppm. Written by python -m "
        "tallystick.trials.run_reference --write; fit again where the model changes.",
        "model": model,
        "null_share_ppm": {SubjectKind.ACCELERATOR.value: NULL_PPM},
        "inside": inside,
        "outside": sorted(set(worst) - set(inside)),
        "families": {
            family: {"runs": len(hours), "worst_hour_ppm": max(hours)}
            for family, hours in sorted(worst.items())
        },
    }
    return (json.dumps(content, indent=1) + "\n").encode()


def _text(seeds: range) -> str:
    return f"{seeds.start} to {seeds.stop - 1}"


def check(runs: Sequence[JudgedRun], reference: RunReference) -> list[str]:
    """How often runs would be named with the shipped constants, as lines of text."""
    threshold = threshold_log2(RUNS_IN_PERIOD, round(ALPHA * PPM))
    null = reference.null_share_ppm[SubjectKind.ACCELERATOR.value]
    inside = set(reference.inside)
    groups: dict[str, list[int | None]] = {"inside": [], "outside": [], "training": []}
    delays = []
    named: dict[str, int] = defaultdict(int)
    for run in runs:
        passed = first_passed(log2_evidence(run.windows, null), threshold)
        group = "training" if run.training else "inside" if run.families <= inside else "outside"
        groups[group].append(passed)
        if run.training and passed is not None:
            delays.append((passed + 1) / len(run.windows))
        elif passed is not None:
            for family in run.families:
                named[family] += 1
    counts = {name: (sum(p is not None for p in all_), len(all_)) for name, all_ in groups.items()}
    lines = [
        f"null share {null / PPM:.3f}, threshold log2 {threshold / BIT:.1f}; simulated, seeds never fitted on"
    ]
    for name in ("inside", "outside"):
        false, tested = counts[name]
        high = upper_limit(false, tested) if tested else 1.0
        lines.append(
            f"permitted, {name} the reference set: {false} of {tested} runs named, at most {high:.4f} (95 %)"
        )
    found, tested = counts["training"]
    delay = f"{median(delays):.3f}" if delays else "-"
    lines.append(f"training: {found} of {tested} runs named, after a median {delay} of the run's length")
    long = [p for p, run in _training(runs, null, threshold) if len(run.windows) >= WINDOWS_PER_HOUR]
    lines.append(f"training of an hour or more: {sum(p is not None for p in long)} of {len(long)} named")
    lines += [f"named though permitted: {family} ({count} runs)" for family, count in sorted(named.items())]
    return lines


def _training(runs: Sequence[JudgedRun], null: int, threshold: int) -> Iterator[tuple[int | None, JudgedRun]]:
    for run in runs:
        if run.training:
            yield first_passed(log2_evidence(run.windows, null), threshold), run


def main(arguments: Sequence[str] | None = None) -> None:
    """Check the shipped constants, or fit and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit, and write over the shipped constants")
    write = parser.parse_args(arguments).write
    classifier = Classifier.load()
    if write:
        runs = list(found_runs(sites(FIT_SEEDS, FIT_CORPUS_SEEDS), classifier))
        data = fitted(runs, classifier.hash)
        write_whole(Path(__file__).parents[1] / "accounting" / FILE, data)
        print(data.decode())
        return
    runs = list(found_runs(sites(CHECK_SEEDS, CHECK_CORPUS_SEEDS), classifier))
    print("\n".join(check(runs, run_reference())))


if __name__ == "__main__":
    main()
