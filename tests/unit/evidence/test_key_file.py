"""Private keys in their files: encrypted, in their place, and taken over from older versions."""

import shutil
import traceback
from pathlib import Path

import pytest

from tallystick.errors import FormatError, InputError
from tallystick.evidence.key_file import load_key, load_named_key, read_key_header, save_key
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.private_file import load_secret, save_secret
from tallystick.evidence.waiting_key import adopt_next, next_key, next_to

KEY = SigningKey.generate("arden", NOTE)


@pytest.mark.parametrize("purpose", [NOTE, COSIGNATURE])
def test_a_key_survives_its_file(tmp_path: Path, purpose: int) -> None:
    key = SigningKey.generate("arden", purpose)
    save_key(key, tmp_path / "k")
    for again in (load_key(tmp_path / "k", "arden", purpose), load_named_key(tmp_path / "k")):
        assert again.verifier == key.verifier
        assert again.private_bytes() == key.private_bytes()
    kept = (tmp_path / "k").read_bytes()
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert not any(part in kept for part in (key.private_bytes(), key.private_bytes().hex()[:64].encode()))
    assert read_key_header(tmp_path / "k").public == str(key.verifier)


def test_a_key_in_anothers_place(tmp_path: Path) -> None:
    save_key(KEY, tmp_path / "k")
    for name, purpose in (("borealis", NOTE), ("arden", COSIGNATURE)):
        with pytest.raises(FormatError, match=f"not the key of {name}.*Mend: put each key back"):
            load_key(tmp_path / "k", name, purpose)


def test_a_secret_in_a_keys_place(tmp_path: Path) -> None:
    save_secret(tmp_path / "s", bytes(32))
    for load in (lambda p: load_key(p, "arden", NOTE), load_named_key):
        with pytest.raises(FormatError, match="not a private key"):
            load(tmp_path / "s")
    save_key(KEY, tmp_path / "k")
    with pytest.raises(FormatError, match="not a private secret"):
        load_secret(tmp_path / "k")


def test_an_older_versions_plain_key_is_encrypted_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "k"
    path.write_text(KEY.private_bytes().hex() + "\n")
    assert read_key_header(path).source == ""
    with pytest.raises(FormatError, match="does not say whose"):
        load_named_key(path)
    assert load_key(path, "arden", NOTE).verifier == KEY.verifier
    assert caplog.messages == [f"tallystick: {path} was not encrypted and is now; see tallystick key list"]
    assert KEY.private_bytes().hex().encode()[:40] not in path.read_bytes()
    assert load_key(path, "arden", NOTE).verifier == KEY.verifier
    assert len(caplog.messages) == 1


def test_an_older_versions_plain_secret_is_encrypted_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for secret in (b"{" * 32, bytes(32)):
        path = tmp_path / "s"
        path.write_bytes(secret)
        assert load_secret(path) == secret
        assert len(path.read_bytes()) > 100
        assert load_secret(path) == secret
    assert len(caplog.messages) == 2


def test_a_crash_while_it_is_encrypted_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file takes the old one's name in one step; before it, the old one is whole."""
    path = tmp_path / "s"
    path.write_bytes(b"s" * 32)
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target == path:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        load_secret(path)
    assert path.read_bytes() == b"s" * 32
    monkeypatch.undo()
    assert load_secret(path) == b"s" * 32
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("content", ["", "zz", "00" * 32, "00" * 63, "00" * 65, "é"])
def test_a_damaged_key_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "k").write_text(content)
    with pytest.raises(FormatError, match=r"not a private key.*Mend: restore"):
        load_key(tmp_path / "k", "arden", NOTE)


def test_no_error_shows_a_part_of_the_key(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(KEY.private_bytes().hex()[:-1])
    with pytest.raises(FormatError) as caught:
        load_key(tmp_path / "k", "arden", NOTE)
    shown = "".join(traceback.format_exception(caught.value)) + repr(KEY)
    assert KEY.private_bytes().hex()[:16] not in shown


def test_a_waiting_key_is_made_once_and_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "site.key"
    save_key(KEY, path)
    waiting = next_key(path, "arden", NOTE)
    assert next_key(path, "arden", NOTE).verifier == waiting.verifier != KEY.verifier
    assert load_key(path, "arden", NOTE).verifier == KEY.verifier
    for _ in range(2):
        adopt_next(path)
        assert load_key(path, "arden", NOTE).verifier == waiting.verifier
    assert not next_to(path).exists()


def test_a_site_copied_to_another_user_is_useless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_key(KEY, tmp_path / "k")
    shutil.copy(tmp_path / "k", tmp_path / "stolen")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "thief"))
    with pytest.raises(InputError, match="missing"):
        load_key(tmp_path / "stolen", "arden", NOTE)
