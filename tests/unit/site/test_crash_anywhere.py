"""The process is killed at each write, fsync and rename of each command: nothing acknowledged is lost.

The steps are enumerated by running the command once over a counting disk. At each, a copy of the site is
killed, and the command is run again: the account is the one of a run that was never disturbed.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from failing_disk import FULL, KILL, POWER, TORN, FailingDisk, KilledError
from matrix_site import MATRIX_SPEC

import tallystick.site.close as close_module
import tallystick.site.days as days_module
from tallystick.claims.cap import Cap
from tallystick.claims.figure import Figure
from tallystick.claims.prove import ClaimProver
from tallystick.declarations.bundle import declaration_of, read_bundle
from tallystick.errors import TallystickError
from tallystick.evidence.key_file import save_key
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.inspection.challenge import Challenge, Wish, plan_challenge
from tallystick.inspection.verify import verify
from tallystick.simulation.source import open_simulation
from tallystick.site.claims import Claimant
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.ingest import ingest
from tallystick.site.key_changes import follow_witness, rotate_site_key, rotate_witness_key
from tallystick.site.log_file import LogFile
from tallystick.site.respond import respond

CAP = Cap(Figure.TIME_BOUND, 10**21)


def _remembered(real: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
    """What takes most of the time and writes nothing is done once."""
    known: dict[Any, Any] = {}

    def stand_in(*given: Any, **more: Any) -> Any:
        at = key(*given)
        if at not in known:
            known[at] = real(*given, **more)
        return known[at]

    return stand_in


@pytest.fixture(scope="module", autouse=True)
def remembered() -> Iterator[None]:
    """Observation, and proofs of the same content, are made once for all runs of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(close_module, "observe", _remembered(close_module.observe, lambda *_: "all"))
        rows = _remembered(days_module.prove_rows, lambda *given: repr(given[2:7]))
        patch.setattr(days_module, "prove_rows", rows)
        prove = _remembered(ClaimProver.prove, lambda prover, said: repr((prover._record.context, said)))
        patch.setattr(ClaimProver, "prove", prove)
        yield


@dataclass
class Acknowledged:
    """What the log told its caller to be there."""

    leaves: list[object] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        append, seal = LogFile.append, LogFile.seal

        def appended(log: LogFile, leaves: Any) -> None:
            append(log, leaves)
            self.leaves = list(log.leaves)

        def sealed(log: LogFile, now_s: int) -> Any:
            head = seal(log, now_s)
            self.heads.append(head.text)
            return head

        patch.setattr(LogFile, "append", appended)
        patch.setattr(LogFile, "seal", sealed)

    def check(self, site: SiteDirectory) -> None:
        assert site.log.leaves[: len(self.leaves)] == self.leaves
        assert {head.text for head in site.log.heads} >= set(self.heads)


def _site(root: Path) -> SiteDirectory:
    return SiteDirectory(root / "site")


def _ingest(root: Path) -> None:
    site = _site(root)
    with site.locked():
        ingest(site, open_simulation(MATRIX_SPEC))


def _close(root: Path) -> None:
    site = _site(root)
    with site.locked():
        close(site, "all")


def _claim(root: Path) -> None:
    site = _site(root)
    with site.locked():
        Claimant(site, "all").claim([CAP])


def _challenge(root: Path) -> Challenge:
    bundle = read_bundle(root / "site/bundles/site-all.tally")
    return plan_challenge(bundle, Wish(10**20, 0.9, 0.9, 0.001, slots=1, subjects=1), bytes(32)).challenge


def _respond(root: Path) -> None:
    site = _site(root)
    with site.locked():
        respond(site, _challenge(root))


def _rotate(root: Path) -> None:
    site = _site(root)
    with site.locked():
        if len(site.keys.site) == 1:  # a run that was killed after its leaf has rotated
            rotate_site_key(site)


def _rotate_witness(root: Path) -> None:
    peer, site = SiteDirectory(root / "peer"), _site(root)
    with peer.locked():
        if len(site.keys.witness) == 1 and site.keys.witness[-1].key == peer.own_witness().verifier:
            rotate_witness_key(peer)
    with site.locked():
        if len(site.keys.witness) == 1:
            follow_witness(site)


def _publish(root: Path) -> None:
    site = _site(root)
    with site.locked():
        site.log.publish(site.path / "published")


def _account(root: Path) -> object:
    """What a site says, without signatures: those of ML-DSA-44 are drawn anew each time."""
    site = _site(root)
    leaves = [leaf for leaf in site.log.leaves if not hasattr(leaf, "new_signature")]
    heads = [h.checkpoint for h in site.log.heads]
    private = ("jobs.json", "truth.json", "known.json", "meter")
    files = sorted(
        str(p.relative_to(root)) for p in site.path.rglob("*") if p.is_file() and ".tmp" not in p.name
    )
    kept = [(site.path / n).read_bytes() for n in private if (site.path / n).is_file()]
    bundles = [
        (b.leaves, [h.checkpoint for h in b.heads], declaration_of(b), [c["payload"] for c in b.claims])
        for b in map(read_bundle, sorted((site.path / "bundles").glob("*.tally")))
    ]
    rotated = (len(site.keys.site), len(site.keys.witness))
    # The head over a change of key is sealed by the next command where this one was killed before.
    return leaves, heads if rotated == (1, 1) else [], files, kept, bundles, rotated


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pair of sites as each command finds it."""
    base = tmp_path_factory.mktemp("stages")
    SiteDirectory.create(base / "new/peer", "Peer", base / "new/site")
    SiteDirectory.create(base / "new/site", "Site", base / "new/peer", lineages=1).use_simulated_clock()
    meter = "meter.tallystick.example/site"  # made beforehand: another would give the log other leaves
    save_key(SigningKey.generate(meter, NOTE), base / "new/site/meter/device.key")
    found = {"new": base / "new"}
    for stage, before, command in (("ingested", "new", _ingest), ("closed", "ingested", _close)):
        shutil.copytree(found[before], base / stage)
        command(base / stage)
        found[stage] = base / stage
    return found


COMMANDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "ingest": ("new", _ingest),
    "close": ("ingested", _close),
    "claim": ("closed", _claim),
    "respond": ("closed", _respond),
    "rotate the site's key": ("ingested", _rotate),
    "rotate the witness's key": ("ingested", _rotate_witness),
    "publish": ("ingested", _publish),
}


def _disturbed(root: Path, command: Callable[[Path], None], at: int, way: str) -> Acknowledged:
    said, disk = Acknowledged(), FailingDisk(root, at, way)
    with pytest.MonkeyPatch.context() as patch:
        said.watch(patch)
        try:
            with disk.failing():
                command(root)
        except KilledError:
            assert way != FULL
        except TallystickError as error:
            assert way == FULL
            assert "\n" not in str(error)  # noqa: PT017 - a kill may come as another exception
    return said


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


@pytest.mark.parametrize("way", [KILL, TORN, POWER, FULL])
@pytest.mark.parametrize("name", COMMANDS)
def test_disturbed_at_any_step(stages: dict[str, Path], tmp_path: Path, name: str, way: str) -> None:
    stage, command = COMMANDS[name]
    counting = FailingDisk(_copy(stages[stage], tmp_path / "whole"))
    with counting.failing():
        command(tmp_path / "whole")
    expected, steps = _account(tmp_path / "whole"), counting.steps
    assert len(steps) > 3
    if way in (TORN, FULL):
        chosen = [at for at, step in enumerate(steps, 1) if step.startswith(("write", "create", "fsync"))]
    else:
        chosen = list(range(1, len(steps) + 1))
    for at in chosen:
        root = _copy(stages[stage], tmp_path / "copy")
        said = _disturbed(root, command, at, way)
        said.check(_site(root))
        command(root)
        said.check(_site(root))
        assert _account(root) == expected, f"{way} at step {at}: {steps[at - 1]}"
        assert not list((root / "site").rglob(".*.tmp"))
    if stage == "ingested" and name == "close":
        assert verify(read_bundle(tmp_path / "copy/site/bundles/site-all.tally")).report.ok
