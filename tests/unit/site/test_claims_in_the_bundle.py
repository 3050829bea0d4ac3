"""Claims of a closed period: in the bundle, signed, proven, and refused where anything was changed."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from matrix_site import matrix_site

from tallystick.claims.cap import Cap
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.errors import InputError, SiteError
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.inspection.claimed import CLAIM_PAYLOAD_TYPE, claims_of
from tallystick.inspection.meter import read_meter
from tallystick.inspection.report import Report
from tallystick.inspection.verify import verify
from tallystick.site.claims import Claimant, claims_file
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory

CAP = Cap(Figure.TIME_BOUND, 10**21)


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> SiteDirectory:
    site = matrix_site(tmp_path_factory.mktemp("claims") / "site")
    close(site, "all")
    claimant = Claimant(site, "all")
    assert claimant.meter is not None
    exact = claimant.prover.exact_total(Figure.ENERGY_BOUND)
    claimant.claim([CAP, exact, Energy("Site", claimant.meter, 20_000), claimant.prover.balance()])
    return site


def _bundle(site: SiteDirectory) -> Bundle:
    return read_bundle(site.path / "bundles/site-all.tally")


def _report(site: SiteDirectory, bundle: Bundle | None = None) -> Report:
    return verify(bundle or _bundle(site), read_meter(site.path / "meter/site.meter")).report


def test_the_inspector_reads_what_was_proven(claimed: SiteDirectory) -> None:
    report = _report(claimed)
    assert report.passed(9)
    assert [verdict.statement.kind for verdict in report.claims] == ["cap", "total", "energy", "capacity"]
    assert "is above 1e21 FLOP" in report.claims[0].text


def test_a_claim_is_proven_once_and_kept(claimed: SiteDirectory) -> None:
    before = claims_file(claimed, "all").read_bytes()
    assert Claimant(claimed, "all").claim([CAP]) == ()
    assert claims_file(claimed, "all").read_bytes() == before
    assert close(claimed, "all").bundle.read_bytes() == (claimed.path / "bundles/site-all.tally").read_bytes()
    assert len(_bundle(claimed).claims) == 4


def test_a_false_claim_is_refused_and_nothing_is_kept(claimed: SiteDirectory) -> None:
    before = claims_file(claimed, "all").read_bytes()
    with pytest.raises(InputError, match="is false: training is"):
        Claimant(claimed, "all").claim([Pause(Figure.TIME_BOUND, 0)])
    assert claims_file(claimed, "all").read_bytes() == before


def test_a_period_that_is_not_closed(claimed: SiteDirectory) -> None:
    with pytest.raises(SiteError, match="not closed"):
        Claimant(claimed, "2026-03-03")


def test_a_site_without_a_matrix_proves_nothing(tmp_path: Path, ingested_template: Path) -> None:
    shutil.copytree(ingested_template, tmp_path / "pair")
    site = SiteDirectory(tmp_path / "pair/site")
    close(site, "all")
    with pytest.raises(SiteError, match="keeps no matrix"):
        Claimant(site, "all")


def _relabelled(site: SiteDirectory, bundle: Bundle) -> Json:
    """The proof of one cap under another cap, signed by the site itself."""
    claim = claims_of(bundle, bundle.registration.key)[0]
    other = replace(claim, statement=Cap(Figure.TIME_BOUND, 10**20))
    return sign_envelope(CLAIM_PAYLOAD_TYPE, other.encode(), site.key)


def _by_a_stranger(site: SiteDirectory, bundle: Bundle) -> Json:
    claim = claims_of(bundle, bundle.registration.key)[0]
    return sign_envelope(CLAIM_PAYLOAD_TYPE, claim.encode(), SigningKey.generate(site.config.origin, NOTE))


ATTACKS: dict[str, Callable[[SiteDirectory, Bundle], Json]] = {
    "a proof under another limit": _relabelled,
    "signed with another key": _by_a_stranger,
    "no envelope": lambda site, bundle: "claim",
    "another payload type": lambda site, bundle: {**bundle.claims[0], "payloadType": "text/plain"},
    "the declaration as a claim": lambda site, bundle: bundle.envelope,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_claim_that_does_not_hold_fails_check_9(claimed: SiteDirectory, name: str) -> None:
    bundle = _bundle(claimed)
    forged = replace(bundle, claims=(ATTACKS[name](claimed, bundle), *bundle.claims[1:]))
    report = _report(claimed, forged)
    assert {check.number for check in report.checks if check.ok is False} == {9}
    assert report.claims == []


def test_claims_of_energy_wait_for_the_meter(claimed: SiteDirectory) -> None:
    report = verify(_bundle(claimed)).report
    assert report.passed(9)
    assert [verdict.statement.kind for verdict in report.claims] == ["cap", "total", "capacity"]
    assert "1 of energy not checked" in next(c.detail for c in report.checks if c.number == 9)


def test_claims_of_another_bundle_do_not_hold(claimed: SiteDirectory, tmp_path: Path) -> None:
    other = matrix_site(tmp_path / "site")
    close(other, "all")
    bundle = _bundle(other)
    moved = [
        sign_envelope(
            CLAIM_PAYLOAD_TYPE, claims_of(_bundle(claimed), claimed.key.verifier)[0].encode(), other.key
        )
    ]
    assert not _report(other, replace(bundle, claims=tuple(moved))).passed(9)
