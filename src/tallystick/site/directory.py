"""Where a site keeps what.

site.json        name, origin, witness, clock              jobs.json   what the scheduler says ran
private/         keys and the secret behind all salts      truth.json  what really ran, if the source knows
known.json       published FLOP and notes of the sources
samples/         one Parquet file per sealed slot          entries/    opened form of each period's entries
log/             leaves and signed heads                   meter/      the sealed meter's signed file
declarations/    signed envelopes                          bundles/    *.tally, what is handed over
"""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tallystick.declarations.inventory import Roster
from tallystick.declarations.key_history import KeyHistory, keys_over_log
from tallystick.declarations.leaf import REAL, SIMULATED, Registration
from tallystick.errors import FormatError, SiteError
from tallystick.evidence.key_file import load_key, save_key
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from tallystick.evidence.log.witness import Witness
from tallystick.evidence.matrix.columns import ColumnPlan
from tallystick.evidence.private_file import load_secret, save_secret
from tallystick.evidence.waiting_key import next_to
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.site.lineages import plan_of
from tallystick.site.log_file import LogFile
from tallystick.site.own_key import key_that_signs
from tallystick.site.waiting_log import WaitingLog, why_it_waits
from tallystick.units import SLOT_NS
from tallystick.whole_file import TEMPORARY, read_file, write_whole

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
WITNESS_MEMORY = "witness-memory.json"
FOLDERS = ("private", "samples", "log", "declarations", "entries", "meter", "bundles")
MAX_CONFIG_BYTES = 65_536
MAX_JOBS_BYTES = 1 << 28
_WRONG_SHAPE = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """``clock`` is ``real``, or ``simulated`` where the samples' own time stands for the present.

    ``lineages`` is how many columns of the matrix are for lineages; None where the site keeps no matrix.
    ``operator`` is whose plan of columns it is.

    ``inspectors`` are the verifier keys whose challenges this site answers; any where there is none.
    """

    name: str
    origin: str
    witness: str = ""
    clock: str = REAL
    inspectors: tuple[str, ...] = ()
    operator: str = ""
    lineages: int | None = None

    def check(self) -> None:
        """Raise ValueError where a field is unusable."""
        if not all(isinstance(x, str) for x in (self.name, self.origin, self.witness, *self.inspectors)):
            raise ValueError("a field is not text")
        if not _NAME.fullmatch(self.name) or self.clock not in (REAL, SIMULATED):
            raise ValueError("unusable name or clock")


class SiteDirectory:
    """An existing site directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._keys: tuple[int, KeyHistory] | None = None
        if not (path / "site.json").exists():
            raise SiteError("no site here", where=str(path), mend=f"tallystick site init {path} --name NAME")
        try:
            self.config = SiteConfig(**_json(path / "site.json", MAX_CONFIG_BYTES))
            self.config.check()
        except (ValueError, TypeError) as error:
            raise _damaged(path / "site.json", error) from error

    @staticmethod
    def create(
        path: Path,
        name: str,
        witness: Path | None,
        inspectors: Sequence[VerifierKey] = (),
        lineages: int | None = None,
        operator: str = "",
    ) -> "SiteDirectory":
        """A new site with new keys.

        ``witness`` is the directory of the other side's site, which may be made later. ``inspectors`` are
        those whose challenges will be answered; where there is none, anybody's are.
        """
        if (path / "site.json").exists():
            raise SiteError("there is a site already", where=str(path), mend="choose an empty directory")
        if not _NAME.fullmatch(name):
            raise SiteError(
                f"unusable name {name[:40]!r}", mend="use up to 64 letters, digits, '.', '_' and '-'"
            )
        if witness is not None and witness.resolve() == path.resolve():
            raise SiteError("a site cannot be its own witness", mend="name the other side's site")
        origin = f"tallystick.example/{name.lower()}"
        try:
            for folder in FOLDERS:
                (path / folder).mkdir(
                    parents=True, exist_ok=True, mode=0o700 if folder == "private" else 0o777
                )
        except OSError as error:
            raise SiteError(
                f"cannot create: {error.strerror}", where=str(path), mend="choose another"
            ) from error
        save_key(SigningKey.generate(origin, NOTE), path / "private/site.key")
        save_key(SigningKey.generate(f"witness.{origin}", COSIGNATURE), path / "private/witness.key")
        save_secret(path / "private/secret", secrets.token_bytes(32))
        config = SiteConfig(
            name,
            origin,
            os.path.relpath(witness, path) if witness else "",
            inspectors=tuple(map(str, inspectors)),
            operator=operator or name,
            lineages=lineages,
        )
        write_whole(path / "site.json", json.dumps(asdict(config), indent=1).encode())
        return SiteDirectory(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process out while the account changes."""
        lock = self.path / "private/lock"
        try:
            file = lock.open("w")
        except OSError as error:
            raise SiteError(
                f"cannot lock the site: {error.strerror}",
                where=str(lock),
                mend="make private/ writable for yourself, and remove what stands in the lock's place",
            ) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SiteError(
                    "another process is at work on this site",
                    where=str(self.path),
                    mend="wait until it ends",
                ) from error
            for leftover in self.path.rglob(f".*{TEMPORARY}"):
                leftover.unlink(missing_ok=True)
            yield

    @cached_property
    def key(self) -> SigningKey:
        """The site's signing key, the one that its log names last."""
        path = self.path / "private/site.key"
        if next_to(path).exists():  # a change of key was interrupted
            log = LogFile(self.path / "log", load_key(path, self.config.origin, NOTE), None)
            return key_that_signs(path, self.config.origin, log.leaves)
        return load_key(path, self.config.origin, NOTE)

    @cached_property
    def secret(self) -> bytes:
        """What all salts and nonces come from."""
        return load_secret(self.path / "private/secret")

    @property
    def inspectors(self) -> tuple[VerifierKey, ...]:
        """Whose challenges this site answers; empty where it answers any. Raises FormatError."""
        where = str(self.path / "site.json")
        return tuple(VerifierKey.parse(text, where) for text in self.config.inspectors)

    @cached_property
    def plan(self) -> ColumnPlan | None:
        """The plan of columns that the log begins with; None where the site keeps no matrix."""
        if self.config.lineages is None:
            return None
        return plan_of(self.secret, self.config.operator, self.config.lineages)[0]

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for ``purpose``."""
        return hmac.new(self.secret, b"tallystick-derive/1\0" + purpose.encode(), hashlib.sha256).digest()

    def own_witness(self) -> Witness:
        """The witness that this site is to others."""
        return Witness(self.witness_signing_key, self.path / WITNESS_MEMORY)

    @property
    def witness_name(self) -> str:
        """The name of the witness that this site is to others."""
        return f"witness.{self.config.origin}"

    @property
    def witness_signing_key(self) -> SigningKey:
        """The key of the witness that this site is to others."""
        return load_key(self.path / "private/witness.key", self.witness_name, COSIGNATURE)

    def witnessed_origins(self) -> list[str]:
        """The logs that this site's witness has seen, in order of their names."""
        memory = self.path / WITNESS_MEMORY
        return sorted(_json(memory, MAX_CONFIG_BYTES)) if memory.exists() else []

    @property
    def keys(self) -> KeyHistory:
        """Which key signs from which leaf of the log on."""
        leaves = self.log.leaves
        if self._keys is None or self._keys[0] != len(leaves):
            self._keys = len(leaves), keys_over_log(leaves)
        return self._keys[1]

    @cached_property
    def log(self) -> LogFile:
        """The site's log, registered."""
        peer = SiteDirectory(self.path / self.config.witness) if self.config.witness else None
        witness = peer.own_witness() if peer else None
        log = LogFile(self.path / "log", self.key, witness)
        if not log.leaves:
            registration = Registration(
                self.config.name,
                self.key.verifier,
                witness.verifier if witness else None,
                self.config.clock,
            )
            log.append([registration, *([self.plan] if self.plan else [])])
            return log
        if len(log.leaves) == 1 and self.plan is not None:
            log.append([self.plan])  # the process was killed between the two
        reason = why_it_waits(keys_over_log(log.leaves), witness.verifier if witness else None, self.path)
        return WaitingLog(self.path / "log", self.key, reason) if reason else log

    @property
    def roster(self) -> Roster:
        """All subjects named in the log."""
        return Roster.of(leaf.subjects for leaf in self.log.inventories)

    def now_s(self, simulated_ns: int) -> int:
        """Seconds since 1970: real, or the simulated instant where the site's clock is simulated."""
        return simulated_ns // 1_000_000_000 if self.config.clock == SIMULATED else int(time.time())

    def sealed_late(self) -> bool:
        """Whether the last sealed slot ended longer ago than an inspection allows, by the real clock."""
        if self.config.clock != REAL or not self.log.sealed:
            return False
        return time.time_ns() - max(self.log.sealed) > 2 * SLOT_NS

    def use_simulated_clock(self) -> None:
        """The samples' own time stands for the present, and the log says so from its first leaf.

        Raises SiteError where the log began with a real clock.
        """
        if self.config.clock == SIMULATED:
            return
        if self.log_began():
            raise SiteError(
                "this site's log began with a real clock",
                where=str(self.path),
                mend="make another site for simulated or replayed samples",
            )
        self.config = replace(self.config, clock=SIMULATED)
        write_whole(self.path / "site.json", json.dumps(asdict(self.config), indent=1).encode())

    def log_began(self) -> bool:
        """Whether the log has its first leaf."""
        return (self.path / "log/leaves.jsonl").exists()

    def read_known(self) -> tuple[dict[str, int], tuple[str, ...]]:
        """Published FLOP by true job, and notes on the sources."""
        path = self.path / "known.json"
        if not path.exists():
            return {}, ()
        raw = _json(path, MAX_JOBS_BYTES)
        try:
            known = {job: int(flop) for job, flop in raw["flop"].items()}
            return known, tuple(_text(note) for note in raw["notes"])
        except _WRONG_SHAPE as error:
            raise _damaged(path, error) from error

    def add_known(self, flop: Mapping[str, int], notes: Sequence[str]) -> None:
        """Keep what the sources say about themselves, for measuring errors and for whoever reads figures."""
        known, said = self.read_known()
        amounts = {job: str(value) for job, value in {**known, **flop}.items()}
        kept = {"flop": amounts, "notes": list(dict.fromkeys((*said, *notes)))}
        write_whole(self.path / "known.json", json.dumps(kept).encode())

    def read_jobs(self, name: str) -> tuple[JobRecord, ...]:
        """Job records of ``jobs.json`` or ``truth.json``; none where the file is absent."""
        path = self.path / name
        if not path.exists():
            return ()
        rows = _json(path, MAX_JOBS_BYTES)
        try:
            return tuple(
                JobRecord(
                    _text(r["job"]),
                    tuple(_text(s) for s in r["subjects"]),
                    _integer(r["start_ns"]),
                    _integer(r["end_ns"]),
                    WorkloadClass(r["workload"]),
                )
                for r in rows
            )
        except _WRONG_SHAPE as error:
            raise _damaged(path, error) from error

    def add_jobs(self, name: str, jobs: tuple[JobRecord, ...]) -> None:
        """Add job records; one with the same name replaces the older."""
        merged = {j.job: j for j in (*self.read_jobs(name), *jobs)}
        if merged:
            rows = [asdict(merged[job]) for job in sorted(merged)]
            write_whole(self.path / name, json.dumps(rows).encode())


def _json(path: Path, limit_bytes: int) -> Any:
    try:
        return json.loads(read_file(path, limit_bytes))
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> FormatError:
    said = str(error).split("\n", 1)[0][:80] or type(error).__name__
    return FormatError(f"damaged ({said})", where=str(path), mend="restore it from a backup")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not text")
    return value


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r:.40} is not an integer")
    return value
