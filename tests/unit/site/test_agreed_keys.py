import pytest
from tests.conftest import Pair

from tallystick.cli.inspect import agreed_fingerprints
from tallystick.declarations.bundle import read_bundle
from tallystick.errors import FormatError, SiteError
from tallystick.evidence.keys import NOTE, SigningKey, VerifierKey
from tallystick.inspection.meter import read_meter
from tallystick.inspection.verify import verify
from tallystick.site.close import close


def _outcomes(pair: Pair, keys: list[str]) -> dict[int, bool | None]:
    bundle = read_bundle(close(pair.site, "all").bundle)
    meter = read_meter(pair.site.path / "meter/site.meter")
    return {c.number: c.ok for c in verify(bundle, meter, agreed_fingerprints(keys)).report.checks}


def _keys(pair: Pair) -> list[str]:
    meter = read_meter(pair.site.path / "meter/site.meter").signer
    return [str(pair.site.key.verifier), str(pair.peer.own_witness().verifier), str(meter)]


def test_the_three_keys_that_were_agreed(ingested: Pair) -> None:
    outcomes = _outcomes(ingested, _keys(ingested))
    assert all(outcomes[number] for number in range(1, 9))


def test_their_fingerprints_do_as_well(ingested: Pair) -> None:
    keys = [VerifierKey.parse(text).fingerprint for text in _keys(ingested)]
    outcomes = _outcomes(ingested, keys)
    assert all(outcomes[number] for number in range(1, 9))


@pytest.mark.parametrize(("absent", "check"), [(0, 1), (1, 3), (2, 8)])
def test_a_key_that_was_not_agreed_fails_its_check(ingested: Pair, absent: int, check: int) -> None:
    keys = _keys(ingested)
    keys[absent] = str(SigningKey.generate("somebody.else", NOTE).verifier)
    outcomes = _outcomes(ingested, keys)
    assert outcomes[check] is False


def test_a_key_that_is_no_key() -> None:
    with pytest.raises(FormatError, match="--key"):
        agreed_fingerprints(["rubbish"])


def test_a_real_clock_does_not_become_a_simulated_one(ingested: Pair) -> None:
    assert ingested.peer.config.clock == "real"
    assert len(ingested.peer.log.leaves) == 1
    with pytest.raises(SiteError, match="real clock"):
        ingested.peer.use_simulated_clock()
