"""Pairs of keys: neither half counts alone, and no half of another pair fits."""

from pathlib import Path

import pytest

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SIGNATURE_BYTES, SigningKey, VerifierKey
from tallystick.evidence.vkey import MLDSA44, Vkey

KEY, OTHER = (SigningKey("site", NOTE, bytes([i]) * 64) for i in (1, 2))
WITNESS = SigningKey("w", COSIGNATURE, bytes([3]) * 64)


@pytest.mark.parametrize("purpose", [NOTE, COSIGNATURE])
def test_a_pair_survives_its_file_and_its_text(tmp_path: Path, purpose: int) -> None:
    key = SigningKey.generate("arden", purpose)
    key.save(tmp_path / "k")
    again = SigningKey.load(tmp_path / "k", "arden", purpose)
    assert again.verifier == key.verifier
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    text = str(key.verifier)
    assert text.isprintable()
    assert " " not in text
    assert VerifierKey.parse(text) == key.verifier
    again.verifier.verify(key.sign(b"m"), b"m")


def test_a_name_may_hold_the_comma_that_joins_the_two_keys() -> None:
    key = SigningKey.generate("arden,borealis", NOTE).verifier
    assert VerifierKey.parse(str(key)) == key


@pytest.mark.parametrize("content", ["", "zz", "00" * 32, "00" * 63, "00" * 65, "é"])
def test_a_damaged_key_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "k").write_text(content)
    with pytest.raises(FormatError, match="not a private key"):
        SigningKey.load(tmp_path / "k", "arden", NOTE)


def test_nothing_of_a_private_key_is_printed() -> None:
    seeds = KEY.private_bytes()
    assert seeds == bytes([1]) * 64
    for text in (repr(KEY), str(KEY), repr(vars(KEY))):
        assert seeds[:32].hex() not in text


ED25519, BOTH = KEY.sign(b"m")[:64], KEY.sign(b"m")
FOREIGN = OTHER.sign(b"m")


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(BOTH[:64], id="ML-DSA-44 stripped"),
        pytest.param(BOTH[64:], id="Ed25519 stripped"),
        pytest.param(BOTH[:64] + bytes(2420), id="ML-DSA-44 blanked"),
        pytest.param(bytes(64) + BOTH[64:], id="Ed25519 blanked"),
        pytest.param(BOTH[:64] + FOREIGN[64:], id="ML-DSA-44 of another pair"),
        pytest.param(FOREIGN[:64] + BOTH[64:], id="Ed25519 of another pair"),
        pytest.param(FOREIGN, id="another pair"),
        pytest.param(BOTH[64:] + BOTH[:64], id="swapped"),
        pytest.param(BOTH + BOTH[:64], id="Ed25519 twice"),
        pytest.param(BOTH + b"\0", id="a trailing byte"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_both_halves_are_demanded(signature: bytes) -> None:
    KEY.verifier.verify(BOTH, b"m")
    with pytest.raises(VerificationError):
        KEY.verifier.verify(signature, b"m")


def test_each_half_is_of_the_message() -> None:
    other = KEY.sign(b"n")
    for mixed in (BOTH[:64] + other[64:], other[:64] + BOTH[64:]):
        with pytest.raises(VerificationError):
            KEY.verifier.verify(mixed, b"m")
    assert len(BOTH) == SIGNATURE_BYTES


ED, PQ = str(KEY.verifier.ed25519), str(KEY.verifier.mldsa44)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ED, id="Ed25519 alone"),
        pytest.param(PQ, id="ML-DSA-44 alone"),
        pytest.param(f"{ED},{ED}", id="Ed25519 twice"),
        pytest.param(f"{PQ},{PQ}", id="ML-DSA-44 twice"),
        pytest.param(f"{PQ},{ED}", id="swapped"),
        pytest.param(f"{ED} {PQ}", id="a space between"),
        pytest.param(f"{ED},{PQ},", id="a comma after"),
        pytest.param(f"{ED},{PQ}\n", id="a line break after"),
        pytest.param(f"{ED},{WITNESS.verifier.mldsa44}", id="halves of two names"),
        pytest.param(f"{ED[:-1]},{PQ}", id="cut"),
        pytest.param("", id="nothing"),
        pytest.param(",", id="a comma"),
    ],
)
def test_texts_that_are_no_pair(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        VerifierKey.parse(text, "--key")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("byte", [0x00, 0xFF])
def test_a_lattice_key_that_anybody_can_sign_with_is_refused(byte: int) -> None:
    """FIPS 204: with t1 zero, or minus one in every place, A z alone decides, so any short z signs."""
    weak = Vkey("site", MLDSA44, KEY.verifier.mldsa44.public[:32] + bytes([byte]) * 1280)
    with pytest.raises(FormatError, match="anybody can sign"):
        VerifierKey.parse(f"{ED},{weak}")


def test_two_pairs_with_one_half_in_common_are_not_two_parties() -> None:
    own, other = KEY.private_bytes(), OTHER.private_bytes()
    for mixed in (own[:32] + other[32:], other[:32] + own[32:]):
        assert SigningKey("w", COSIGNATURE, mixed).verifier.shares_a_half_with(KEY.verifier)
    assert not OTHER.verifier.shares_a_half_with(KEY.verifier)


def test_key_generation_of_mldsa44_is_that_of_wycheproof() -> None:
    """C2SP/wycheproof, testvectors_v1/mldsa_44_sign_seed_test.json, first group: seed 2a...2a."""
    public = SigningKey("w", NOTE, bytes(32) + b"\x2a" * 32).verifier.mldsa44.public
    assert len(public) == 1312
    assert public[:48].hex() == (
        "db9ac67708f2ba0fac1f92bd802f9be89ecab966feef59872a1a9ac90b1111170a561290ae86b13968f2506023c014ba"
    )
    assert public[-32:].hex() == "155be61f0723c274388a532abe29dd7023e327085f4c9dda41839b7b3357ab9d"


def test_a_pair_needs_a_purpose_and_both_seeds() -> None:
    for private, purpose in ((bytes(32), NOTE), (bytes(64), MLDSA44)):
        with pytest.raises(ValueError, match="pair of private keys"):
            SigningKey("site", purpose, private)
