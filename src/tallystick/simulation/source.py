"""The simulated site as a source of samples."""

from collections.abc import Iterator, Mapping

import numpy as np

from tallystick.records.subject import JobRecord, Subject
from tallystick.simulation.layout import SiteLayout
from tallystick.simulation.requests import RequestModel, request_model
from tallystick.simulation.scenario import SCENARIOS, Scenario
from tallystick.simulation.schedule import PlannedJob, Work
from tallystick.simulation.sensors import SiteSensors
from tallystick.simulation.serving import ServingProcess, draw_serving
from tallystick.simulation.signals import (
    ACCELERATORS_PER_NODE,
    QUANTITIES,
    Float32,
    Process,
)
from tallystick.simulation.spec import SimulationSpec, parse_spec
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_fine_tuning, draw_pretraining
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_S, SLOT_NS

#: First number of the spawn keys, one per use of randomness, so that none depends on another.
_PLAN, _JOBS, _CALIBRATION, _READINGS = range(4)


def open_simulation(spec: str) -> "SimulatedSource":
    """The simulated site that ``spec`` asks for, such as ``relabel,seed=7,accelerators=256,hours=24``.

    Keys: seed, accelerators, hours, start, interval (seconds) and traces (auto, on, off,
    drawn). Raises
    InputError where a part cannot be used.
    """
    parsed = parse_spec(spec, tuple(SCENARIOS))
    return SimulatedSource(parsed, SCENARIOS[parsed.scenario], request_model(parsed.traces, parsed.seed))


class SimulatedSource:
    """A site of ``spec.nodes`` nodes over ``spec.hours`` hours; a ``Source``.

    ``request_model`` names where the demand on serving came from, ``azure2023``, ``poisson`` or
    ``drawn``: with the same spec and the same model, every table is the same.
    """

    def __init__(self, spec: SimulationSpec, scenario: Scenario, requests: RequestModel) -> None:
        self.spec = spec
        self.request_model = requests.name
        self._requests = requests
        self._subjects = SiteLayout(spec.nodes).inventory(
            spec.interval_s * NS_PER_S, spec.start_ns, spec.end_ns
        )
        self._plan = scenario.plan(self._generator(_PLAN), spec)

    def inventory(self) -> tuple[Subject, ...]:
        """All subjects sorted by name: one meter, nodes, accelerators."""
        return self._subjects

    def jobs(self) -> tuple[JobRecord, ...]:
        """The operator's word. Records name accelerators; idle time has none."""
        return self._plan.declared

    def truth(self) -> tuple[JobRecord, ...]:
        """What really ran. An honest job bears the id that the operator gave it."""
        return self._plan.truth

    def known_flop(self) -> Mapping[str, int]:
        """Nothing: the simulator knows shapes of power, not FLOP."""
        return {}

    @property
    def plays_meter(self) -> bool:
        """The simulated meter signs."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """That all of it is simulated, and what drove serving."""
        return (f"simulated, scenario {self.spec.scenario}; requests: {self.request_model}",)

    def slots(self) -> Iterator[SampleTable]:
        """One table per slot. Each call starts afresh and holds one slot at a time."""
        spec = self.spec
        sensors = SiteSensors(self._subjects, spec.interval_s, self._generator(_CALIBRATION))
        running: dict[int, Process] = {}
        for slot, start_ns in enumerate(range(spec.start_ns, spec.end_ns, SLOT_NS)):
            signals = self._signals(start_ns, running)
            yield sensors.read(signals, start_ns, self._generator(_READINGS, slot))

    def _signals(self, start_ns: int, running: dict[int, Process]) -> Float32:
        """Sum (quantities, nodes, 8, ticks) of what all jobs do in the intervals that end at the ticks.

        ``running`` holds the processes under way and is kept up to date.
        """
        spec = self.spec
        ticks = SLOT_NS // NS_PER_S // spec.interval_s
        signals = np.zeros((QUANTITIES, spec.nodes, ACCELERATORS_PER_NODE, ticks), dtype=np.float32)
        first_ns = start_ns - spec.interval_s * NS_PER_S
        for index, job in enumerate(self._plan.jobs):
            if job.end_ns <= first_ns or job.start_ns >= first_ns + SLOT_NS:
                running.pop(index, None)
                continue
            if index not in running:
                running[index] = self._start(index, job)
            edges_s = (first_ns - job.start_ns) / NS_PER_S + spec.interval_s * np.arange(ticks + 1.0)
            signals[:, list(job.nodes)] += running[index].advance(edges_s)
        return signals

    def _start(self, index: int, job: PlannedJob) -> Process:
        """The process of the plan's job number ``index``, with randomness of its own."""
        rng = self._generator(_JOBS, index)
        duration_s = (job.end_ns - job.start_ns) / NS_PER_S
        nodes = len(job.nodes)
        if job.work is Work.PRETRAINING:
            return TrainingProcess(draw_pretraining(rng, nodes), nodes, duration_s, rng)
        if job.work is Work.FINE_TUNING:
            return TrainingProcess(draw_fine_tuning(rng), nodes, duration_s, rng)
        loaded_only = job.work is Work.LOADED
        return ServingProcess(draw_serving(rng, nodes, self._requests.traces, loaded_only), duration_s, rng)

    def _generator(self, *key: int) -> np.random.Generator:
        """An independent generator for one use of randomness."""
        return np.random.default_rng(np.random.SeedSequence(self.spec.seed, spawn_key=key))
