"""Somebody tampers with the sealed meter's file, or brings another one."""

from dataclasses import replace

import pytest
from tests.adversarial.hostile_operator import Honest, failed, rebuilt, report_of

from tallystick.declarations.leaf import Inventory
from tallystick.errors import FormatError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.block import block_text, column_bytes, decode_block, encode_block
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.inspection.meter import encode_meter, meter_blocks, parse_meter
from tallystick.records.subject import Subject, SubjectKind, Trust


def _check_8(honest: Honest, meter, bundle=None) -> bool | None:
    report = report_of(bundle or honest.bundle, meter)
    assert failed(report) <= {8}
    return next(c.ok for c in report.checks if c.number == 8)


def _changed(data: bytes, *, power_percent: int = 100, subject: str = "") -> bytes:
    block = decode_block(data, "x")
    channels = {
        name: column_bytes([v * power_percent // 100 for v in values])
        for name, values in block.channels.items()
    }
    header = replace(block.header, subject=subject or block.header.subject)
    times, quality = column_bytes(block.time_ns), column_bytes(block.quality)
    return encode_block(header, len(block.time_ns), times, quality, channels)


def test_the_true_meter_agrees(honest: Honest) -> None:
    assert _check_8(honest, honest.meter()) is True


def test_no_meter_is_no_pass(honest: Honest) -> None:
    assert _check_8(honest, None) is None


def test_an_unsigned_file_is_only_the_operators_word(honest: Honest) -> None:
    assert _check_8(honest, honest.meter_with(None, None)) is None


@pytest.mark.parametrize("name", ["the operator", "the meter"])
def test_signed_with_a_key_that_is_not_the_meters(honest: Honest, name: str) -> None:
    key = (
        honest.site.key
        if name == "the operator"
        else SigningKey.generate(honest.meter_key.verifier.name, NOTE)
    )
    assert _check_8(honest, honest.meter_with(None, key)) is None


def _with_inventory(honest: Honest, change) -> object:
    return rebuilt(
        honest, [change(leaf) if isinstance(leaf, Inventory) else leaf for leaf in honest.bundle.leaves[:-1]]
    )


def test_the_operators_key_named_as_the_meters(honest: Honest) -> None:
    bundle = _with_inventory(honest, lambda leaf: replace(leaf, meter_key=honest.site.key.verifier))
    assert _check_8(honest, honest.meter_with(None, honest.site.key), bundle) is None


def test_a_second_key_slipped_in_beside_the_meters(honest: Honest) -> None:
    """An inventory that names no meter cannot bring a key for one; another meter's key is not this one's."""
    own = SigningKey.generate("meter.tallystick.example/site", NOTE)
    halved = [_changed(b, power_percent=50) for b in meter_blocks(honest.meter_path)]
    body = list(honest.bundle.leaves[:-1])
    extra = Subject("spare", SubjectKind.METER, "", ("n000",), "pdu", Trust.SEALED, 10**9, 10**18)
    for leaf in (Inventory((), own.verifier), Inventory((extra,), own.verifier)):
        bundle = rebuilt(honest, [*body[:2], leaf, *body[2:]])
        assert _check_8(honest, honest.meter_with(halved, own), bundle) is None


@pytest.mark.parametrize("percent", [0, 50, 94, 106, 200])
def test_scaled_readings(honest: Honest, percent: int) -> None:
    """Even signed with the meter's own key: the declared energy is then not what the meter says."""
    blocks = [_changed(b, power_percent=percent) for b in meter_blocks(honest.meter_path)]
    assert _check_8(honest, honest.meter_with(blocks, honest.meter_key)) is False


def test_a_missing_slot(honest: Honest) -> None:
    assert (
        _check_8(honest, honest.meter_with(meter_blocks(honest.meter_path)[:-1], honest.meter_key)) is False
    )


def test_a_meter_is_missing_or_another_stands_there(honest: Honest) -> None:
    blocks = [_changed(b, subject="meter-other") for b in meter_blocks(honest.meter_path)]
    assert _check_8(honest, honest.meter_with(blocks, honest.meter_key)) is False
    both = [*meter_blocks(honest.meter_path), *blocks]
    assert _check_8(honest, honest.meter_with(both, honest.meter_key)) is False


def test_one_of_two_meters_is_missing(honest: Honest) -> None:
    second = Subject("meter-two", SubjectKind.METER, "", ("n001",), "pdu", Trust.SEALED, 10**9, 10**18)
    bundle = _with_inventory(honest, lambda leaf: replace(leaf, subjects=(*leaf.subjects, second)))
    assert _check_8(honest, honest.meter(), bundle) is False


def test_a_slot_given_twice_is_not_counted_twice(honest: Honest) -> None:
    blocks = meter_blocks(honest.meter_path)
    with pytest.raises(FormatError, match="once"):
        honest.meter_with([*blocks, blocks[0]], honest.meter_key)


def test_the_operators_samples_are_no_meters(honest: Honest) -> None:
    with pytest.raises(FormatError, match="nothing else"):
        honest.meter_with([honest.opening.slots[0][0].data], honest.meter_key)


def test_an_altered_file_does_not_carry_its_signature(honest: Honest) -> None:
    true = canonical.decode(honest.meter_path.read_bytes(), "x")
    halved = [block_text(_changed(b, power_percent=50)) for b in meter_blocks(honest.meter_path)]
    for changed in ({"blocks": halved}, {"blocks": true["blocks"][:-1]}, {"blocks": true["blocks"][::-1]}):
        with pytest.raises(VerificationError):
            parse_meter(canonical.encode({**true, **changed}), "meter")


def test_a_signature_has_one_encoding_and_needs_its_key(honest: Honest) -> None:
    true = canonical.decode(honest.meter_path.read_bytes(), "x")
    unsigned = canonical.decode(encode_meter([], None), "x")
    for file in (
        {**true, "signature": true["signature"].upper()},
        {**true, "signature": true["signature"][:64] + " " + true["signature"][64:]},
        {**true, "signature": ""},
        {**true, "key": ""},
        {**unsigned, "signature": "00" * 64},
    ):
        with pytest.raises(FormatError):
            parse_meter(canonical.encode(file), "meter")
