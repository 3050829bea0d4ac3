"""The claims of a bundle: signed by the site, and proven over the rows of the matrix (part of check 9)."""

from tallystick.claims.claim import Claim, decode_claim
from tallystick.claims.energy import Energy
from tallystick.claims.public_record import MeterTotal
from tallystick.claims.verify import Verdict, verify_claims
from tallystick.declarations.bundle import Bundle
from tallystick.declarations.statement import Declaration
from tallystick.evidence.dsse import open_envelope
from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.matrix.sums import Matrix
from tallystick.inspection.claim_record import claim_record

#: What a signed claim's envelope says that it holds.
CLAIM_PAYLOAD_TYPE = "application/vnd.tallystick.claim+json"


def claims_of(bundle: Bundle, key: VerifierKey) -> list[Claim]:
    """The claims, each signed with ``key``. Raises FormatError or VerificationError for the first bad one."""
    claims = []
    for number, envelope in enumerate(bundle.claims, 1):
        where = f"claim {number}"
        claims.append(decode_claim(open_envelope(envelope, CLAIM_PAYLOAD_TYPE, key, where), where))
    return claims


def claims_hold(
    bundle: Bundle, declaration: Declaration, matrix: Matrix, meter: MeterTotal | None
) -> list[Verdict]:
    """A verdict for each claim. Raises VerificationError naming the first that does not hold.

    ``meter`` is the total that the sealed meter signed for the period. Where there is none, claims of energy
    are left out: they can neither hold nor fail.
    """
    claims = claims_of(bundle, bundle.keys.site_key(len(bundle.leaves)))
    if meter is None:
        claims = [claim for claim in claims if not isinstance(claim.statement, Energy)]
    if not claims:
        return []
    record = claim_record(bundle.days_of(declaration), declaration, meter)
    return list(verify_claims(record, matrix, claims))
