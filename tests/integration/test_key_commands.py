"""``tallystick key`` as people type it: nothing secret on the screen, and a challenge signed end to end."""

import json
from pathlib import Path

import pytest
from tests.conftest import Pair
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.errors import TallystickError
from tallystick.evidence.key_file import load_named_key
from tallystick.site.close import close

QUANTITY = ("--significant-quantity", "1e20", "--detection", "0.3", "--slots", "1", "--subjects", "2")


def _run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def _fails(words: str, *command: object) -> None:
    with pytest.raises(TallystickError, match=words):
        CliRunner().invoke(app, [str(word) for word in command], catch_exceptions=False)


def test_an_inspector_signs_and_the_site_answers_him_alone(ingested: Pair, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    made = json.loads(_run("key", "new", mine, "--role", "inspector", "--name", "i", "--json"))
    site, out = ingested.site.path, tmp_path
    config = json.loads((site / "site.json").read_text())
    (site / "site.json").write_text(json.dumps({**config, "inspectors": [made["key"]]}))
    bundle = close(ingested.site, "all").bundle
    _run("inspect", "challenge", bundle, *QUANTITY, "--out", out / "unsigned.json")
    _fails("registered inspectors alone", "site", "respond", site, out / "unsigned.json", "--out", out / "o")
    signing = ("--sign-with", mine / "inspector.key", "--again", out / "unsigned.json")
    text = _run("inspect", "challenge", bundle, *QUANTITY, *signing, "--out", out / "signed.json")
    assert "Signed by i, fingerprint" in text
    nonces = {json.loads((out / name).read_text())["nonce"] for name in ("unsigned.json", "signed.json")}
    assert len(nonces) == 1
    text = _run("site", "respond", site, out / "signed.json", "--out", out / "o", "--at-most", "1")
    assert "as registered" in text
    _fails("there is a file already", "inspect", "challenge", bundle, *QUANTITY, "--out", out / "signed.json")


def test_a_refusal_is_concluded_as_a_failed_check(ingested: Pair, tmp_path: Path) -> None:
    bundle, challenge = close(ingested.site, "all").bundle, tmp_path / "c.json"
    _run("inspect", "challenge", bundle, *QUANTITY, "--out", challenge)
    conclude = ("inspect", "conclude", bundle, "--challenge", challenge)
    done = CliRunner().invoke(app, [*map(str, conclude), "--refused", "--json"])
    assert done.exit_code == 1
    checks = {c["number"]: c["ok"] for c in json.loads(done.stdout)["checks"]}
    assert (checks[10], checks[11], checks[17]) == (False, None, None)
    _fails("say what the answer was", *conclude)
    _fails("say what the answer was", *conclude, "--refused", "--opening", challenge)


def test_init_registers_inspectors(tmp_path: Path) -> None:
    key = json.loads(_run("key", "new", tmp_path, "--role", "inspector", "--name", "i", "--json"))["key"]
    site = tmp_path / "site"
    assert json.loads(_run("site", "init", site, "--name", "S", "--inspector", key, "--json"))[
        "inspectors"
    ] == [key]
    _fails("not a pair|not a verifier key", "site", "init", tmp_path / "t", "--name", "T", "--inspector", "x")


def test_keys_are_listed_without_their_secrets(ingested: Pair) -> None:
    site = ingested.site
    text, data = _run("key", "list", site.path), _run("key", "list", site.path, "--json")
    roles = {row["role"]: row for row in json.loads(data)["keys"]}
    assert set(roles) >= {"site", "witness", "secret"}
    assert {row["encrypted"] for row in roles.values()} == {"user-file"}
    assert roles["site"]["key"] == str(site.key.verifier)
    assert "A copy of the site without it is useless" in text
    user_key = Path(json.loads(data)["key_encryption_key"]).read_text().strip()
    private = [site.key.private_bytes()[:32].hex(), site.key.private_bytes()[32:].hex(), site.secret.hex()]
    assert not any(secret in text + data for secret in (*private, user_key))


def test_rotate_revoke_and_follow(ingested: Pair, tmp_path: Path) -> None:
    site, peer = ingested.site.path, ingested.peer.path
    old = str(ingested.site.key.verifier)
    change = json.loads(_run("key", "rotate", site, "--role", "site", "--json"))["changes"][0]
    assert (change["ended"], change["leaf"] > 0) == (old, True)
    assert change["key"] == str(load_named_key(site / "private/site.key").verifier)
    assert "key follow" in _run("key", "rotate", peer, "--role", "witness")
    assert "gave way to" in _run("key", "follow", site, "--role", "witness")
    assert "is revoked, in leaf" in _run("key", "revoke", site, "--role", "site", "--reason", "stolen")
    _fails("log has ended", "site", "close", site, "--period", "all")
    _fails("keeps its key for life", "key", "rotate", site, "--role", "meter")
    _fails("there is a key already", "key", "new", site, "--role", "site")
    _fails("no keys here", "key", "list", tmp_path / "nothing")
    _fails("there is no key", "key", "rotate", tmp_path, "--role", "inspector")
