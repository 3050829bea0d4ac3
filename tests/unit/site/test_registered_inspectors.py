"""A site answers its registered inspectors alone; without any it answers everybody, and says so."""

import json
from dataclasses import replace

import pytest
from tests.conftest import Pair

from tallystick.declarations.bundle import read_bundle
from tallystick.errors import FormatError, SiteError
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.inspection.challenge import Challenge
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.respond import asked_by, respond

KEY, OTHER = (SigningKey.generate("inspector.tallystick.example/peer", NOTE) for _ in range(2))


def _registered(pair: Pair, *keys: SigningKey) -> SiteDirectory:
    path = pair.site.path / "site.json"
    config = {**json.loads(path.read_text()), "inspectors": [str(k.verifier) for k in keys]}
    path.write_text(json.dumps(config))
    return SiteDirectory(pair.site.path)


def _challenge(site: SiteDirectory) -> Challenge:
    head = read_bundle(close(site, "all").bundle).heads[-1].checkpoint
    return Challenge(head.origin, head.size, head.root, bytes(32), 2, 0, 0, 10**21, 1, 1, 1)


def test_another_than_the_registered_is_refused_and_nothing_is_recorded(ingested: Pair) -> None:
    site = _registered(ingested, KEY)
    unsigned = _challenge(site)
    for stranger, words in ((unsigned, "not signed"), (unsigned.signed_by(OTHER), "signed by")):
        with pytest.raises(SiteError, match=rf"is {words}.*registered inspectors alone.*Mend"):
            respond(site, stranger)
    assert not list((site.path / "declarations").glob("*.challenge"))
    signed = unsigned.signed_by(KEY)
    opening = respond(site, signed)
    assert opening.challenge == signed.digest
    assert "as registered" in asked_by(site, signed)
    assert respond(site, unsigned.signed_by(KEY)).encode() == opening.encode()
    with pytest.raises(SiteError, match="challenged before"):
        respond(site, replace(unsigned, entries=1).signed_by(KEY))


def test_a_forged_name_is_refused_where_nobody_is_registered(ingested: Pair) -> None:
    signed = _challenge(ingested.site).signed_by(OTHER)
    for forged in (replace(signed, inspector=KEY.verifier), replace(signed, entries=1)):
        with pytest.raises(SiteError, match="not from whom it names"):
            respond(ingested.site, forged)


def test_where_nobody_is_registered_anybody_is_answered_and_it_is_said(ingested: Pair) -> None:
    unsigned = _challenge(ingested.site)
    assert "anybody may have drawn it" in asked_by(ingested.site, unsigned)
    assert "registered no inspector" in asked_by(ingested.site, unsigned.signed_by(OTHER))
    assert len(respond(ingested.site, unsigned).entries) == 2


def test_a_damaged_registration_does_not_become_none(ingested: Pair) -> None:
    unsigned = _challenge(ingested.site)
    path = ingested.site.path / "site.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "inspectors": ["x"]}))
    with pytest.raises(FormatError, match=r"site\.json"):
        respond(SiteDirectory(ingested.site.path), unsigned)
