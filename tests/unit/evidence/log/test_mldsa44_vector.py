"""A head that another implementation signed with ML-DSA-44; its source stands in the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tallystick.errors import VerificationError
from tallystick.evidence.log.checkpoint import NO_TIME, parse_checkpoint, subtree_message
from tallystick.evidence.vkey import MLDSA44, Vkey

VECTOR = json.loads((Path(__file__).parents[3] / "vectors/checkpoint_mldsa44.json").read_text("utf-8"))
KEY = Vkey.parse(VECTOR["key"])
NOTE = parse_checkpoint(VECTOR["note"], "vector")


def test_its_key_is_read() -> None:
    assert (KEY.name, KEY.kind, KEY.id.hex()) == ("example.com/mldsa-log", MLDSA44, "b5df45c5")


def test_its_signature_holds_over_our_message() -> None:
    signature = NOTE.signature_of(KEY)
    assert signature[:8] == NO_TIME.to_bytes(8, "big")
    KEY.verify(signature[8:], subtree_message(KEY.name, NO_TIME, NOTE.checkpoint))


@pytest.mark.parametrize(
    ("cosigner", "time_s", "changes"),
    [
        ("example.com/mldsa-loh", 0, {}),
        (KEY.name, 1, {}),
        (KEY.name, 0, {"origin": "example.com/other"}),
        (KEY.name, 0, {"size": 2}),
        (KEY.name, 0, {"root": bytes(32)}),
    ],
)
def test_it_holds_over_no_other(cosigner: str, time_s: int, changes: dict[str, object]) -> None:
    message = subtree_message(cosigner, time_s, replace(NOTE.checkpoint, **changes))
    with pytest.raises(VerificationError):
        KEY.verify(NOTE.signature_of(KEY)[8:], message)


def test_names_that_are_too_long_for_the_message() -> None:
    with pytest.raises(VerificationError, match="over 255 bytes"):
        subtree_message("é" * 128, 0, NOTE.checkpoint)
