"""Prove claims about a closed period and put them into its bundle.

A proof is made once and kept. A claim binds the period's log and rows, so it is worth nothing elsewhere.
"""

import base64
from collections.abc import Sequence
from pathlib import Path

from tallystick.claims.claim import Claim, decode_claim
from tallystick.claims.prove import ClaimProver
from tallystick.claims.public_record import MeterTotal
from tallystick.claims.statement import ClaimStatement, statement_digest
from tallystick.declarations.bundle import Bundle, read_bundle
from tallystick.declarations.days import Day
from tallystick.declarations.statement import Declaration, Period
from tallystick.errors import InputError, SiteError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.matrix.amounts import add_hours
from tallystick.evidence.matrix.check_row import own_rows
from tallystick.evidence.matrix.row import RowOpening, open_row
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix
from tallystick.inspection.claim_record import claim_record
from tallystick.inspection.claimed import CLAIM_PAYLOAD_TYPE
from tallystick.inspection.committed import committed_rows
from tallystick.inspection.meter import read_meter
from tallystick.site.claim_file import bundle_file, claims_file, kept_claims
from tallystick.site.days import read_entries
from tallystick.site.declared import kept_envelopes, read_declaration
from tallystick.site.directory import SiteDirectory
from tallystick.whole_file import write_whole


class Claimant:
    """The operator's side of one closed period: what it could claim, and the making of claims."""

    def __init__(self, site: SiteDirectory, label: str) -> None:
        """Raises SiteError where the period is not closed or its site keeps no matrix."""
        self._site = site
        self._declaration = _declaration(site, label)
        bundle = read_bundle(bundle_file(site, label))
        days = bundle.days_of(self._declaration)
        if any(day.plan is None for day in days):
            raise SiteError(
                "the site keeps no matrix, so that nothing can be proven",
                where=str(site.path),
                mend="make a site with tallystick site init --lineages",
            )
        self.meter = meter_total(site, self._declaration.period)
        self.record = claim_record(days, self._declaration, self.meter)
        plans = self.record.plans
        rows = own_rows(row for day in days for row in committed_rows(bundle, day))
        opened = tuple(row for day in days for row in _open(site, day))
        self.prover = ClaimProver(
            self.record, Matrix(plans, rows), OpenMatrix(plans, opened), site.derive("claims")
        )

    def claim(self, statements: Sequence[ClaimStatement]) -> tuple[Claim, ...]:
        """Prove and sign statements, keep them, and write the bundle with them; return what is new.

        A statement that was proven before is not proven again. Raises InputError where one is false, which
        says why: for the operator alone. Nothing is kept then.
        """
        path = claims_file(self._site, self._declaration.period.label)
        kept = kept_claims(path)
        there = {statement_digest(_claim_in(envelope).statement) for envelope in kept}
        fresh = {statement_digest(statement): statement for statement in statements}
        made = [self.prover.prove(statement) for digest, statement in fresh.items() if digest not in there]
        kept += (sign_envelope(CLAIM_PAYLOAD_TYPE, claim.encode(), self._site.key) for claim in made)
        write_whole(path, (canonical.encode(envelope) + b"\n" for envelope in kept))
        write_with_claims(self._site, self._declaration.period.label)
        return tuple(made)


def write_with_claims(site: SiteDirectory, label: str) -> Path:
    """Write the bundle of a closed period again, with all claims that are kept."""
    path = bundle_file(site, label)
    bundle = read_bundle(path)
    claims = tuple(kept_claims(claims_file(site, label)))
    write_whole(path, Bundle(bundle.leaves, bundle.heads, bundle.envelope, claims).lines())
    return path


def meter_total(site: SiteDirectory, period: Period) -> MeterTotal | None:
    """What the sealed meter's file at the site says of the period; None where none is signed."""
    path = site.path / "meter" / f"{site.config.name.lower()}.meter"
    if not path.exists():
        return None
    meter = read_meter(path)
    if meter.signer is None:
        return None
    return MeterTotal(meter.signer.fingerprint, meter.energy_mj(period.start_ns, period.end_ns))


def _declaration(site: SiteDirectory, label: str) -> Declaration:
    for path in kept_envelopes(site):
        declaration, _ = read_declaration(site, path)
        if declaration.period.label == label:
            return declaration
    raise SiteError(f"the period {label} is not closed", mend=f"tallystick site close DIR --period {label}")


def _open(site: SiteDirectory, day: Day) -> list[RowOpening]:
    entries, width = read_entries(site, day), day.start.rows
    if day.plan is None:
        raise InputError("a day without a matrix", where=f"leaf {day.at}")
    columns = len(day.plan.roles)
    return [
        open_row(
            site.secret,
            day.plan,
            due,
            add_hours((entry.amounts for entry in entries[due.place.row :: width]), columns),
        )
        for due in day.due
    ]


def _claim_in(envelope: Json) -> Claim:
    """The claim of an envelope of our own."""
    return decode_claim(base64.b64decode(envelope["payload"]), "kept claim")
