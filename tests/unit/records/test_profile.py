"""The profile's file: what is written is read, and nothing changed, cut or added goes unnoticed."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError
from tallystick.records import profile as records
from tallystick.records.profile import (
    Axis,
    Gap,
    Quantity,
    Rule,
    Source,
    Status,
    TechnologyProfile,
    Unit,
    Violation,
    encode_profile,
    parse_profile,
    read_profile,
    sealed,
)

VECTOR = Path(__file__).parents[2] / "vectors" / "technology_profile.json"
NAMES = st.text("abcXYZ019._:-", min_size=1, max_size=64)
PPMS = st.integers(0, 1_000_000)
GAP = Gap("accuracy", "source", "run", 839_000, 964_000, 17, 47, 2_500)


@st.composite
def profiles(draw: st.DrawFn) -> TechnologyProfile:
    count = draw(st.integers(1, 5))
    axes = draw(st.lists(axes_of(count), min_size=1, max_size=4, unique_by=lambda axis: axis.key))
    return sealed(
        TechnologyProfile(
            hash="",
            benchmark_sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
            benchmark_size=draw(st.dictionaries(NAMES, st.integers(0, 2**53 - 1), max_size=3)),
            tool_version="0.1.0",
            seed=draw(st.integers(0, 2**53 - 1)),
            notices=tuple(draw(st.lists(st.text("ab c~!", min_size=1), max_size=3))),
            gaps=(GAP,),
            axes=tuple(axes),
        )
    )


@st.composite
def axes_of(draw: st.DrawFn, count: int) -> Axis:
    status = draw(st.sampled_from(Status))
    sampled = status is not Status.NOT_MEASURED
    return Axis(
        quantity=draw(st.sampled_from(Quantity)),
        violation=draw(st.sampled_from(Violation)),
        evasion=draw(NAMES),
        setting=draw(NAMES),
        rule=draw(st.sampled_from(Rule)),
        source=Source.REAL if status is Status.MEASURED else Source.SIMULATED,
        status=status,
        unit=draw(st.sampled_from([Unit.RUN, Unit.FAMILY, Unit.SEARCH])) if sampled else Unit.NONE,
        units=draw(st.integers(1, 2**53 - 1)) if sampled else 0,
        observed_ppm=draw(PPMS) if sampled else None,
        gap=GAP.measure if status is Status.WIDENED else "none",
        draws=tuple(draw(st.lists(PPMS, min_size=count, max_size=count))),
    )


@given(profiles())
@settings(max_examples=40)
def test_what_is_written_is_read(profile: TechnologyProfile) -> None:
    assert parse_profile(encode_profile(profile), "p") == profile


@given(profiles(), st.data())
@settings(max_examples=80)
def test_no_changed_byte_goes_unnoticed(profile: TechnologyProfile, data: st.DataObject) -> None:
    written = encode_profile(profile)
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[at]))
    with pytest.raises(FormatError):
        parse_profile(written[:at] + bytes([other]) + written[at + 1 :], "p")


@given(profiles(), st.data())
@settings(max_examples=40)
def test_no_cut_and_nothing_added_goes_unnoticed(profile: TechnologyProfile, data: st.DataObject) -> None:
    written = encode_profile(profile)
    for changed in (written[: data.draw(st.integers(0, len(written) - 1))], written + b"\n", b" " + written):
        with pytest.raises(FormatError):
            parse_profile(changed, "p")


@given(st.binary(max_size=200) | st.sampled_from([b"NaN", b"[" * 100_000, b"9" * 5000, b'{"a":1e999}']))
def test_any_bytes_end_in_one_error(data: bytes) -> None:
    with pytest.raises(FormatError, match="Mend"):
        parse_profile(data, "p")


def rehashed(change: dict[str, Any], axis: dict[str, Any] | None = None, nth: int = 0) -> bytes:
    """The vector with fields changed and a hash that holds, as a forger would write it."""
    raw = json.loads(VECTOR.read_bytes())
    raw.update(change)
    raw["axes"][nth].update(axis or {})
    body = {key: value for key, value in raw.items() if key != "hash"}
    raw["hash"] = hashlib.sha256(canonical(body)).hexdigest()
    return canonical(raw) + b"\n"


def canonical(raw: object) -> bytes:
    return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()


WIDENED, UNMEASURED, MEASURED = 1, 2, 3


@pytest.mark.parametrize(
    ("nth", "axis", "problem"),
    [
        (0, {"more": 1}, "expected exactly the keys"),
        (0, {"draws": [1, 2, 3]}, "draws of an axis"),
        (0, {"draws": [1, 2, 3, 1_000_001]}, "a draw is not"),
        (0, {"draws": [1, 2, 3, True]}, "a draw is not"),
        (0, {"draws": [1, 2, 3, 4.0]}, "a draw is not"),
        (WIDENED, {"source": "real"}, "only an axis of real source"),
        (WIDENED, {"status": "measured"}, "only an axis of real source"),
        (MEASURED, {"source": "simulated"}, "only an axis of real source"),
        (WIDENED, {"status": "no gap measured"}, "gap does not fit"),
        (WIDENED, {"gap": "told"}, "gap does not fit"),
        (MEASURED, {"gap": "accuracy"}, "gap does not fit"),
        (MEASURED, {"units": 0}, "sample does not fit"),
        (UNMEASURED, {"observed_ppm": 1}, "sample does not fit"),
        (WIDENED, {"evasion": "line\nbreak"}, "evasion is not text"),
        (WIDENED, {"evasion": "x" * 65}, "evasion is not text"),
        (WIDENED, {"quantity": "luck"}, "quantity is none of"),
        (WIDENED, {"rule": []}, "rule is none of"),
        (WIDENED, {"units": -1}, "units is not an integer"),
    ],
)
def test_a_forged_axis_is_refused(nth: int, axis: dict[str, Any], problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        parse_profile(rehashed({}, axis, nth), "p")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"x_note": 1}, "expected exactly the keys"),
        ({"format": "tallystick-profile/2"}, "format is not"),
        ({"draws": 0}, "draws is not an integer"),
        ({"draws": 10**9}, "draws is not an integer"),
        ({"seed": -1}, "seed is not"),
        ({"notices": ["\x1b[2J"]}, "a notice is not text"),
        ({"notices": ["n"] * 9}, "notices is not a list"),
        ({"benchmark": {"sha256": "AB", "size": {}}}, "sha256 is not text"),
        ({"benchmark": {"sha256": "ab" * 32, "size": {"a b": 1}}}, "size is not text"),
        ({"gaps": []}, "gap does not fit"),
        ({"gaps": [{}]}, "expected exactly the keys"),
    ],
)
def test_a_forged_header_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        parse_profile(rehashed(change), "p")


def test_axes_out_of_order_or_twice_are_refused() -> None:
    axes = json.loads(VECTOR.read_bytes())["axes"]
    for wrong in (axes[::-1], [axes[0], *axes]):
        with pytest.raises(FormatError, match="not in order"):
            parse_profile(rehashed({"axes": wrong}), "p")


def test_the_vector_is_read_as_the_format_says() -> None:
    profile = read_profile(VECTOR)
    assert profile.hash == "6aa8817bb09616b906b3bc811952b587966ab506995b4aa95810c2f08c98fdaf"
    assert encode_profile(profile) == VECTOR.read_bytes()
    by_status = {axis.status: axis for axis in profile.axes}
    assert set(by_status) == set(Status)
    assert by_status[Status.MEASURED].draws == (650_000, 838_000, 910_000, 780_000)
    assert by_status[Status.MEASURED].quantile(500_000) == 838_000


def test_a_file_above_the_limit_is_refused_after_reading_no_more_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_FILE_BYTES", 100)
    path = tmp_path / "large.json"
    path.write_bytes(b"[" + b"0," * 5_000_000 + b"0]")
    started = time.monotonic()
    with pytest.raises(FormatError, match="above 100 bytes"):
        read_profile(path)
    assert time.monotonic() - started < 0.5
