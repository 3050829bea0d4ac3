"""Ed25519, signed notes and checkpoints against published examples."""

import base64
from pathlib import Path

import pytest

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.checkpoint import NoteSignature, parse_checkpoint
from tallystick.evidence.vkey import Vkey

#: RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
#: golang.org/x/mod, sumdb/note, note_test.go.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PETER_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
#: C2SP tlog-cosignature, the example at its beginning; its time line says 1679315147.
C2SP_NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
ORDER = 2**252 + 27742317777372353535851937790883648493


#: Seed of the other half where a vector gives the Ed25519 half alone.
OTHER_SEED = "07" * 32


def _key(tmp_path: Path, secret: str, name: str = "site", purpose: int = NOTE) -> SigningKey:
    path = tmp_path / "key"
    path.write_text(secret + OTHER_SEED)
    return SigningKey.load(path, name, purpose)


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_ed25519(tmp_path: Path, secret: str, public: str, message: str, signature: str) -> None:
    key = _key(tmp_path, secret)
    assert key.verifier.ed25519.public.hex() == public
    assert key.sign_ed25519(bytes.fromhex(message)).hex() == signature
    key.verifier.ed25519.verify(bytes.fromhex(signature), bytes.fromhex(message))
    with pytest.raises(VerificationError):
        key.verifier.ed25519.verify(bytes.fromhex(signature), bytes.fromhex(message) + b"x")


def test_a_second_encoding_of_a_signature_is_refused() -> None:
    """RFC 8032, 5.1.7: S must be below the group's order, else anyone makes a second signature."""
    public, signature = bytes.fromhex(RFC_8032[0][1]), bytes.fromhex(RFC_8032[0][3])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    other = signature[:32] + scalar.to_bytes(32, "little")
    with pytest.raises(VerificationError):
        Vkey("site", NOTE, public).verify(other, b"")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(VerificationError):
        Vkey("site", NOTE, bytes.fromhex(RFC_8032[0][1])).verify(bytes(length), b"")


def test_go_note(tmp_path: Path) -> None:
    key = Vkey.parse(PETER)
    assert (key.name, key.kind, key.id.hex(), str(key)) == ("PeterNeumann", NOTE, "c74f20a3", PETER)
    raw = base64.b64decode(PETER_SIGNATURE)
    assert raw[:4] == key.id
    key.verify(raw[4:], PETER_TEXT.encode())
    signer = _key(tmp_path, base64.b64decode(PETER_SECRET)[1:].hex(), "PeterNeumann")
    assert str(signer.verifier.ed25519) == PETER
    assert signer.sign_ed25519(PETER_TEXT.encode()) == raw[4:]
    line = NoteSignature(key.name, key.id, raw[4:])
    assert str(line) == f"— PeterNeumann {PETER_SIGNATURE}\n"


def test_go_note_manglings_of_a_key() -> None:
    """The same manglings as note_test.go: every substring and every byte counted up by one."""
    bad = [PETER[i:j] for i in range(len(PETER)) for j in range(i + 1, len(PETER) + 1) if j - i < len(PETER)]
    bad += [PETER[:i] + chr(ord(PETER[i]) + 1) + PETER[i + 1 :] for i in range(len(PETER))]
    bad += [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        PETER + "\n",
        " " + PETER,
    ]
    for text in bad:
        with pytest.raises(FormatError):
            Vkey.parse(text)


_P = 2**255 - 19
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = [y + sign * 2**255 for y in (0, 1, _P - 1, _P, _P + 1, _Y8, _P - _Y8) for sign in (0, 1)]


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_keys_that_anybody_can_sign_with_are_refused(point: int) -> None:
    """Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs" (2020), table 1."""
    public = point.to_bytes(32, "little")
    key = Vkey("site", NOTE, public)
    with pytest.raises(FormatError, match="anybody can sign"):
        Vkey.parse(str(key))


def test_why_they_are_refused() -> None:
    """The identity as a key: one made-up signature holds for every message."""
    key = Vkey("site", NOTE, (1).to_bytes(32, "little"))
    forged = (1).to_bytes(32, "little") + bytes(32)
    for message in (b"one", b"another"):
        key.verify(forged, message)


def test_c2sp_checkpoint_with_a_cosignature() -> None:
    note = parse_checkpoint(C2SP_NOTE, "example")
    assert note.text == C2SP_NOTE
    head = note.checkpoint
    assert (head.origin, head.size, head.root[:2].hex()) == ("example.com/behind-the-sofa", 20852163, "0ac5")
    log, witness = note.signatures
    assert (log.key_id.hex(), len(log.signature)) == ("033de0ae", 64)
    assert (witness.name, witness.key_id.hex(), len(witness.signature)) == (
        "witness.example.com/w1",
        "8d66cf3f",
        72,
    )
    assert int.from_bytes(witness.signature[:8], "big") == 1679315147


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("no last line break", lambda t: t[:-1]),
        ("no signature", lambda t: t.split("—", 1)[0]),
        ("hyphen for a dash", lambda t: t.replace("—", "-")),
        ("a space too many", lambda t: t.replace("sofa Az", "sofa  Az")),
        ("a line after the signatures", lambda t: t + "more\n"),
        ("leading zero in the size", lambda t: t.replace("\n2085", "\n02085")),
        ("a plus before the size", lambda t: t.replace("\n2085", "\n+2085")),
        ("full-width digits", lambda t: t.replace("\n2085", "\n２０８５")),
        ("negative size", lambda t: t.replace("\n2085", "\n-2085")),
        ("a size beyond 64 bits", lambda t: t.replace("\n2085", "\n" + "9" * 30)),
        ("a short root", lambda t: t.replace("CsUYapGG", "CsUY")),
        ("unclean base64", lambda t: t.replace("q2I=\n", "q2J=\n")),
        ("an extension line", lambda t: t.replace("q2I=\n", "q2I=\nmore\n")),
        ("carriage returns", lambda t: t.replace("\n", "\r\n")),
        ("an empty origin", lambda t: t.replace("example.com/behind-the-sofa\n2", "\n2")),
        ("a control character", lambda t: "\x1b" + t),
        ("too many signatures", lambda t: t + t.split("\n\n")[1] * 8),
        ("a signature of nothing", lambda t: t.replace("jWbPP", "").replace("wAAAABk", "")[:-90] + "\n"),
        ("empty", lambda t: ""),
        ("one line", lambda t: "x"),
    ],
)
def test_malformed_checkpoints(name: str, change) -> None:
    with pytest.raises(FormatError) as caught:
        parse_checkpoint(change(C2SP_NOTE), "the file")
    assert "\n" not in str(caught.value)
    assert "the file" in str(caught.value)
