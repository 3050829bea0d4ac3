"""A key changes while a site is at work: the log says so, and every head is signed by the key that counts."""

import json
from pathlib import Path

import pytest
from tests.conftest import Pair

from tallystick.declarations.key_event import INSPECTOR, KeyRevocation, KeyRotation
from tallystick.declarations.key_history import KeyHistory
from tallystick.declarations.key_statements import add_statements
from tallystick.errors import SiteError, VerificationError
from tallystick.evidence.key_file import load_named_key, save_key
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.witness import verify_cosignature
from tallystick.evidence.waiting_key import next_key, next_to
from tallystick.inspection.inspector_key import STATEMENTS, revoke_inspector_key, rotate_inspector_key
from tallystick.site import key_changes
from tallystick.site.close import close
from tallystick.site.declared import kept_envelopes, read_declaration
from tallystick.site.directory import SiteDirectory
from tallystick.site.key_changes import (
    follow_inspector,
    follow_witness,
    revoke_site_key,
    revoke_witness_key,
    rotate_site_key,
    rotate_witness_key,
)


def _again(site: SiteDirectory) -> SiteDirectory:
    return SiteDirectory(site.path)


def _check_heads(site: SiteDirectory) -> KeyHistory:
    keys = site.keys
    for head in site.log.heads:
        size = head.checkpoint.size
        head.verify(keys.site_key(size))
        witness = keys.witness_key(size)
        assert witness is not None
        verify_cosignature(head, witness)
    return keys


def test_after_a_rotation_the_new_key_signs_and_the_old_is_gone(ingested: Pair) -> None:
    old = ingested.site.key.verifier
    change = rotate_site_key(ingested.site)
    site = _again(ingested.site)
    assert change.leaf == len(site.log.leaves) - 1
    assert (change.event.ends, change.event.follows) == (old, site.key.verifier)
    assert site.log.heads[-1].checkpoint.size == len(site.log.leaves)
    close(site, "all")
    keys = _check_heads(_again(site))
    assert [span.first_leaf for span in keys.site] == [0, change.leaf]
    held = [load_named_key(p).verifier for p in (site.path / "private").glob("*.key*")]
    assert old not in held
    assert not next_to(site.path / "private/site.key").exists()


def test_a_period_closed_before_keeps_its_declaration(ingested: Pair) -> None:
    before = close(ingested.site, "all")
    rotate_site_key(ingested.site)
    site = _again(ingested.site)
    assert read_declaration(site, kept_envelopes(site)[0])[0] == before.declaration
    assert close(site, "all").bundle.read_bytes() == before.bundle.read_bytes()


def test_a_declaration_of_the_retired_key_after_the_rotation_is_refused(ingested: Pair) -> None:
    old = ingested.site.key
    rotate_site_key(ingested.site)
    site = _again(ingested.site)
    site.__dict__["key"] = old
    with pytest.raises(VerificationError, match="does not count there"):
        close(site, "all")


@pytest.mark.parametrize("step", ["next_key", "_append", "adopt_next", "_seal"])
@pytest.mark.parametrize("before", [True, False])
def test_a_rotation_killed_at_any_step_carries_on(
    ingested: Pair, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    real = getattr(key_changes, step)

    def killed(*given: object) -> None:
        if not before:
            real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(key_changes, step, killed)
    with pytest.raises(KeyboardInterrupt):
        rotate_site_key(ingested.site)
    monkeypatch.undo()
    site = _again(ingested.site)
    assert site.key.verifier == site.keys.site[-1].key
    rotated = len(site.keys.site)
    rotate_site_key(site)
    close(_again(site), "all")
    keys = _check_heads(_again(site))
    assert len(keys.site) == rotated + 1


def test_after_a_revocation_the_log_takes_no_head(ingested: Pair) -> None:
    revoke_site_key(ingested.site, "stolen")
    site = _again(ingested.site)
    _check_heads(site)
    for action in (rotate_site_key, lambda s: close(s, "all")):
        with pytest.raises((SiteError, VerificationError), match=r"ended|does not sign there"):
            action(_again(site))
    assert isinstance(site.log.leaves[-1], KeyRevocation)


def test_a_site_follows_the_new_key_of_its_witness(ingested: Pair) -> None:
    changes = rotate_witness_key(ingested.peer)
    assert [type(c.event) for c in changes] == [KeyRotation]
    site = _again(ingested.site)
    with pytest.raises(SiteError, match=r"another key than this log names.*key follow"):
        close(site, "all")
    follow_witness(_again(site))
    close(_again(site), "all")
    keys = _check_heads(_again(site))
    assert keys.witness[-1].key == _again(ingested.peer).own_witness().verifier
    with pytest.raises(SiteError, match="no change follows"):
        follow_witness(_again(site))


def test_a_witness_whose_key_is_revoked_cosigns_no_more(ingested: Pair) -> None:
    revoke_witness_key(ingested.peer, "retired")
    follow_witness(_again(ingested.site))
    site = _again(ingested.site)
    assert isinstance(site.log.leaves[-1], KeyRevocation)
    with pytest.raises(SiteError, match="ended: its witness's key is revoked"):
        close(site, "all")
    assert isinstance(_again(site).log.leaves[-1], KeyRevocation)


def test_a_statement_that_the_witness_did_not_sign_is_not_taken_over(ingested: Pair, tmp_path: Path) -> None:
    origin, old = ingested.site.config.origin, ingested.peer.witness_signing_key
    thief = SigningKey.generate(old.verifier.name, old.verifier.purpose)
    true = KeyRotation.signed("witness", origin, old, thief)
    forged = KeyRotation("witness", true.old, true.new, true.new_signature, true.new_signature)
    add_statements(tmp_path / "said", [(origin, forged)], ("witness",))
    size = len(ingested.site.log.leaves)
    with pytest.raises(VerificationError):
        follow_witness(ingested.site, tmp_path / "said")
    assert len(_again(ingested.site).log.leaves) == size


def _inspector(tmp_path: Path, name: str) -> SigningKey:
    key = SigningKey.generate(name, NOTE)
    (tmp_path / name).mkdir()
    save_key(key, tmp_path / name / "inspector.key")
    return key


def test_a_site_follows_its_inspector_and_never_drops_the_last(tmp_path: Path) -> None:
    one, two = _inspector(tmp_path, "one"), _inspector(tmp_path, "two")
    site = SiteDirectory.create(tmp_path / "site", "Site", None, (one.verifier,))
    rotate_inspector_key(tmp_path / "one/inspector.key")
    follow_inspector(site, tmp_path / "one" / STATEMENTS)
    new = load_named_key(tmp_path / "one/inspector.key").verifier
    assert _again(site).inspectors == (new,)
    with pytest.raises(SiteError, match="no inspector that this site registered"):
        follow_inspector(_again(site), tmp_path / "one" / STATEMENTS)
    revoke_inspector_key(tmp_path / "one/inspector.key", "retired")
    with pytest.raises(SiteError, match="last inspector registered"):
        follow_inspector(_again(site), tmp_path / "one" / STATEMENTS)
    both = json.loads((site.path / "site.json").read_text())
    both["inspectors"].append(str(two.verifier))
    (site.path / "site.json").write_text(json.dumps(both))
    follow_inspector(_again(site), tmp_path / "one" / STATEMENTS)
    assert _again(site).inspectors == (two.verifier,)


def test_an_inspectors_statement_by_somebody_else(tmp_path: Path) -> None:
    one, thief = _inspector(tmp_path, "one"), SigningKey.generate("one", NOTE)
    site = SiteDirectory.create(tmp_path / "site", "Site", None, (one.verifier,))
    true = KeyRotation.signed(INSPECTOR, "one", one, thief)
    forged = KeyRotation(INSPECTOR, true.old, true.new, true.new_signature, true.new_signature)
    add_statements(tmp_path / "said", [("one", forged)], (INSPECTOR,))
    with pytest.raises(VerificationError):
        follow_inspector(site, tmp_path / "said")
    assert _again(site).inspectors == (one.verifier,)


def test_an_unused_waiting_key_does_not_sign(ingested: Pair) -> None:
    path = ingested.site.path / "private/site.key"
    next_key(path, ingested.site.config.origin, NOTE)
    assert _again(ingested.site).key.verifier == ingested.site.key.verifier


def test_a_site_of_an_older_version_is_encrypted_as_it_goes_on(ingested: Pair) -> None:
    """Its keys and its secret lie there plain; closing gives the same account, and encrypts them."""
    path = ingested.site.path / "private"
    bundle = close(ingested.site, "all").bundle
    kept = bundle.read_bytes()
    plain = {
        path / "site.key": ingested.site.key.private_bytes().hex().encode() + b"\n",
        path / "secret": ingested.site.secret,
    }
    for file, content in plain.items():
        file.write_bytes(content)
    bundle.unlink()
    assert close(_again(ingested.site), "all").bundle.read_bytes() == kept
    rotate_site_key(_again(ingested.site))
    for file, content in plain.items():
        assert content.strip() not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
