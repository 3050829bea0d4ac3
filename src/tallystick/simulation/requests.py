"""Demand on a serving replica: tokens asked for and tokens generated, second by second.

Three models of the same shape: the public Azure 2023 request traces where the reference data is
present (AzurePublicDataset, CC BY 4.0; Splitwise, arXiv 2311.18677), else Poisson arrivals with
log-normal lengths of the same medians; and services drawn at random, from steady to bursty and from
short to long, on which classifiers are fitted. All are about one hour long and repeat.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from tallystick.errors import InputError
from tallystick.simulation.signals import Float64, Int64

#: Overrides the folder that holds ``inference_request_traces``.
DATA_VARIABLE = "TALLYSTICK_REFERENCE_DATA"
FOLDER = "inference_request_traces"
AZURE = ("azure2023_conv.parquet", "azure2023_code.parquet")

AZURE_MODEL = "azure2023"
POISSON_MODEL = "poisson"
DRAWN_MODEL = "drawn"
#: Services drawn for one site.
DRAWN_SERVICES = 6

_NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class TokenTrace:
    """Tokens of one service per second: ``prompt`` and ``generated`` (seconds,), each of mean 1."""

    prompt: Float64
    generated: Float64

    @property
    def seconds(self) -> int:
        """Length of the trace, after which it repeats."""
        return len(self.prompt)


@dataclass(frozen=True)
class RequestModel:
    """Where demand comes from: ``name`` is recorded with the simulation."""

    name: str
    traces: tuple[TokenTrace, ...]


def reference_folder() -> Path:
    """The folder of reference data: the environment's choice, else beside the checkout."""
    chosen = os.environ.get(DATA_VARIABLE)
    return Path(chosen) if chosen else Path(__file__).resolve().parents[4] / "shared" / "data"


def request_model(traces: str, seed: int = 0) -> RequestModel:
    """The model for ``traces`` = on, off, drawn (by ``seed``) or auto (on where present, else off).

    Raises InputError where traces are asked for and absent, or present and unreadable.
    """
    if traces == "drawn":
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2023,)))
        return RequestModel(DRAWN_MODEL, tuple(drawn_trace(rng) for _ in range(DRAWN_SERVICES)))
    folder = reference_folder() / FOLDER
    present = all((folder / name).is_file() for name in AZURE)
    if traces == "off" or (traces == "auto" and not present):
        return RequestModel(POISSON_MODEL, _poisson_traces())
    if not present:
        mend = f"set {DATA_VARIABLE} to the folder that holds {FOLDER}, or use traces=off"
        raise InputError(f"the request traces {', '.join(AZURE)} are absent", where=str(folder), mend=mend)
    return RequestModel(AZURE_MODEL, tuple(_read_azure(folder / name) for name in AZURE))


def _read_azure(path: Path) -> TokenTrace:
    """One Azure trace: columns TIMESTAMP (text, UTC), ContextTokens, GeneratedTokens."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=["TIMESTAMP", "ContextTokens", "GeneratedTokens"])
        stamps = np.array([str(t)[:26] for t in table.column("TIMESTAMP").to_pylist()], "datetime64[ns]")
        prompt = table.column("ContextTokens").to_numpy().astype(np.float64)
        generated = table.column("GeneratedTokens").to_numpy().astype(np.float64)
    except (pa.ArrowException, KeyError, ValueError) as fault:
        raise InputError(
            f"not a request trace ({str(fault).splitlines()[0]})",
            where=str(path),
            mend="fetch the file again, or use traces=off",
        ) from fault
    second = ((stamps - stamps.min()).astype(np.int64) // _NS_PER_S).astype(np.int64)
    return _per_second(second, prompt, generated)


def _poisson_traces() -> tuple[TokenTrace, ...]:
    """A conversation-like and a code-like hour, always the same: all variety comes from the shifts."""
    shapes = ((5.4, 1020.0, 1.0, 129.0, 0.8), (2.6, 1469.0, 1.1, 13.0, 0.9))
    return tuple(_poisson_trace(index, *shape) for index, shape in enumerate(shapes))


def drawn_trace(rng: np.random.Generator) -> TokenTrace:
    """One service: rate, burstiness and lengths drawn over wide ranges (assumed).

    Arrivals are Poisson with a rate that wanders on a log scale, as in production traces (BurstGPT,
    arXiv 2401.17644), and for two services in five comes and goes in bursts; lengths are log-normal and
    cut at the context window.
    """
    seconds = 3600
    rate = float(np.exp(rng.uniform(np.log(0.4), np.log(20.0))))
    keep = np.exp(-1.0 / np.exp(rng.uniform(np.log(3.0), np.log(400.0))))
    kicks = rng.standard_normal(seconds) * (1 - keep**2) ** 0.5
    wander = np.asarray(lfilter([1.0], [1.0, -keep], kicks)) * float(rng.uniform(0.0, 1.1))
    intensity = rate * np.exp(wander - wander.var() / 2)
    if rng.random() < 0.4:
        intensity *= _bursts(rng, seconds)
    arrivals = rng.poisson(intensity)
    arrivals[0] += 1
    second = np.repeat(np.arange(seconds, dtype=np.int64), arrivals)
    window = float(np.exp(rng.uniform(np.log(4_000), np.log(128_000))))
    prompt, answer = (float(np.exp(rng.uniform(np.log(a), np.log(b)))) for a, b in ((80, 6000), (8, 600)))
    spread = rng.uniform(0.4, 1.5, 2)
    prompts = np.minimum(prompt * np.exp(spread[0] * rng.standard_normal(len(second))), window)
    answers = np.minimum(answer * np.exp(spread[1] * rng.standard_normal(len(second))), window / 4)
    asked = np.bincount(second, prompts, seconds)
    made = np.bincount(second, answers, seconds)
    return TokenTrace(asked / asked.mean(), made / made.mean())


def _bursts(rng: np.random.Generator, seconds: int) -> Float64:
    """On and off (seconds,) of mean about 1: on for seconds to minutes, off for up to four times as long."""
    on_s = float(np.exp(rng.uniform(np.log(2.0), np.log(120.0))))
    off_s = on_s * float(rng.uniform(0.3, 4.0))
    lengths = rng.exponential(np.tile([on_s, off_s], seconds))
    edges = np.minimum(np.cumsum(np.maximum(lengths, 1.0)), seconds).astype(np.int64)
    state = np.zeros(seconds)
    for start, stop in zip(np.r_[0, edges[1:-1:2]], edges[::2], strict=True):
        state[start:stop] = 1.0
    floor = float(rng.uniform(0.0, 0.3))
    return np.asarray((floor + (1 - floor) * state) / max(0.05, float((floor + (1 - floor) * state).mean())))


def _poisson_trace(
    index: int, per_second: float, prompt: float, prompt_spread: float, answer: float, answer_spread: float
) -> TokenTrace:
    """Poisson arrivals with log-normal token counts given by median and log-scale spread."""
    rng = np.random.default_rng(np.random.SeedSequence(2023, spawn_key=(index,)))
    arrivals = rng.poisson(per_second, 3600)
    second = np.repeat(np.arange(3600, dtype=np.int64), arrivals)
    prompts = prompt * np.exp(prompt_spread * rng.standard_normal(len(second)))
    answers = answer * np.exp(answer_spread * rng.standard_normal(len(second)))
    return _per_second(second, prompts, answers)


def _per_second(second: Int64, prompt: Float64, generated: Float64) -> TokenTrace:
    """Sum tokens (requests,) by second and scale both series to a mean of 1."""
    asked = np.bincount(second, prompt)
    made = np.bincount(second, generated)
    return TokenTrace(asked / asked.mean(), made / made.mean())
