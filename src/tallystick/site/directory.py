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
from tallystick.declarations.leaf import REAL, SIMULATED, Registration
from tallystick.errors import FormatError, SiteError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.witness import Witness
from tallystick.records.subject import JobRecord
from tallystick.records.workload import WorkloadClass
from tallystick.site.log_file import LogFile
from tallystick.units import SLOT_NS
from tallystick.whole_file import TEMPORARY, read_file, write_whole

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
FOLDERS = ("private", "samples", "log", "declarations", "entries", "meter", "bundles")
MAX_CONFIG_BYTES = 65_536
MAX_JOBS_BYTES = 1 << 28
_WRONG_SHAPE = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """``clock`` is ``real``, or ``simulated`` where the samples' own time stands for the present."""

    name: str
    origin: str
    witness: str = ""
    clock: str = REAL

    def check(self) -> None:
        """Raise ValueError where a field is unusable."""
        if not all(isinstance(x, str) for x in (self.name, self.origin, self.witness)):
            raise ValueError("a field is not text")
        if not _NAME.fullmatch(self.name) or self.clock not in (REAL, SIMULATED):
            raise ValueError("unusable name or clock")


class SiteDirectory:
    """An existing site directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path / "site.json").exists():
            raise SiteError("no site here", where=str(path), mend=f"tallystick site init {path} --name NAME")
        try:
            self.config = SiteConfig(**_json(path / "site.json", MAX_CONFIG_BYTES))
            self.config.check()
        except (ValueError, TypeError) as error:
            raise _damaged(path / "site.json", error) from error

    @staticmethod
    def create(path: Path, name: str, witness: Path | None) -> "SiteDirectory":
        """A new site with new keys.

        ``witness`` is the directory of the other side's site, which may be made later.
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
        SigningKey.generate(origin, NOTE).save(path / "private/site.key")
        SigningKey.generate(f"witness.{origin}", COSIGNATURE).save(path / "private/witness.key")
        write_whole(path / "private/secret", secrets.token_bytes(32), mode=0o600)
        config = SiteConfig(name, origin, os.path.relpath(witness, path) if witness else "")
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
        """The site's signing key."""
        return SigningKey.load(self.path / "private/site.key", self.config.origin, NOTE)

    @cached_property
    def secret(self) -> bytes:
        """What all salts and nonces come from."""
        return read_file(self.path / "private/secret", 32)

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for ``purpose``."""
        return hmac.new(self.secret, b"tallystick-derive/1\0" + purpose.encode(), hashlib.sha256).digest()

    def own_witness(self) -> Witness:
        """The witness that this site is to others."""
        name = f"witness.{self.config.origin}"
        key = SigningKey.load(self.path / "private/witness.key", name, COSIGNATURE)
        return Witness(key, self.path / "witness-memory.json")

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
            log.append([registration])
        return log

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
