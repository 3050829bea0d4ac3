from tallystick.units import NS_PER_HOUR, PPM
from tallystick.workloads.run_confidence import COUNTED, confidence_ppm, kind_of


def test_kinds_are_cut_at_the_limits() -> None:
    assert kind_of(1, 0, 0) == (0, 0, 0)
    assert kind_of(8, 799_999, NS_PER_HOUR - 1) == (1, 1, 0)
    assert kind_of(9, 800_000, NS_PER_HOUR) == (2, 2, 1)


def test_confidence_is_a_share_and_a_large_long_run_has_more_of_it() -> None:
    assert confidence_ppm((9, 9, 9)) == PPM // 2
    assert all(0 < confidence_ppm(kind) < PPM for kind in COUNTED)
    assert confidence_ppm(kind_of(64, 600_000, 8 * NS_PER_HOUR)) > 900_000
    assert confidence_ppm(kind_of(1, 0, NS_PER_HOUR)) < 200_000
