"""The benchmark's figures as a technology profile: posterior draws, real and simulated kept apart.

Formulas are in ``spec/profile.md``. A simulated figure is widened by the gap between real and simulated
figures of the same task, and has the full range where no gap can be measured. Draws are computed in floats:
a profile is a record of one computation, which its hash fixes, and is not recomputed by an inspector.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtri

from tallystick import __version__
from tallystick.errors import FormatError, InputError
from tallystick.records.profile import (
    MAX_DRAWS,
    MAX_GAP,
    MAX_INTEGER,
    MAX_NOTICE,
    MAX_SIZES,
    Axis,
    Gap,
    Quantity,
    Rule,
    Source,
    Status,
    TechnologyProfile,
    Unit,
    Violation,
    sealed,
)
from tallystick.units import PPM

MAX_BENCHMARK_BYTES = 16_000_000
MEND = "write it with: tallystick bench workloads --out BENCH.json"
#: Draws from which the upper limit of a gap is taken, and the level of that limit.
GAP_DRAWS = 20_000
GAP_LEVEL = 0.95
#: Level beyond which a draw is pushed by more than the gap.
OUTER = 0.975
MAX_ROWS = 120
MAX_SHARES = 10_000
#: Notices that belong to every profile.
NOTICES = (
    "Axes of source simulated are not measurements. Their draws are widened by the gap that window figures "
    "show between real and simulated telemetry, taken to hold for runs and evasions too.",
    "Real windows are of one node's wall power; training and inference had different meters.",
    "Cheats at the level of a site have no real counterpart of any sort: their axes have the full range.",
    "Draws of different axes are independent: each axis is a marginal.",
)

Float64 = npt.NDArray[np.float64]
Ppm = npt.NDArray[np.int64]


def build_profile(benchmark: bytes, where: str, draws: int = 1000, seed: int = 0) -> TechnologyProfile:
    """The profile of a benchmark file's bytes, ``draws`` draws an axis.

    Raises FormatError where the file lacks what the profile needs, InputError for ``draws`` or ``seed`` out
    of range.
    """
    if not (1 <= draws <= MAX_DRAWS and 0 <= seed <= MAX_INTEGER):
        raise InputError(f"draws or seed out of range, {draws} and {seed}", mend=f"1 to {MAX_DRAWS} draws")
    bench = _Part(_decoded(benchmark, where), where)
    gaps = measured_gaps(bench.rows("ladder"), seed)
    axes = [axis_of(figure, gaps, draws, seed) for figure in figures(bench)]
    keys = [axis.key for axis in axes]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise FormatError(f"has two rows of {' '.join(twice)}", where=where, mend=MEND)
    return sealed(
        TechnologyProfile(
            hash="",
            benchmark_sha256=hashlib.sha256(benchmark).hexdigest(),
            benchmark_size=bench.sizes("size"),
            tool_version=__version__,
            seed=seed,
            notices=(bench.name("notice", r"[ -~]+", MAX_NOTICE), *NOTICES),
            gaps=tuple(gaps[measure] for measure in sorted(gaps)),
            axes=tuple(axes),
        )
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the benchmark over ``units`` independent units, or None where it has none yet.

    ``median_only``: the figure says nothing of the spread. ``sample``, in ppm, is what it is the median of.
    ``measures`` of gaps widen it where simulated.
    """

    quantity: Quantity
    violation: Violation
    evasion: str
    setting: str
    rule: Rule
    source: Source = Source.SIMULATED
    unit: Unit = Unit.NONE
    units: int = 0
    observed_ppm: int | None = None
    median_only: bool = False
    sample: tuple[int, ...] = ()
    measures: tuple[str, ...] = ()


TRAINING = Violation.UNDECLARED_TRAINING
PERMITTED = Violation.NONE
#: Shares of a ladder's row on which real and simulated figures are compared.
ACCURACY, TOLD = "accuracy", "told"


def figures(bench: "_Part") -> Iterator[Figure]:
    """All figures that become axes. Raises FormatError where one is missing."""
    yield from _run_figures(bench.part("runs"), "families_known")
    yield from _run_figures(bench.part("runs_unseen_families"), "families_never_seen")
    if bench.has("runs_like_reference"):
        yield from _run_figures(bench.part("runs_like_reference"), "like_reference")
    found = [_evasion_figure(row) for row in bench.rows("evasions")]
    found.append(_adaptive_figure(bench.part("adaptive")))
    yield from found
    # How late evasions are found, nobody measured; a family with a real and a simulated row has one delay.
    places = {(f.evasion, f.setting, f.rule) for f in found}
    yield from (Figure(Quantity.DELAY, TRAINING, *place) for place in sorted(places))
    for rule, setting in ((Rule.WINDOW_MAJORITY, "family_left_out"), (Rule.WINDOW_SHARE, "evasions_known")):
        yield Figure(Quantity.FALSE_ALARM, PERMITTED, "none", setting, rule)
    for row in bench.rows("ladder"):
        yield _recognition(row)
    yield Figure(Quantity.SAMPLING_EFFORT, PERMITTED, "none", "none", Rule.NONE)
    yield Figure(Quantity.LEAKAGE, PERMITTED, "none", "none", Rule.NONE)


def _run_figures(runs: "_Part", setting: str) -> Iterator[Figure]:
    rule, both = Rule.RUN_EVIDENCE, (ACCURACY, TOLD)
    trained, permitted = runs.count("training_runs"), runs.count("permitted_runs")
    detection, false = runs.share("detection"), runs.count("false_alarms")
    if false > permitted:
        raise FormatError("more false alarms than permitted runs", where=runs.where, mend=MEND)
    found = _sampled(
        Figure(Quantity.DETECTION, TRAINING, "none", setting, rule), Unit.RUN, trained, detection
    )
    alarms = _sampled(
        Figure(Quantity.FALSE_ALARM, PERMITTED, "none", setting, rule),
        Unit.RUN,
        permitted,
        _ppm(false / max(1, permitted)),
    )
    named = round(detection * trained / PPM)
    late = Figure(Quantity.DELAY, TRAINING, "none", setting, rule)
    yield replace(found, measures=both)
    yield replace(alarms, measures=both)
    late = _sampled(late, Unit.RUN, named, runs.share("delay"))
    delays = runs.shares("delays") if runs.has("delays") else ()
    yield replace(late, sample=delays, measures=both) if delays else replace(late, median_only=True)


def _evasion_figure(row: "_Part") -> Figure:
    """Runs of a family of which more than half of the windows are found, or sites on which a check is."""
    family = row.name("family")
    if family in ("none", "adaptive"):
        raise FormatError(f"a family may not be called {family}", where=row.where, mend=MEND)
    if row.has("level") and row.name("level") == "site":
        asked = Figure(Quantity.DETECTION, TRAINING, family, "whole_site_inspected", Rule.NONE)
        found = _sampled(asked, Unit.RUN, row.count("sites"), row.share("detection"))
        return replace(found, source=row.source())
    asked = Figure(Quantity.DETECTION, TRAINING, family, "family_left_out", Rule.WINDOW_MAJORITY)
    found = _sampled(asked, Unit.RUN, row.count("runs"), row.share("run_detection"))
    return replace(found, source=row.source(), measures=(ACCURACY,))


def _adaptive_figure(trial: "_Part") -> Figure:
    """One search found one evader: that is one unit, however many windows it was tried on."""
    asked = Figure(Quantity.DETECTION, TRAINING, "adaptive", "evasions_known", Rule.WINDOW_SHARE)
    found = _sampled(asked, Unit.SEARCH, 1, trial.share("detection_on_new_programs"))
    return replace(found, source=trial.source(), measures=(ACCURACY,))


def _recognition(row: "_Part") -> Figure:
    held_out = f"held_out_{row.name('held_out')}"
    told = Figure(Quantity.RECOGNITION, TRAINING, "none", held_out, Rule.WINDOW_CLASS)
    sampled = _sampled(told, Unit.FAMILY, row.count("families"), row.share("accuracy"))
    return replace(sampled, source=row.source(), measures=(ACCURACY,))


def _sampled(figure: Figure, unit: Unit, units: int, observed_ppm: int) -> Figure:
    return replace(figure, unit=unit, units=units, observed_ppm=observed_ppm) if units else figure


def measured_gaps(ladder: "list[_Part]", seed: int) -> dict[str, Gap]:
    """The widest gap of each measure over pairs of a real and a simulated row; none where a side is absent.

    Rows pair by what they hold out. The real row ``source`` was fitted on simulation alone: where no
    simulated row is of that name, it pairs with each of them.
    """
    real = [row for row in ladder if row.source() is Source.REAL and row.count("families")]
    simulated = [row for row in ladder if row.source() is Source.SIMULATED and row.count("families")]
    names = {row.name("held_out") for row in simulated}
    found: dict[str, Gap] = {}
    for r in real:
        held_out = r.name("held_out")
        crosses = held_out == "source" and "source" not in names
        for s in simulated:
            if crosses or s.name("held_out") == held_out:
                for gap in (_gap(r, s, measure, seed) for measure in (ACCURACY, TOLD)):
                    found[gap.measure] = max(found.get(gap.measure, gap), gap, key=lambda g: g.logit_milli)
    return found


def _gap(real: "_Part", simulated: "_Part", measure: str, seed: int) -> Gap:
    sides = [
        (PPM - row.share("abstained") if measure == TOLD else row.share("accuracy"), row.count("families"))
        for row in (real, simulated)
    ]
    names = [row.name("held_out") for row in (real, simulated)]
    rng = _generator(seed, "gap", measure, *names)
    drawn = [logit(posterior(rng, share, families, GAP_DRAWS)) for share, families in sides]
    limit = float(np.quantile(np.abs(drawn[0] - drawn[1]), GAP_LEVEL))
    return Gap(
        measure=measure,
        real_held_out=names[0],
        simulated_held_out=names[1],
        real_ppm=sides[0][0],
        simulated_ppm=sides[1][0],
        real_families=sides[0][1],
        simulated_families=sides[1][1],
        logit_milli=max(1, min(MAX_GAP, math.ceil(1000 * limit))),
    )


def axis_of(figure: Figure, gaps: dict[str, Gap], draws: int, seed: int) -> Axis:
    """The draws of one figure: its posterior, widened or of full range where it is not real."""
    usable = [gaps[measure] for measure in figure.measures if measure in gaps]
    gap = max(usable, key=lambda g: g.logit_milli, default=None)
    if figure.observed_ppm is None:
        figure, status = replace(figure, source=Source.SIMULATED), Status.NOT_MEASURED
    elif figure.source is Source.REAL and not figure.median_only:
        status = Status.MEASURED
    else:
        status = Status.WIDENED if gap is not None and not figure.median_only else Status.NO_GAP
    rng = _generator(seed, *_key(figure))
    if status in (Status.NO_GAP, Status.NOT_MEASURED):
        drawn = full_range(rng, draws)
    elif figure.sample:
        drawn = median_posterior(rng, np.array(figure.sample) / PPM, draws)
    else:
        drawn = posterior(rng, figure.observed_ppm or 0, figure.units, draws)
    widened = gap is not None and status is Status.WIDENED
    if gap is not None and widened:
        drawn = rng.permutation(widen(drawn, gap.logit_milli))
    return Axis(
        quantity=figure.quantity,
        violation=figure.violation,
        evasion=figure.evasion,
        setting=figure.setting,
        rule=figure.rule,
        source=figure.source,
        status=status,
        unit=figure.unit,
        units=figure.units,
        observed_ppm=figure.observed_ppm,
        gap=gap.measure if gap is not None and widened else "none",
        draws=tuple(np.rint(PPM * drawn).astype(np.int64).tolist()),
    )


def _key(f: Figure) -> tuple[str, ...]:
    return (f.quantity, f.violation, f.evasion, f.setting, f.rule, f.source)


def posterior(rng: np.random.Generator, observed_ppm: int, units: int, draws: int) -> Float64:
    """Draws (draws,) of a probability: Beta(k + 1/2, n - k + 1/2), Jeffreys' prior, k of n units."""
    k = observed_ppm * units / PPM
    return rng.beta(k + 0.5, units - k + 0.5, draws)


def median_posterior(rng: np.random.Generator, sample: Float64, draws: int) -> Float64:
    """Draws (draws,) of the median of shares ``sample`` (n,), one or more, by the Bayesian bootstrap (Rubin
    1981), with half an observation at 0 and at 1, so that few say little.
    """
    values = np.concatenate([[0.0], np.sort(sample), [1.0]])
    weights = rng.dirichlet([0.5, *[1.0] * len(sample), 0.5], draws)
    median: Float64 = values[(np.cumsum(weights, axis=1) < 0.5).sum(axis=1).clip(max=len(values) - 1)]
    return median


def full_range(rng: np.random.Generator, draws: int) -> Float64:
    """Draws (draws,) that cover 0 to 1 evenly, one in each of as many equal parts, in random order."""
    return rng.permutation((np.arange(draws) + rng.random(draws)) / draws)


def widen(drawn: Float64, logit_milli: int) -> Float64:
    """Draws (n,) in order, each pushed away from the median in logits, the outer 2.5 % by the gap or more.

    The quantile of level u becomes logit q(u) + gap * z(u) / z(0.975), z the normal quantile: the sum of
    both errors when they are as bad as they can be together. So each central interval holds the one from
    before.
    """
    ordered = np.sort(drawn)
    level = (np.arange(len(ordered)) + 0.5) / len(ordered)
    with np.errstate(divide="ignore"):  # a draw of exactly 0 or 1 has an infinite logit, and stays there
        pushed: Float64 = expit(logit(ordered) + logit_milli / 1000 * ndtri(level) / ndtri(OUTER))
    return pushed


def _generator(seed: int, *name: str) -> np.random.Generator:
    """Each axis has its own, so that another family in the benchmark does not change the others' draws."""
    digest = hashlib.sha256("\n".join(name).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


def _ppm(share: float) -> int:
    return round(PPM * share)


def _decoded(data: bytes, where: str) -> object:
    if len(data) > MAX_BENCHMARK_BYTES:
        raise FormatError(f"benchmark above {MAX_BENCHMARK_BYTES} bytes", where=where, mend=MEND)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise FormatError("benchmark is not JSON", where=where, mend=MEND) from None


class _Part:
    """An object of the benchmark's JSON. Each problem is a FormatError that names the key."""

    def __init__(self, raw: object, where: str) -> None:
        self.where = where
        if not isinstance(raw, dict):
            raise FormatError("is not an object", where=where, mend=MEND)
        self._raw: dict[str, Any] = raw

    def _value(self, key: str) -> Any:
        if key not in self._raw:
            raise FormatError(f"has no {key!r}", where=self.where, mend=MEND)
        return self._raw[key]

    def _wrong(self, key: str, expected: str) -> FormatError:
        return FormatError(f"{key!r} is not {expected}", where=self.where, mend=MEND)

    def has(self, key: str) -> bool:
        """Whether the benchmark, which may be older, has the key."""
        return key in self._raw

    def shares(self, key: str) -> tuple[int, ...]:
        """A list of shares of 0 to 1 in ppm."""
        values = self._value(key)
        if not isinstance(values, list) or len(values) > MAX_SHARES:
            raise self._wrong(key, f"a list of at most {MAX_SHARES} shares")
        whole = _Part({str(k): v for k, v in enumerate(values)}, f"{self.where}, {key}")
        return tuple(whole.share(str(k)) for k in range(len(values)))

    def part(self, key: str) -> "_Part":
        return _Part(self._value(key), f"{self.where}, {key}")

    def rows(self, key: str) -> "list[_Part]":
        rows = self._value(key)
        if not isinstance(rows, list) or len(rows) > MAX_ROWS:
            raise self._wrong(key, f"a list of at most {MAX_ROWS} rows")
        return [_Part(row, f"{self.where}, {key}[{k}]") for k, row in enumerate(rows)]

    def share(self, key: str) -> int:
        """A share of 0 to 1 in ppm."""
        value = self._value(key)
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise self._wrong(key, "a share of 0 to 1")
        return _ppm(value)

    def count(self, key: str) -> int:
        value = self._value(key)
        if type(value) is not int or not 0 <= value <= MAX_INTEGER:
            raise self._wrong(key, "a count")
        return value

    def name(self, key: str, pattern: str = r"[A-Za-z0-9._:-]+", most: int = 50) -> str:
        value = self._value(key)
        if not isinstance(value, str) or len(value) > most or not re.fullmatch(pattern, value):
            raise self._wrong(key, f"text of at most {most} characters in the expected form")
        return value

    def source(self) -> Source:
        value = self._value("source")
        if value not in ("real", "simulated"):
            raise self._wrong("source", "real or simulated")
        return Source(value)

    def sizes(self, key: str) -> dict[str, int]:
        part = self.part(key)
        if len(part._raw) > MAX_SIZES:
            raise self._wrong(key, f"an object of at most {MAX_SIZES} entries")
        return {name: part.count(name) for name in part._raw}
