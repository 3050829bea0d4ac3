"""``tallystick log``: publish a site's log as tiles that other tools read; verify it from them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.cli.output import JsonFlag, counter, emit, room
from tallystick.errors import FormatError, InputError, VerificationError

if TYPE_CHECKING:
    from tallystick.evidence.keys import VerifierKey
    from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint
    from tallystick.evidence.log.fsck import HeadCheck
    from tallystick.evidence.log.policy import Policy

app = typer.Typer(help="The log as files: publish, show, verify.", no_args_is_help=True)

Log = Annotated[Path, typer.Argument(metavar="PATH", help="A folder with a checkpoint and tiles.")]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="The log's key, as one line or a file with it; once for each it had."),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option("--witness", help="A witness that must have cosigned, as a line or a file; once for each."),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="Instead of keys: a policy (C2SP tlog-policy) of log and witnesses."),
]
Earlier = Annotated[
    list[Path] | None,
    typer.Option("--earlier", help="A bundle or a checkpoint from before, which the log must extend."),
]


@app.command("export")
def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The site's directory.")],
    out: Annotated[Path, typer.Option("--out", help="Where the tiles go; what is there is added to.")],
    as_json: JsonFlag = False,
) -> None:
    """Publish a site's log as C2SP tiles, up to its last signed head. Reveals what a bundle reveals."""
    site = room("tallystick.site.directory", "site").SiteDirectory(directory)
    with site.locked(), counter("export", "leaves") as progress:
        known = site.log.publish(out, progress)
        head = site.log.heads[-1].checkpoint
    new = head.size - known
    data = {**head_json(head), "new_leaves": new, "folder": str(out.resolve())}
    text = (
        f"{head.origin}: {head.size:,} leaves in {out}, {new:,} of them new.\n"
        f"Next: tallystick log fsck {out} --key KEY"
    )
    emit(data, text, as_json=as_json)


@app.command("show")
def show(path: Log, as_json: JsonFlag = False) -> None:
    """What a log's checkpoint says, and who signed it by name. Verifies nothing."""
    from tallystick.evidence.log.tile_reader import read_checkpoint

    note = read_checkpoint(existing(path))
    signatures = [signature_json(note, i) for i in range(len(note.signatures))]
    head = note.checkpoint
    lines = [f"{head.origin}: {head.size:,} leaves, root {head.root.hex()}"]
    for s in signatures:
        lines.append(f"  {s['name']}+{s['key_id']}  {s['algorithm']}")
        lines[-1] += f", at {s['time_s']}" if s["time_s"] else ""
    lines.append("Not verified: tallystick log fsck does that.")
    emit({**head_json(note.checkpoint), "signatures": signatures}, "\n".join(lines), as_json=as_json)


@app.command("fsck")
def fsck(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Published tiles, or a site's directory.")],
    key: Keys = None,
    witness: Witnesses = None,
    policy: PolicyFile = None,
    earlier: Earlier = None,
    as_json: JsonFlag = False,
) -> None:
    """Verify every entry, tile and signature again. Exit status 1 names the first file that does not fit."""
    check, logs = head_check(key or (), witness or (), policy)
    try:
        heads = [head for file in earlier or () for head in earlier_heads(file, logs)]
        with counter("verify", "leaves") as progress:
            site = (path / "site.json").exists()
            data, text = (fsck_site if site else fsck_folder)(path, check, heads, progress)
    except VerificationError as error:
        kind = type(error).__name__
        failure = {"kind": kind, "problem": error.problem, "where": error.where}
        emit({"ok": False, "failed": failure}, f"FAILED: {error}", as_json=as_json)
        raise SystemExit(1) from error
    extends = f", which extends {len(heads):,} earlier heads" if heads else ""
    emit({"ok": True, **data, "earlier_heads": len(heads)}, f"OK: {text}{extends}", as_json=as_json)


def fsck_folder(
    path: Path, check: "HeadCheck", heads: "Sequence[Checkpoint]", progress: Callable[[int], None]
) -> tuple[dict[str, Any], str]:
    """Verify published tiles; what was found, as JSON and as text."""
    from tallystick.evidence.log.fsck import fsck_tiles

    found = fsck_tiles(path, check, heads, progress)
    data = {**head_json(found.head), "tiles": found.tiles, "files_beyond_the_checkpoint": found.beyond}
    beyond = f" ({found.beyond} files past the checkpoint, not verified)" if found.beyond else ""
    size, origin = found.head.size, found.head.origin
    return data, f"{size:,} leaves, tiles checked: {found.tiles:,}, under the head of {origin}{beyond}"


def fsck_site(
    path: Path, check: "HeadCheck", heads: "Sequence[Checkpoint]", progress: Callable[[int], None]
) -> tuple[dict[str, Any], str]:
    """Verify the log as a site keeps it; what was found, as JSON and as text."""
    from tallystick.evidence.log.fsck_lines import fsck_lines

    found = fsck_lines(path / "log", check, heads, progress)
    data = {**head_json(found.head), "heads": found.heads, "unsigned_leaves": found.unsigned}
    unsigned = f" ({found.unsigned:,} leaves not signed yet)" if found.unsigned else ""
    size, origin = found.head.size, found.head.origin
    return data, f"{size:,} leaves under {found.heads:,} heads of {origin}{unsigned}"


def head_check(
    keys: Sequence[str], witnesses: Sequence[str], policy: Path | None
) -> "tuple[HeadCheck, tuple[VerifierKey, ...]]":
    """How a head is checked, and the log's keys. Raises InputError where none are given."""
    if policy is not None:
        if keys or witnesses:
            raise InputError("a policy and keys", mend="give either --policy or --key and --witness")
        read = read_policy(policy)
        return read.check, read.logs
    from tallystick.evidence.log.cosignature import verify_head
    from tallystick.evidence.log.history import check_signed

    logs = tuple(key_from(text, "--key") for text in keys)
    cosigners = tuple(key_from(text, "--witness") for text in witnesses)
    if not logs:
        raise InputError("no key of the log", mend="--key KEY, as agreed with the operator, or --policy FILE")

    def check(note: "SignedCheckpoint") -> None:
        log = check_signed(note, logs)
        if cosigners:
            verify_head(note, log, cosigners)

    return check, logs


def read_policy(path: Path) -> "Policy":
    """A policy from its file. Raises InputError or FormatError."""
    from tallystick.evidence.log.policy import MAX_POLICY_BYTES, parse_policy
    from tallystick.whole_file import read_file

    try:
        return parse_policy(read_file(path, MAX_POLICY_BYTES).decode(), str(path))
    except UnicodeDecodeError as error:
        raise FormatError("not text", where=str(path), mend="write it in UTF-8") from error


def key_from(text: str, option: str) -> "VerifierKey":
    """A pair of keys from its one line, or from a file that holds the line. Raises FormatError."""
    from tallystick.evidence.keys import VerifierKey
    from tallystick.whole_file import read_file

    if "+" in text or not Path(text).is_file():
        return VerifierKey.parse(text, option)
    return VerifierKey.parse(read_file(Path(text), 8192).decode("utf-8", "replace").strip(), text)


def earlier_heads(path: Path, logs: "Sequence[VerifierKey]") -> "list[Checkpoint]":
    """The verified heads in a bundle, or the one in a checkpoint file. Raises VerificationError."""
    from tallystick.evidence.log.checkpoint import MAX_NOTE_BYTES, parse_checkpoint
    from tallystick.evidence.log.history import check_signed

    notes: list[SignedCheckpoint]
    if path.suffix == ".tally":
        from tallystick.declarations.bundle import read_bundle

        notes = list(read_bundle(path).heads)
    else:
        from tallystick.whole_file import read_file

        text = read_file(path, MAX_NOTE_BYTES).decode("utf-8", "replace")
        notes = [parse_checkpoint(text, str(path))]
    for note in notes:
        check_signed(note, logs, str(path))
    return [note.checkpoint for note in notes]


def existing(path: Path) -> Path:
    """The folder of a log. Raises InputError that helps where it is a site's directory instead."""
    if (path / "site.json").exists():
        raise InputError(
            "a site's directory, whose log is not published",
            where=str(path),
            mend=f"tallystick log export {path} --out FOLDER",
        )
    return path


def head_json(head: "Checkpoint") -> dict[str, Any]:
    """A head's fields."""
    return {"origin": head.origin, "leaves": head.size, "root": head.root.hex()}


def signature_json(note: "SignedCheckpoint", index: int) -> dict[str, Any]:
    """A signature line's fields, as far as its length tells them."""
    line = note.signatures[index]
    length = len(line.signature)
    algorithm = {64: "Ed25519", 72: "Ed25519 cosignature", 2428: "ML-DSA-44"}.get(length, "unknown")
    time_s = int.from_bytes(line.signature[:8], "big") if length in (72, 2428) else 0
    return {"name": line.name, "key_id": line.key_id.hex(), "algorithm": algorithm, "time_s": time_s}
