"""``tallystick witness``: cosign other sides' logs, each only where it extends what was seen before."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.log import key_from
from tallystick.cli.output import JsonFlag, emit
from tallystick.errors import InputError

if TYPE_CHECKING:
    from tallystick.evidence.log.witness_directory import WitnessDirectory

app = typer.Typer(help="Cosign the heads of other logs.", no_args_is_help=True)

Dir = Annotated[
    Path, typer.Argument(metavar="DIR", help="A site's directory, or a folder with a witness's key.")
]


@app.command("show")
def show(directory: Dir, as_json: JsonFlag = False) -> None:
    """The witness's key, and the logs that it knows."""
    witness = opened(directory)
    key = witness.witness.verifier
    logs = [
        {"origin": origin, "leaves_seen": witness.witness.last_size(origin), "fingerprint": log.fingerprint}
        for origin, log in sorted(witness.logs().items())
    ]
    lines = [f"{row['origin']}  {row['leaves_seen']:,} leaves seen" for row in logs]
    text = "\n".join([str(key), f"Fingerprint {key.fingerprint}", *(lines or ["It knows no log yet."])])
    emit({"key": str(key), "fingerprint": key.fingerprint, "logs": logs}, text, as_json=as_json)


@app.command("add-log")
def add_log(
    directory: Dir,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The log's key, as one line or a file with it.")],
    replace: Annotated[bool, typer.Option("--replace", help="In place of the key that it had.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Cosign for a log from now on."""
    log = key_from(key, "KEY")
    opened(directory).add_log(log, replace)
    text = f"Cosigns for {log.name}. Compare its fingerprint with the operator: {log.fingerprint}"
    emit({"origin": log.name, "fingerprint": log.fingerprint}, text, as_json=as_json)


@app.command("serve")
def serve(
    directory: Dir,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 7380,
    host: Annotated[str, typer.Option(help="The address to listen at; this machine alone by default.")] = (
        "127.0.0.1"
    ),
) -> None:
    """Answer POST /add-checkpoint (C2SP tlog-witness) until interrupted."""
    from tallystick.evidence.log.witness_server import WitnessServer

    witness = opened(directory)
    if not witness.logs():
        raise InputError(
            "the witness knows no log",
            where=str(directory),
            mend=f"tallystick witness add-log {directory} KEY",
        )
    try:
        server = WitnessServer(
            (host, port), witness.witness, witness.logs, told=lambda line: print(line, flush=True)
        )
    except OSError as error:
        raise InputError(
            f"cannot listen at {host}:{port}: {error.strerror or error}",
            mend="choose another --port or --host",
        ) from error
    with server:
        name = witness.witness.verifier.name
        print(f"{name} cosigns at http://{host}:{server.server_address[1]}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Stopped; what was cosigned is remembered.")


def opened(directory: Path) -> "WitnessDirectory":
    """The witness in ``directory``. Raises InputError."""
    from tallystick.evidence.log.witness_directory import WitnessDirectory

    return WitnessDirectory(directory)
