"""Two simulated sites inspect each other by the same rules: what the demo and its seed trial run."""

import multiprocessing
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tallystick.declarations.bundle import declaration_of, read_bundle
from tallystick.declarations.statement import Declaration
from tallystick.errors import SiteError
from tallystick.inspection.challenge import Planned, Wish, plan_challenge
from tallystick.inspection.conclude import Inspection, conclude
from tallystick.inspection.draw import Draw, draw
from tallystick.inspection.meter import read_meter
from tallystick.inspection.opening import read_opening
from tallystick.inspection.verify import verify
from tallystick.records.run import Run
from tallystick.records.subject import JobRecord
from tallystick.simulation.source import open_simulation
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.found_runs import Comparison, compare
from tallystick.site.ingest import ingest
from tallystick.site.respond import respond
from tallystick.trials.demo_claims import prove_claims, spread_over_lineages
from tallystick.trials.timeline import Timeline, declared_timeline, seen_timeline
from tallystick.whole_file import write_whole
from tallystick.workloads.shipped_model import ShippedModel

MARKER = ".tallystick-demo"


@dataclass(frozen=True, slots=True)
class Terms:
    """The same rules for both: cap and significant quantity in FLOP, wanted detection, assumed rates.

    The cap is on each declared run. The significant quantity is the undeclared training that must be
    noticed: 2e21 FLOP are a twentieth of what 256 accelerators do in a day at most, and much less cannot be
    told from the few windows of bursty serving on which the classifier abstains. ``lineages``: columns of the
    matrix for lineages, on each side.
    """

    cap_flop: int = 10**21
    significant_flop: int = 2 * 10**21
    detection: float = 0.999
    sensitivity: float = 0.9
    false_rate: float = 0.001
    slots: int = 24
    subjects: int = 64
    lineages: int = 8


@dataclass(frozen=True, slots=True)
class Party:
    """A state's site: its name and the scenario that is simulated there."""

    name: str
    scenario: str


PARTIES = (Party("Arden", "honest"), Party("Borealis", "relabel"))


@dataclass(frozen=True)
class Account:
    """What one site's operator did and knows, most of it private."""

    party: Party
    folder: Path
    bundle: Path
    meter: Path
    declaration: Declaration
    declared: Timeline
    seen: Timeline
    jobs: tuple[JobRecord, ...]
    runs: tuple[Run, ...]
    reference: Comparison | None
    samples: int
    request_model: str


@dataclass(frozen=True)
class Inspected:
    """One direction of the mutual inspection."""

    account: Account
    inspector: str
    planned: Planned
    drawn: Draw
    challenge: Path
    opening: Path
    inspection: Inspection


@dataclass(frozen=True)
class Mutual:
    """Both directions, with the time in seconds that each step took."""

    terms: Terms
    seed: int
    inspections: tuple[Inspected, ...]
    steps: tuple[tuple[str, float], ...]


Announce = Callable[[str, str, float], None]


def mutual_inspection(
    out: Path,
    *,
    seed: int,
    accelerators: int,
    hours: int,
    terms: Terms,
    announce: Announce = lambda *_: None,
) -> Mutual:
    """Run everything in ``out``, replacing an earlier demo there. Raises SiteError for another folder.

    ``announce`` is told each step's name, detail and seconds when it ends.
    """
    _clear(out)
    steps: list[tuple[str, float]] = []

    def step(name: str, started: float, detail: str) -> None:
        seconds = time.monotonic() - started
        steps.append((name, seconds))
        announce(name, detail, seconds)

    folders = [out / "sites" / party.name.lower() for party in PARTIES]
    for party, folder, other in zip(PARTIES, folders, reversed(folders), strict=True):
        SiteDirectory.create(folder, party.name, other, lineages=terms.lineages)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(PARTIES), mp_context=context) as pool:
        started = time.monotonic()
        spec = f"seed={seed},accelerators={accelerators},hours={hours}"
        specs = [f"{party.scenario},{spec}" for party in PARTIES]
        samples = list(pool.map(_observe, folders, specs))
        step("observe", started, f"{accelerators} accelerators a site, {hours} h, {sum(samples):,} samples")
        started = time.monotonic()
        caps = [terms.cap_flop] * len(PARTIES)
        accounts = list(pool.map(_account, PARTIES, folders, samples, specs, caps))
        runs = sum(len(a.runs) for a in accounts)
        step("account", started, f"classified, {runs} runs found, committed, proven, declared")
        started = time.monotonic()
        inspectors = [party.name for party in reversed(PARTIES)]
        nonces = [secrets.token_bytes(32) for _ in PARTIES]
        arguments = ([out] * 2, accounts, inspectors, nonces, [terms] * 2)
        inspections = tuple(pool.map(_inspect, *arguments))
        opened = sum(i.planned.challenge.entries for i in inspections)
        step("inspect", started, f"verified, drew and opened {opened} entries, recomputed, concluded")
    return Mutual(terms, seed, inspections, tuple(steps))


def _observe(folder: Path, spec: str) -> int:
    site = SiteDirectory(folder)
    site.use_simulated_clock()
    return ingest(site, open_simulation(spec)).samples


def _account(party: Party, folder: Path, samples: int, spec: str, cap_flop: int) -> Account:
    site = SiteDirectory(folder)
    spread_over_lineages(site)
    closed = close(site, "all")
    prove_claims(site, "all", cap_flop)
    jobs, truth = site.read_jobs("jobs.json"), site.read_jobs("truth.json")
    return Account(
        party=party,
        folder=folder,
        bundle=closed.bundle,
        meter=folder / "meter" / f"{party.name.lower()}.meter",
        declaration=closed.declaration,
        declared=declared_timeline(closed.observed, jobs),
        seen=seen_timeline(closed.observed),
        jobs=jobs,
        runs=closed.runs,
        reference=compare(closed.runs, truth, closed.declaration.period),
        samples=samples,
        request_model=open_simulation(spec).request_model,
    )


def _inspect(out: Path, account: Account, inspector: str, nonce: bytes, terms: Terms) -> Inspected:
    """What passes between the two sides are files, as it would be between two states."""
    name = account.party.name.lower()
    bundle_file, meter_file = out / f"{name}.tally", out / f"{name}.meter"
    shutil.copyfile(account.bundle, bundle_file)
    shutil.copyfile(account.meter, meter_file)
    bundle = read_bundle(bundle_file)
    verified = verify(bundle, read_meter(meter_file))
    wish = Wish(
        terms.significant_flop,
        terms.detection,
        terms.sensitivity,
        terms.false_rate,
        terms.slots,
        terms.subjects,
    )
    planned = plan_challenge(bundle, wish, nonce)
    challenge_file, opening_file = out / f"{name}.challenge.json", out / f"{name}.opening.json"
    write_whole(challenge_file, planned.challenge.encode())
    write_whole(opening_file, respond(SiteDirectory(account.folder), planned.challenge).encode())
    opening = read_opening(opening_file)
    return Inspected(
        account=account,
        inspector=inspector,
        planned=planned,
        drawn=draw(bundle, declaration_of(bundle), planned.challenge, opening.nonce),
        challenge=challenge_file,
        opening=opening_file,
        inspection=conclude(verified, planned.challenge, opening, ShippedModel()),
    )


def _clear(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise SiteError(
            "the folder holds something else", where=str(out), mend="choose an empty or new folder with --out"
        )
    try:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        (out / MARKER).touch()
    except OSError as error:
        raise SiteError(f"cannot create: {error.strerror}", where=str(out), mend="choose another") from error


def opened_share(inspections: Sequence[Inspected]) -> tuple[int, int]:
    """Entries opened and entries there are, on both sides together."""
    return (
        sum(i.planned.challenge.entries for i in inspections),
        sum(i.planned.population for i in inspections),
    )
