"""Secrets at rest: encrypted, bound to what they are, useless elsewhere, and never printed."""

import json
import stat
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallystick.errors import FormatError, InputError
from tallystick.evidence import key_protection
from tallystick.evidence.key_protection import EncryptionKey, key_to_encrypt, user_file
from tallystick.evidence.private_file import KEY, SECRET, read_header, read_private, write_private

SHIPPED_COST = (key_protection.SCRYPT_N, key_protection.SCRYPT_R, key_protection.SCRYPT_P)
SECRET_BYTES = bytes(range(64, 96))


def _plain(data: bytes) -> bytes | None:
    return data if len(data) == 32 else None


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("TALLYSTICK_PASSPHRASE", "TALLYSTICK_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(key_protection, "SCRYPT_N", 1 << 10)
    key_protection._derived.cache_clear()
    return tmp_path / "config/tallystick"


def _written(tmp_path: Path) -> Path:
    path = tmp_path / "s"
    write_private(path, SECRET_BYTES, SECRET)
    return path


def test_a_secret_survives_its_file_which_its_owner_alone_can_read(tmp_path: Path, home: Path) -> None:
    path = _written(tmp_path)
    assert read_private(path, SECRET, _plain) == (SECRET_BYTES, False)
    assert read_header(path, _plain).source == "user-file"
    for file in (path, home / "key-encryption-key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert SECRET_BYTES.hex().encode() not in file.read_bytes()
    assert [p.name for p in home.iterdir()] == ["key-encryption-key"]


def test_the_same_secret_is_never_encrypted_alike(tmp_path: Path) -> None:
    assert _written(tmp_path).read_bytes() != _written(tmp_path).read_bytes()


@pytest.mark.parametrize("field", ["holds", "public", "nonce", "sealed", "encrypted_with"])
def test_every_field_is_authenticated(tmp_path: Path, field: str) -> None:
    path = _written(tmp_path)
    value = json.loads(path.read_bytes())
    other = {"holds": KEY, "public": "x", "nonce": "00" * 12, "sealed": "00" * 48}.get(field)
    value[field] = other if other else {**value[field], "salt": "00"}
    path.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True))
    with pytest.raises(FormatError, match=r"damaged|not a private") as caught:
        read_private(path, value["holds"], _plain)
    assert str(path) in str(caught.value)
    assert "Mend" in str(caught.value)


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_damaged_file_is_one_line_with_the_mend(tmp_path: Path, cut: int) -> None:
    path = _written(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FormatError, match=r"not a private secret.*Mend: restore"):
        read_private(path, SECRET, _plain)


def test_a_copy_without_the_users_key_is_useless(tmp_path: Path, home: Path) -> None:
    path = _written(tmp_path)
    kept = (home / "key-encryption-key").read_bytes()
    (home / "key-encryption-key").unlink()
    with pytest.raises(InputError, match=r"missing.*Mend: restore that file"):
        read_private(path, SECRET, _plain)
    assert not (home / "key-encryption-key").exists(), "reading must not make another"
    write_private(tmp_path / "other", SECRET_BYTES, SECRET)
    with pytest.raises(InputError, match="another key-encryption key"):
        read_private(path, SECRET, _plain)
    (home / "key-encryption-key").write_bytes(b"zz")
    with pytest.raises(InputError, match="key-encryption key is damaged"):
        read_private(path, SECRET, _plain)
    (home / "key-encryption-key").write_bytes(kept)
    assert read_private(path, SECRET, _plain)[0] == SECRET_BYTES


def test_a_passphrase_from_a_file_or_the_environment(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    path = _written(tmp_path)
    assert read_header(path, _plain).source == "passphrase"
    assert not home.exists()
    monkeypatch.delenv("TALLYSTICK_PASSPHRASE_FILE")
    with pytest.raises(InputError, match=r"encrypted with a passphrase.*TALLYSTICK_PASSPHRASE_FILE"):
        read_private(path, SECRET, _plain)
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "wrong horse")
    with pytest.raises(InputError, match="passphrase is wrong"):
        read_private(path, SECRET, _plain)
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "correct horse")
    assert read_private(path, SECRET, _plain) == (SECRET_BYTES, False)
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "")
    with pytest.raises(InputError, match="passphrase is empty"):
        write_private(path, SECRET_BYTES, SECRET)


def test_the_full_cost_is_what_is_shipped() -> None:
    """OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1."""
    assert SHIPPED_COST == (131_072, 8, 1)


def test_an_older_versions_plain_file_is_told_apart_from_any_encrypted_one(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_bytes(b"{" + SECRET_BYTES[1:])
    assert read_private(path, SECRET, _plain) == (b"{" + SECRET_BYTES[1:], True)
    assert read_header(path, _plain).source == ""


def test_no_place_for_the_users_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"cannot keep the key-encryption key.*Mend: set XDG_CONFIG_HOME"):
        write_private(tmp_path / "s", SECRET_BYTES, SECRET)
    assert not (tmp_path / "s").exists()


def test_a_relative_configuration_directory_is_ignored() -> None:
    assert user_file({"XDG_CONFIG_HOME": "here"}) == Path.home() / ".config/tallystick/key-encryption-key"


def test_those_who_make_the_users_key_at_once_agree(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: key_to_encrypt().id, range(16)))) == 1
    assert [p.name for p in home.iterdir()] == ["key-encryption-key"]


def test_nothing_secret_is_printed(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path)
    user_key = (home / "key-encryption-key").read_text().strip()
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "correct horse")
    (tmp_path / "damaged").write_text(SECRET_BYTES.hex() + "!")
    shown = [repr(key_to_encrypt()), repr(EncryptionKey("user-file", b"", SECRET_BYTES))]
    failures: list[Callable[[], object]] = [
        lambda: read_private(tmp_path / "damaged", SECRET, _plain),
        lambda: read_private(path, KEY, _plain),
        lambda: write_private(tmp_path / "no/where", SECRET_BYTES, SECRET),
    ]
    for fail in failures:
        with pytest.raises(InputError) as caught:
            fail()
        shown.append("".join(traceback.format_exception(caught.value)))
    for text in (SECRET_BYTES.hex(), repr(SECRET_BYTES), user_key, "correct horse"):
        assert all(text not in said for said in shown)
