"""Which key signs where: a change of key holds only if the key that ends signed it, and only once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tallystick.declarations.key_event import SITE, WITNESS, KeyRevocation, KeyRotation, parse_key_event
from tallystick.declarations.key_history import keys_over_log
from tallystick.declarations.key_statements import add_statements, read_statements
from tallystick.declarations.leaf import Close, Inventory, Leaf, Registration, parse_leaf
from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, sign_checkpoint

ORIGIN = "tallystick.example/arden"
A, B, C = (SigningKey.generate(ORIGIN, NOTE) for _ in range(3))
W, X = (SigningKey.generate("witness.tallystick.example/borealis", COSIGNATURE) for _ in range(2))
M = SigningKey.generate("meter.tallystick.example/arden", NOTE)
FILLER = Close(bytes(32))


def _registration(witness: SigningKey | None = W) -> Registration:
    return Registration("Arden", A.verifier, witness.verifier if witness else None, "real")


def _log(*leaves: Leaf) -> list[Leaf]:
    """Leaf 0 registers, leaf 1 fills, then ``leaves``."""
    return [_registration(), FILLER, *leaves]


TO_B = KeyRotation.signed(SITE, ORIGIN, A, B)
TO_C = KeyRotation.signed(SITE, ORIGIN, B, C)


def test_the_key_registered_signs_to_the_end() -> None:
    keys = keys_over_log(_log(FILLER))
    assert {keys.site_key(size) for size in (0, 1, 2, 3, 10**6)} == {A.verifier}
    assert keys.witness_key(3) == W.verifier
    assert keys_over_log([_registration(None)]).witness_key(1) is None


def test_from_the_rotation_on_the_new_key_signs() -> None:
    keys = keys_over_log(_log(TO_B, FILLER, TO_C))
    signs = [keys.site_key(size) for size in range(1, 7)]
    assert signs == [k.verifier for k in (A, A, B, B, C, C)]
    assert keys.all_keys == tuple(k.verifier for k in (A, B, C, W))


def test_a_head_signed_by_a_retired_key_fails() -> None:
    keys = keys_over_log(_log(TO_B, FILLER))
    for size, signer, holds in ((2, A, True), (3, A, False), (3, B, True), (4, A, False), (2, B, False)):
        head = sign_checkpoint(Checkpoint(ORIGIN, size, bytes(32)), signer)
        if holds:
            head.verify(keys.site_key(size))
        else:
            with pytest.raises(VerificationError):
                head.verify(keys.site_key(size))


def test_a_witness_gives_way_to_another_key_of_its_own() -> None:
    keys = keys_over_log(_log(KeyRotation.signed(WITNESS, ORIGIN, W, X)))
    assert (keys.witness_key(2), keys.witness_key(3)) == (W.verifier, X.verifier)
    assert keys.site_key(3) == A.verifier


def test_after_a_revocation_nobody_signs() -> None:
    keys = keys_over_log(_log(KeyRevocation.signed(SITE, ORIGIN, A, "lost"), FILLER))
    assert keys.site_key(3) == A.verifier
    with pytest.raises(VerificationError, match="revoked before leaf 3"):
        keys.site_key(4)
    keys = keys_over_log(_log(KeyRevocation.signed(WITNESS, ORIGIN, W, "")))
    assert keys.witness_key(3) == W.verifier
    with pytest.raises(VerificationError, match="revoked before"):
        keys.witness_key(4)


BAD: dict[str, tuple[Leaf, ...]] = {
    "vouched for by the new key alone": (replace(TO_B, old_signature=TO_B.new_signature),),
    "vouched for by a stranger": (replace(TO_B, old_signature=C.sign(b"")),),
    "not held by who takes over": (replace(TO_B, new_signature=TO_B.old_signature),),
    "to another than was signed for": (replace(TO_B, new=C.verifier),),
    "of another log": (KeyRotation.signed(SITE, "tallystick.example/borealis", A, B),),
    "from a key that never signed here": (TO_C,),
    "from a retired key": (TO_B, KeyRotation.signed(SITE, ORIGIN, A, C)),
    "the same twice": (TO_B, TO_B),
    "back to a key already used": (TO_B, KeyRotation.signed(SITE, ORIGIN, B, A)),
    "to itself": (KeyRotation.signed(SITE, ORIGIN, A, A),),
    "to the meter's key": (
        Inventory((), M.verifier),
        KeyRotation.signed(SITE, ORIGIN, A, M),
    ),
    "to the key of a meter that joins later": (
        KeyRotation.signed(SITE, ORIGIN, A, M),
        Inventory((), M.verifier),
    ),
    "after a revocation": (KeyRevocation.signed(SITE, ORIGIN, A, ""), TO_B),
    "a revocation by another key": (replace(KeyRevocation.signed(SITE, ORIGIN, B, ""), key=A.verifier),),
    "a revocation of a retired key": (TO_B, KeyRevocation.signed(SITE, ORIGIN, A, "")),
    "a revocation with another reason": (replace(KeyRevocation.signed(SITE, ORIGIN, A, ""), reason="x"),),
    "a revocation passed off for the other role": (
        replace(KeyRevocation.signed(WITNESS, ORIGIN, A, ""), role=SITE),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_change_that_does_not_hold(name: str) -> None:
    with pytest.raises(VerificationError, match=r"leaf [23]"):
        keys_over_log(_log(*BAD[name]))


def test_more_changes_than_anybody_needs_are_refused_before_they_cost_time() -> None:
    with pytest.raises(VerificationError, match="1001 changes of keys"):
        keys_over_log(_log(*[TO_B] * 1001))


def test_half_of_a_used_pair_is_a_used_key() -> None:
    half = SigningKey(ORIGIN, NOTE, A.private_bytes()[:32] + C.private_bytes()[32:])
    with pytest.raises(VerificationError, match="used before"):
        keys_over_log(_log(KeyRotation.signed(SITE, ORIGIN, A, half)))


def test_a_site_may_not_become_its_own_witness() -> None:
    same = SigningKey(ORIGIN, NOTE, W.private_bytes())
    with pytest.raises(VerificationError, match="used before"):
        keys_over_log(_log(KeyRotation.signed(SITE, ORIGIN, A, same)))


def test_a_log_without_a_registration() -> None:
    for leaves in ([], [TO_B]):
        with pytest.raises(FormatError, match="registration"):
            keys_over_log(leaves)


@pytest.mark.parametrize("leaf", [TO_B, KeyRevocation.signed(WITNESS, ORIGIN, W, "stolen")])
def test_a_leaf_survives_its_form(leaf: KeyRotation | KeyRevocation) -> None:
    assert parse_leaf(leaf.as_json(), "here") == leaf


def _small_order(key: str) -> str:
    """The same key with the identity point as its Ed25519 half, and a matching hash."""
    import base64
    import hashlib

    first, second = key.split(",", 1) if "," in key else (key, "")
    name, point = first.split("+", 1)[0], bytes([NOTE]) + (1).to_bytes(32, "little")
    digest = hashlib.sha256(name.encode() + b"\n" + point).digest()[:4].hex()
    made = f"{name}+{digest}+{base64.b64encode(point).decode()}"
    return f"{made},{second}" if second else made


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new": _small_order(str(B.verifier))}, "anybody can sign"),
        ({"new": str(X.verifier)}, "another purpose"),
        ({"role": WITNESS}, "another purpose"),
        ({"role": "inspector"}, "role must be"),
        ({"new": str(SigningKey.generate("other", NOTE).verifier)}, "gives way to one of other"),
        ({"old_signature": "AAA"}, "base64"),
        ({"old_signature": "AAB="}, "canonical base64"),
        ({"more": 1}, "expected the fields"),
        ({"type": "key"}, "unknown kind"),
    ],
)
def test_a_leaf_of_bad_form(changes: dict[str, object], words: str) -> None:
    for parse in _parsers(changes):
        with pytest.raises(FormatError, match=words):
            parse({**TO_B.as_json(), **changes}, "here")


def _parsers(changes: dict[str, object]) -> list[Callable[..., object]]:
    return [parse_key_event] if "type" in changes else [parse_key_event, parse_leaf]


HOSTILE: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    2**53 - 1,
    "",
    "x" * 20_000,
    "a\nb",
    "00" * 32,
    [],
    {},
    "site",
)


@pytest.mark.parametrize("leaf", [TO_B, KeyRevocation.signed(SITE, ORIGIN, A, "stolen")])
def test_any_field_replaced_by_anything_is_refused_or_does_not_hold(
    leaf: KeyRotation | KeyRevocation,
) -> None:
    value = leaf.as_json()
    for name in value:
        for hostile in HOSTILE:
            if hostile == value[name]:
                continue
            with pytest.raises((FormatError, VerificationError)) as caught:
                keys_over_log(_log(parse_leaf({**value, name: hostile}, "here")))
            assert str(caught.value).isprintable()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"event":{},"origin":"o"}]', b"[" * 9999, b'"x"'])
def test_a_file_of_statements_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "said").write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read_statements(tmp_path / "said", (WITNESS,))
    assert str(caught.value).startswith(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_statements_are_added_in_order(tmp_path: Path) -> None:
    of_witness = KeyRotation.signed(WITNESS, ORIGIN, W, X), KeyRevocation.signed(WITNESS, ORIGIN, X, "")
    for event in of_witness:
        add_statements(tmp_path / "said", [(ORIGIN, event)], (WITNESS,))
    assert read_statements(tmp_path / "said", (WITNESS,)) == [(ORIGIN, event) for event in of_witness]
    with pytest.raises(FormatError, match="role must be one of inspector"):
        read_statements(tmp_path / "said", ("inspector",))
