"""Each check says what it looked at, in which bytes, and on which assumption."""

import pytest
from tests.conftest import Pair

from tallystick.declarations.bundle import read_bundle
from tallystick.errors import InputError
from tallystick.inspection.explain import EXPLANATIONS, explained
from tallystick.inspection.report import CHECKS
from tallystick.inspection.verify import verify
from tallystick.site.close import close


def test_every_check_is_explained_with_its_outcome(ingested: Pair) -> None:
    bundle = read_bundle(close(ingested.site, "all").bundle)
    report = verify(bundle).report
    assert set(EXPLANATIONS) == set(CHECKS)
    for number, name in CHECKS.items():
        said = explained(bundle, report, number)
        assert said["name"] == name
        assert all(said[key] for key in ("checks", "bytes", "rests_on", "outcome"))
        assert str(said["bytes"]).isprintable()
    assert f"leaves 0 to {len(bundle.leaves) - 1}" in str(explained(bundle, report, 2)["bytes"])
    assert str(explained(bundle, report, 6)["outcome"]).startswith("holds")
    assert "inspect conclude" in str(explained(bundle, report, 15)["outcome"])


def test_a_check_that_does_not_exist(ingested: Pair) -> None:
    bundle = read_bundle(close(ingested.site, "all").bundle)
    with pytest.raises(InputError, match="no check 21"):
        explained(bundle, verify(bundle).report, 21)
