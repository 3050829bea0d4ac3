"""``tallystick log`` and ``tallystick witness`` as they are typed."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.evidence.log.published import LOG, OTHER, TIME_S, WITNESS, head_of, leaves, publish_to
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.errors import FormatError, InputError, TallystickError
from tallystick.evidence.key_file import save_key
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.policy import Policy, PolicyWitness
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.log.witness_client import HttpWitness
from tallystick.evidence.log.witness_directory import WitnessDirectory
from tallystick.evidence.log.witness_server import WitnessServer
from tallystick.site.directory import SiteDirectory

KEY, COSIGNER = str(LOG.verifier), str(WITNESS.verifier)


def run(*words: object) -> tuple[int, dict]:
    """Exit status and JSON. Raises what the command raises."""
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    if isinstance(result.exception, TallystickError):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    publish_to(tmp_path / "log", 300)
    return tmp_path / "log"


def test_fsck_says_that_a_log_holds(log: Path) -> None:
    status, data = run("log", "fsck", log, "--key", KEY, "--witness", COSIGNER)
    assert (status, data["ok"], data["leaves"], data["tiles"]) == (0, True, 300, 3)


def test_keys_can_lie_in_files(log: Path, tmp_path: Path) -> None:
    (tmp_path / "log.key").write_text(KEY + "\n")
    assert run("log", "fsck", log, "--key", tmp_path / "log.key")[0] == 0


def test_fsck_names_the_culprit_with_status_1(log: Path) -> None:
    (log / "tile/entries/000").write_bytes(b"")
    status, data = run("log", "fsck", log, "--key", KEY)
    assert (status, data["failed"]["where"]) == (1, str(log / "tile/entries/000"))


def test_fsck_under_other_keys_fails(log: Path) -> None:
    assert run("log", "fsck", log, "--key", KEY, "--witness", OTHER.verifier)[0] == 1


def test_fsck_under_a_policy(log: Path, tmp_path: Path) -> None:
    path = tmp_path / "policy"
    witnesses = {
        "b": PolicyWitness(WITNESS.verifier, ""),
        "c": PolicyWitness(OTHER.verifier, ""),
    }
    for least, status in ((1, 0), (2, 1)):
        path.write_text(Policy.of([LOG.verifier], witnesses, least).text)
        assert run("log", "fsck", log, "--policy", path)[0] == status
    with pytest.raises(InputError, match="a policy and keys"):
        run("log", "fsck", log, "--policy", path, "--key", KEY)


@pytest.mark.parametrize(
    ("data", "status", "kind"),
    [
        (leaves(250), 0, ""),
        (leaves(301), 1, "LogRollback"),
        ([*leaves(299), b"other"], 1, "LogFork"),
        (leaves(250, 1), 1, "LogRewritten"),
    ],
    ids=["extends", "rollback", "fork", "rewritten"],
)
def test_fsck_against_an_earlier_head(
    log: Path, tmp_path: Path, data: list[bytes], status: int, kind: str
) -> None:
    (tmp_path / "earlier").write_text(head_of(MerkleTree(data)).text)
    found, answer = run("log", "fsck", log, "--key", KEY, "--earlier", tmp_path / "earlier")
    assert (found, answer.get("failed", {}).get("kind", "")) == (status, kind)


def test_what_is_unusable_has_status_2(log: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no key of the log"):
        run("log", "fsck", log)
    with pytest.raises(InputError, match="no log here"):
        run("log", "fsck", tmp_path, "--key", KEY)
    with pytest.raises(FormatError):
        run("log", "fsck", log, "--key", str(LOG.verifier.ed25519))
    (tmp_path / "site.json").touch()
    with pytest.raises(InputError, match="tallystick log export"):
        run("log", "show", tmp_path)


def test_show(log: Path) -> None:
    status, data = run("log", "show", log)
    assert (status, data["origin"], data["leaves"]) == (0, LOG.verifier.name, 300)
    assert [s["algorithm"] for s in data["signatures"]] == [
        "Ed25519",
        "ML-DSA-44",
        "Ed25519 cosignature",
        "ML-DSA-44",
    ]
    assert [s["time_s"] for s in data["signatures"]] == [0, 0, TIME_S + 300, TIME_S + 300]


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    (tmp_path / "w").mkdir()
    save_key(WITNESS, tmp_path / "w/witness.key")
    return tmp_path / "w"


def test_a_witness_learns_a_log_and_keeps_it(witness: Path) -> None:
    for _ in range(2):
        status, data = run("witness", "add-log", witness, KEY)
        assert (status, data["fingerprint"]) == (0, LOG.verifier.fingerprint)
    status, data = run("witness", "show", witness)
    assert data["key"] == COSIGNER
    assert [(row["origin"], row["leaves_seen"]) for row in data["logs"]] == [(LOG.verifier.name, 0)]


def test_a_witness_refuses_another_key_of_a_known_log_and_keys_of_no_log(witness: Path) -> None:
    run("witness", "add-log", witness, KEY)
    other = SigningKey(LOG.verifier.name, NOTE, bytes([9]) * 64)
    own = SigningKey("log.example/own", NOTE, WITNESS.private_bytes())
    for key, problem in ((other, "known under another key"), (OTHER, "not the key of a log"), (own, "own")):
        with pytest.raises(InputError, match=problem):
            run("witness", "add-log", witness, key.verifier)


def test_a_rotated_key_replaces_the_old_one_when_told_so(witness: Path) -> None:
    run("witness", "add-log", witness, KEY)
    other = SigningKey(LOG.verifier.name, NOTE, bytes([9]) * 64).verifier
    assert run("witness", "add-log", witness, other, "--replace")[0] == 0
    assert WitnessDirectory(witness).logs() == {LOG.verifier.name: other}


def test_a_folder_without_a_key_is_no_witness(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tallystick key new"):
        run("witness", "show", tmp_path)


def test_a_witness_without_logs_does_not_serve(witness: Path) -> None:
    result = CliRunner().invoke(app, ["witness", "serve", str(witness)])
    assert isinstance(result.exception, InputError)
    assert "add-log" in result.exception.mend


def test_serve_answers_until_it_is_interrupted(witness: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("witness", "add-log", witness, KEY)
    tree = MerkleTree(leaves(9))

    def serve_one(server: WitnessServer) -> None:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        client = HttpWitness(f"http://127.0.0.1:{server.server_address[1]}", WITNESS.verifier)
        client.cosign_tree(head_of(tree), LOG.verifier, tree)
        thread.join()
        raise KeyboardInterrupt

    monkeypatch.setattr(WitnessServer, "serve_forever", serve_one)
    result = CliRunner().invoke(app, ["witness", "serve", str(witness), "--port", "0"])
    assert result.exit_code == 0, result.output
    assert "127.0.0.1 200" in result.stdout
    assert WitnessDirectory(witness).witness.last_size(LOG.verifier.name) == 9


@pytest.mark.parametrize("damage", [lambda t: t + t, lambda t: "x\n", lambda t: COSIGNER + "\n"])
def test_a_damaged_list_of_logs_is_named(witness: Path, damage: Callable[[str], str]) -> None:
    (witness / "witness-logs").write_text(damage(KEY + "\n"))
    with pytest.raises(FormatError, match="witness-logs"):
        run("witness", "show", witness)


def test_a_sites_log_is_exported_and_extends_its_bundle(tmp_path: Path) -> None:
    """From init to fsck, as an operator and an inspector type it."""
    for name in ("site", "peer"):
        other = {"site": "peer", "peer": "site"}[name]
        run("site", "init", tmp_path / name, "--name", name.title(), "--witness", tmp_path / other)
    spec = "honest,seed=5,accelerators=16,hours=1"
    run("site", "ingest", tmp_path / "site", f"simulate:{spec}")
    _, first = run("log", "export", tmp_path / "site", "--out", tmp_path / "tiles")
    _, again = run("log", "export", tmp_path / "site", "--out", tmp_path / "tiles")
    assert (first["new_leaves"], again["new_leaves"]) == (first["leaves"], 0)
    checkpoint = (tmp_path / "tiles/checkpoint").read_text()
    (tmp_path / "earlier").write_text(checkpoint)
    _, shown = run("log", "show", tmp_path / "tiles")
    assert len(shown["signatures"]) == 4
    key = SiteDirectory(tmp_path / "site").key.verifier
    cosigner = SiteDirectory(tmp_path / "peer").own_witness().verifier
    status, data = run(
        "log",
        "fsck",
        tmp_path / "tiles",
        "--key",
        key,
        "--witness",
        cosigner,
        "--earlier",
        tmp_path / "earlier",
    )
    assert (status, data["earlier_heads"], data["leaves"]) == (0, 1, first["leaves"])
    own = ("log", "fsck", tmp_path / "site", "--key", key, "--witness", cosigner)
    status, data = run(*own, "--earlier", tmp_path / "earlier")
    assert (status, data["leaves"], data["heads"], data["unsigned_leaves"]) == (0, first["leaves"], 4, 0)
    leaves_file = tmp_path / "site/log/leaves.jsonl"
    lines = leaves_file.read_bytes().splitlines(keepends=True)
    leaves_file.write_bytes(b"".join(lines[:-1]))
    status, data = run(*own)
    assert (status, data["failed"]["kind"], data["failed"]["where"]) == (1, "LogRollback", str(leaves_file))
