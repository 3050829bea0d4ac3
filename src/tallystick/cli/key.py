"""``tallystick key``: private keys, encrypted where they lie, and what happens when one is replaced."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import InputError

if TYPE_CHECKING:
    from tallystick.declarations.key_event import KeyEvent
    from tallystick.evidence.keys import VerifierKey

app = typer.Typer(help="Private keys of site, meter, witness and inspector.", no_args_is_help=True)


class Role(StrEnum):
    """Whose key it is."""

    SITE = "site"
    METER = "meter"
    WITNESS = "witness"
    INSPECTOR = "inspector"


Dir = Annotated[Path, typer.Argument(metavar="DIR", help="A site's directory, or any folder for a key.")]
Whose = Annotated[Role, typer.Option("--role", help="Whose key.")]


@app.command("new")
def new(
    directory: Dir,
    role: Whose,
    name: Annotated[
        str, typer.Option("--name", help="The name that it signs with; a site's own keys are named after it.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Make a key, encrypted. A site's and its witness's are made by tallystick site init."""
    from tallystick.evidence.key_file import save_key
    from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey

    path = key_path(directory, role)
    if path.exists():
        raise InputError("there is a key already", where=str(path), mend="tallystick key rotate")
    key = SigningKey.generate(
        name or own_name(directory, role), COSIGNATURE if role is Role.WITNESS else NOTE
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    save_key(key, path)
    shown = {"role": role.value, "file": str(path.resolve()), **as_shown(key.verifier), **at_rest()}
    text = f"Made the {role.value}'s key {path}. {protection_text()}\nTo agree with the other side:\n"
    emit(shown, f"{text}{key.verifier}\nFingerprint {key.verifier.fingerprint}", as_json=as_json)


@app.command("list")
def list_keys(directory: Dir, as_json: JsonFlag = False) -> None:
    """Which keys lie in a directory, how they are encrypted, and what that means. Decrypts none."""
    rows = [row for role in Role for row in key_rows(directory, role)]
    if not rows:
        raise InputError(
            "no keys here", where=str(directory), mend=f"tallystick key new {directory} --role …"
        )
    lines = [f"{row['role']:10} {row['name'] or '(unnamed)'}, {row['encrypted_text']}" for row in rows]
    for row, line in enumerate(rows):
        if line["fingerprint"]:
            lines[row] += f"\n           fingerprint {line['fingerprint']}"
    emit({"keys": rows, **at_rest()}, "\n".join([*lines, "", protection_text()]), as_json=as_json)


@app.command("rotate")
def rotate(directory: Dir, role: Whose, as_json: JsonFlag = False) -> None:
    """Replace a key. The old one vouches for the new, and is gone; a site's log says so."""
    refuse_meter(role)
    if role is Role.INSPECTOR:
        from tallystick.inspection.inspector_key import STATEMENTS, rotate_inspector_key

        event = rotate_inspector_key(existing(key_path(directory, role)))
        say_changed([(event, None)], f"Hand over: {directory / STATEMENTS}", as_json=as_json)
        return
    changes, site = room("tallystick.site.key_changes", "site"), open_site(directory)
    with site.locked():
        if role is Role.SITE:
            change = changes.rotate_site_key(site)
            say_changed([(change.event, change.leaf)], "The next bundle shows it.", as_json=as_json)
        else:
            made = changes.rotate_witness_key(site)
            say_changed([(c.event, c.leaf) for c in made], witness_next(directory), as_json=as_json)


@app.command("revoke")
def revoke(
    directory: Dir,
    role: Whose,
    reason: Annotated[str, typer.Option("--reason", help="Why, for everybody to read.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Give a key up without another: a site's log ends there. For a stolen or a retired key."""
    refuse_meter(role)
    if role is Role.INSPECTOR:
        from tallystick.inspection.inspector_key import STATEMENTS, revoke_inspector_key

        event = revoke_inspector_key(existing(key_path(directory, role)), reason)
        say_changed([(event, None)], f"Hand over: {directory / STATEMENTS}", as_json=as_json)
        return
    changes, site = room("tallystick.site.key_changes", "site"), open_site(directory)
    with site.locked():
        if role is Role.SITE:
            change = changes.revoke_site_key(site, reason)
            said = "This log takes nothing more: make another site, and agree on its key."
            say_changed([(change.event, change.leaf)], said, as_json=as_json)
        else:
            made = changes.revoke_witness_key(site, reason)
            say_changed([(c.event, c.leaf) for c in made], witness_next(directory), as_json=as_json)


@app.command("follow")
def follow(
    directory: Dir,
    role: Annotated[Role, typer.Option("--role", help="witness or inspector: whose key changed.")],
    statement: Annotated[
        Path | None, typer.Option("--statement", metavar="FILE", help="What the old key signed.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Take over that this site's witness, or a registered inspector, changed its key."""
    changes, site = room("tallystick.site.key_changes", "site"), open_site(directory)
    with site.locked():
        if role is Role.WITNESS:
            made = changes.follow_witness(site, statement)
        elif role is Role.INSPECTOR and statement:
            made = changes.follow_inspector(site, statement)
        else:
            raise InputError(
                f"nothing says how the key of the {role.value} changed",
                mend="--role witness, or --role inspector with --statement FILE",
            )
    say_changed([(c.event, c.leaf) for c in made], "Taken over.", as_json=as_json)


def key_path(directory: Path, role: Role) -> Path:
    """Where the key of ``role`` lies in a site's directory, or in a folder of keys."""
    if not is_site(directory):
        return directory / f"{role.value}.key"
    return directory / ("meter/device.key" if role is Role.METER else f"private/{role.value}.key")


def own_name(directory: Path, role: Role) -> str:
    """The name of a site's own key of ``role``. Raises InputError outside a site."""
    if not is_site(directory):
        raise InputError("no name for the key", mend="--name NAME")
    origin: str = open_site(directory).config.origin
    return origin if role is Role.SITE else f"{role.value}.{origin}"


def is_site(directory: Path) -> bool:
    """Whether a site lies in ``directory``."""
    return (directory / "site.json").exists()


def open_site(directory: Path) -> Any:
    """The site in ``directory``. Raises SiteError."""
    return room("tallystick.site.directory", "site").SiteDirectory(directory)


def existing(path: Path) -> Path:
    """``path``. Raises InputError where there is nothing."""
    if not path.exists():
        raise InputError("there is no key", where=str(path), mend="tallystick key new")
    return path


def refuse_meter(role: Role) -> None:
    """Raises InputError for a meter, whose key is sealed in it."""
    if role is Role.METER:
        raise InputError(
            "a sealed meter keeps its key for life",
            mend="let the meter leave the inventory, and another one join with a key of its own",
        )


def key_rows(directory: Path, role: Role) -> list[dict[str, Any]]:
    """What can be said of a key, and for a site of its secret, without decrypting anything."""
    from tallystick.evidence.key_file import read_key_header
    from tallystick.evidence.keys import VerifierKey
    from tallystick.evidence.private_file import plain_secret, read_header

    found: list[dict[str, Any]] = []
    path = key_path(directory, role)
    if path.exists():
        header = read_key_header(path)
        shown = as_shown(VerifierKey.parse(header.public, str(path)) if header.public else None)
        found.append({"role": role.value, "file": str(path), **shown, **source_shown(header.source)})
    secret = directory / "private/secret"
    if role is Role.SITE and is_site(directory) and secret.exists():
        source = read_header(secret, plain_secret).source
        shown = {**as_shown(None), "name": "what all salts come from"}
        found.append({"role": "secret", "file": str(secret), **shown, **source_shown(source)})
    return found


def source_shown(source: str) -> dict[str, str | None]:
    """How a private file is encrypted, for programs and for people."""
    words = {
        "user-file": "encrypted with your key-encryption key",
        "passphrase": "encrypted with a passphrase",
        "": "NOT ENCRYPTED, of an older version: the next command that uses it encrypts it",
    }
    return {"encrypted": source or None, "encrypted_text": words[source]}


def as_shown(key: "VerifierKey | None") -> dict[str, str]:
    """A public key for programs."""
    if key is None:
        return {"name": "", "key": "", "fingerprint": ""}
    return {"name": key.name, "key": str(key), "fingerprint": key.fingerprint}


def at_rest() -> dict[str, str | None]:
    """Where the key-encryption key comes from, for programs."""
    from tallystick.evidence.key_protection import passphrase_given, user_file

    given = passphrase_given()
    return {"passphrase_from": given, "key_encryption_key": None if given else str(user_file())}


def protection_text() -> str:
    """The same for people, with what it means."""
    from tallystick.evidence.key_protection import passphrase_given, user_file

    given = passphrase_given()
    if given:
        return f"What is written now is encrypted with the passphrase in {given}; without it, it is lost."
    return (
        f"The key-encryption key is {user_file()}, outside the site.\n"
        "A copy of the site without it is useless, to a thief and to you: keep a copy of it apart.\n"
        "It does not protect from who can read all your files. A passphrase does, as far as it is kept "
        "elsewhere: name a file with it in TALLYSTICK_PASSPHRASE_FILE before the keys are made."
    )


def witness_next(directory: Path) -> str:
    """What the sites must do that this witness cosigns for."""
    name = room("tallystick.site.key_changes", "site").STATEMENTS
    return f"Each site of these logs: tallystick key follow DIR --role witness --statement {directory / name}"


def say_changed(made: "list[tuple[KeyEvent, int | None]]", after: str, *, as_json: bool) -> None:
    """Print what changed."""
    rows: list[dict[str, Any]] = []
    lines = []
    for event, leaf in made:
        old, new = event.ends, event.follows
        rows.append({"role": event.role, "leaf": leaf, "ended": str(old), "key": str(new) if new else None})
        lines.append(
            f"The {event.role}'s key {old.name} ({old.fingerprint[:16]}) "
            + (f"gave way to {new.fingerprint[:16]}" if new else "is revoked")
            + (f", in leaf {leaf} of the log." if leaf is not None else ".")
        )
    emit({"changes": rows}, "\n".join([*lines, after]), as_json=as_json)
