"""Which witnesses must have cosigned a head, in the text form of C2SP tlog-policy.

log <Ed25519 key>
log <ML-DSA-44 key>
witness borealis-ed25519 <Ed25519 key> [<URL>]
witness borealis-mldsa44 <ML-DSA-44 key> [<URL>]
group borealis all borealis-ed25519 borealis-mldsa44
quorum borealis

Each line names a key of one algorithm, so that other tools read the file. Of the policies that such files
can state, only those are accepted in which neither algorithm can be stripped: logs come in pairs, and each
witness's two keys stand in one group of exactly those two, of which all are due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, NOTE, VerifierKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.cosignature import verify_cosignature
from tallystick.evidence.vkey import MLDSA44, Vkey

#: tlog-policy asks readers for at least 32 logs, 32 witnesses and 32 groups; a pair is two of the first two.
MAX_POLICY_BYTES = 1 << 20
MAX_LINES = 1024
NONE = "none"


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness of a policy, and where it can be asked (may be empty)."""

    key: VerifierKey
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """``least`` of ``members``, which are names of witnesses and of other groups."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Known logs, known witnesses by name, groups by name, and the name that must be met."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, PolicyWitness]
    groups: Mapping[str, Group]
    quorum: str

    @staticmethod
    def of(logs: Sequence[VerifierKey], witnesses: Mapping[str, PolicyWitness], least: int) -> "Policy":
        """``least`` of ``witnesses`` must have cosigned."""
        if not 0 <= least <= len(witnesses) or "quorum" in witnesses or NONE in witnesses:
            raise ValueError("not a number of witnesses out of those named")
        groups = {"quorum": Group(least, tuple(witnesses))} if least else {}
        return Policy(tuple(logs), dict(witnesses), groups, "quorum" if least else NONE)

    def check(self, note: SignedCheckpoint) -> dict[str, int]:
        """The times of all known witnesses that cosigned ``note`` with both keys.

        Raises VerificationError unless the head is signed by both keys of a known log and the quorum is met.
        A witness's line that does not hold is no cosignature; what is missing is named.
        """
        self._log_of(note)
        times: dict[str, int] = {}
        for name, witness in self.witnesses.items():
            try:
                times[name] = verify_cosignature(note, witness.key)
            except VerificationError:
                continue
        if self.quorum != NONE and not self._met(self.quorum, times):
            missing = ", ".join(name for name in self.witnesses if name not in times) or "nobody"
            raise VerificationError(
                f"the quorum {self.quorum} is not met: no valid cosignatures of {missing}"
            )
        return times

    def _log_of(self, note: SignedCheckpoint) -> None:
        origin = note.checkpoint.origin
        known = [log for log in self.logs if log.name == origin]
        if not known:
            raise VerificationError(f"{origin} is no log of the policy")
        note.verify(known[0])

    def _met(self, name: str, times: Mapping[str, int]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in times
        return sum(self._met(member, times) for member in group.members) >= group.least

    @property
    def text(self) -> str:
        """The policy as a file that ``parse_policy`` reads to the same."""
        lines = [f"log {half}" for log in self.logs for half in (log.ed25519, log.mldsa44)]
        for name, witness in self.witnesses.items():
            url = f" {witness.url}" if witness.url else ""
            lines += [
                f"witness {name}-ed25519 {witness.key.ed25519}{url}",
                f"witness {name}-mldsa44 {witness.key.mldsa44}{url}",
                f"group {name} all {name}-ed25519 {name}-mldsa44",
            ]
        for name, group in self.groups.items():
            lines.append(f"group {name} {group.least} {' '.join(group.members)}")
        return "\n".join([*lines, f"quorum {self.quorum}", ""])


def parse_policy(text: str, where: str) -> Policy:
    """Read a policy. Raises FormatError that names the line."""
    if len(text) > MAX_POLICY_BYTES or text.count("\n") > MAX_LINES or not text.endswith("\n"):
        raise FormatError("too long, or its last line has no end", where=where)
    if any((ord(c) < 32 and c not in "\t\n") or ord(c) == 127 for c in text):
        raise FormatError("holds control characters", where=where)
    reader = _Reader()
    for number, line in enumerate(text.split("\n")[:-1], 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            reader.take(words, f"{where}, line {number}")
    return reader.policy(where)


class _Reader:
    """A policy as far as it has been read: keys of one algorithm, and groups of them or of pairs."""

    def __init__(self) -> None:
        self._logs: dict[tuple[str, int], Vkey] = {}
        self._keys: dict[str, tuple[Vkey, str]] = {}
        self._witnesses: dict[str, PolicyWitness] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: list[str], where: str) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self._take_log(Vkey.parse(key, where), where)
            case ["witness", name, key]:
                self._take_witness(name, Vkey.parse(key, where), "", where)
            case ["witness", name, key, url]:
                self._take_witness(name, Vkey.parse(key, where), url, where)
            case ["group", name, least, *members] if members:
                self._take_group(name, least, members, where)
            case ["quorum", name] if self._quorum is None:
                if name != NONE and name not in self._witnesses and name not in self._groups:
                    raise FormatError(f"{name[:40]!r} is no group defined above", where=where)
                self._quorum = name
            case _:
                raise FormatError("not a line of a policy, or a second quorum", where=where)

    def policy(self, where: str) -> Policy:
        single = [name for name in self._keys if name not in self._grouped]
        if self._quorum is None or single:
            problem = f"{single[0]} is in no group with its other key" if single else "no quorum line"
            raise FormatError(problem, where=where)
        names = dict.fromkeys(name for name, _ in self._logs)
        logs = []
        for name in names:
            halves = [self._logs.get((name, kind)) for kind in (NOTE, MLDSA44)]
            if halves[0] is None or halves[1] is None:
                raise FormatError(f"the log {name} needs an Ed25519 and an ML-DSA-44 key", where=where)
            logs.append(VerifierKey.of(halves[0], halves[1], where))
        return Policy(tuple(logs), self._witnesses, self._groups, self._quorum)

    def _take_log(self, key: Vkey, where: str) -> None:
        if key.kind == COSIGNATURE or (key.name, key.kind) in self._logs or self._known(key):
            raise FormatError("a log's key twice, or one that cannot sign a log", where=where)
        self._logs[key.name, key.kind] = key

    def _take_witness(self, name: str, key: Vkey, url: str, where: str) -> None:
        self._new(name, where)
        if key.kind == NOTE or self._known(key):
            raise FormatError("a witness's key twice, or one that cannot cosign", where=where)
        self._keys[name] = (key, url)

    def _take_group(self, name: str, least: str, members: list[str], where: str) -> None:
        self._new(name, where)
        count = {"all": len(members), "any": 1}.get(least, int(least) if least.isdecimal() else 0)
        written = least in ("all", "any") or least == str(count)
        if not written or not 1 <= count <= len(members) or len(set(members)) != len(members):
            raise FormatError("a group needs 'all', 'any' or a number of its members, each once", where=where)
        if self._grouped & set(members):
            raise FormatError("a name may stand in one group only", where=where)
        self._grouped |= set(members)
        if any(member in self._keys for member in members):
            self._pair(name, count, members, where)
        elif all(member in self._witnesses or member in self._groups for member in members):
            self._groups[name] = Group(count, tuple(members))
        else:
            raise FormatError("a member is not defined above", where=where)

    def _pair(self, name: str, count: int, members: list[str], where: str) -> None:
        """A group of a witness's two keys is the witness: nothing less than both may stand for it."""
        found = [self._keys[member] for member in members if member in self._keys]
        if len(members) != 2 or len(found) != 2 or count != 2:
            raise FormatError(
                "one algorithm could be stripped: a witness's two keys need a group of their own, 'all'",
                where=where,
            )
        (first, url), (second, other_url) = sorted(found, key=lambda f: f[0].kind)
        if url != other_url:
            raise FormatError("the two keys of a witness name different URLs", where=where)
        self._witnesses[name] = PolicyWitness(VerifierKey.of(first, second, where), url)

    def _new(self, name: str, where: str) -> None:
        if name == NONE or name in self._keys or name in self._groups or name in self._witnesses:
            raise FormatError(f"the name {name[:40]!r} is taken", where=where)

    def _known(self, key: Vkey) -> bool:
        known = [*self._logs.values(), *(k for k, _ in self._keys.values())]
        return any(k.public == key.public for k in known)
