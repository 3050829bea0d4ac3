"""``energy``: a site's committed energy is within a tolerance of what its sealed meter signed."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import MAX_BOUND, Bound, Sense, terms_over
from tallystick.claims.figure import Figure
from tallystick.claims.public_record import MeterTotal, PublicRecord
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.matrix.amounts import MJ_PER_JOULE
from tallystick.evidence.matrix.place import MAX_NAME
from tallystick.evidence.proofs.ristretto import Point
from tallystick.units import PPM, kwh_text


@dataclass(frozen=True)
class Energy:
    """``meter``: identity of the meter's key and its total in mJ. The tolerance is in ppm of that total."""

    site: str
    meter: MeterTotal
    tolerance_ppm: int

    kind: ClassVar[str] = "energy"
    figure: ClassVar[Figure] = Figure.ENERGY
    known_key: ClassVar[Point | None] = None

    def __post_init__(self) -> None:
        """Raises InputError for names, a total or a tolerance out of range."""
        for name in (self.site, self.meter.key):
            if not 0 < len(name) <= MAX_NAME or not name.isprintable():
                raise InputError(f"site and meter key are named by 1 to {MAX_NAME} printable characters")
        if not 0 <= self.tolerance_ppm <= PPM:
            raise InputError(f"a tolerance is from 0 to {PPM} ppm")
        if self.meter.energy_mj < 0 or self.most_j > MAX_BOUND:
            raise InputError("the meter's total is out of range")

    @property
    def least_j(self) -> int:
        """The lower bound in joules, rounded up."""
        return -(-self.meter.energy_mj * (PPM - self.tolerance_ppm) // (PPM * MJ_PER_JOULE))

    @property
    def most_j(self) -> int:
        """The upper bound in joules, rounded down."""
        return self.meter.energy_mj * (PPM + self.tolerance_ppm) // (PPM * MJ_PER_JOULE)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"energy of site {self.site} is within {self.tolerance_ppm} ppm of the "
            f"{kwh_text(self.meter.energy_mj)} kWh that meter {self.meter.key} signed"
        )

    def fields(self) -> dict[str, Json]:
        """For the canonical encoding."""
        return {
            "meter_key": self.meter.key,
            "meter_mj": str(self.meter.energy_mj),
            "site": self.site,
            "tolerance_ppm": self.tolerance_ppm,
        }

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """Two bounds, over all columns of the site's rows."""
        if record.context.site_log(self.site) is None:
            raise VerificationError(f"the claim speaks of site {self.site}, which its context does not name")
        if record.meters.get(self.site) != self.meter:
            raise VerificationError(f"the sealed meter of site {self.site} did not sign this total")
        columns = tuple(range(len(record.plan.roles)))
        terms = terms_over(record, self.figure, columns, self.site)
        what = f"energy of site {self.site}"
        return (
            Bound(what, self.figure, terms, Sense.AT_LEAST, self.least_j),
            Bound(what, self.figure, terms, Sense.AT_MOST, self.most_j),
        )


def read_energy(value: Json, where: str) -> Energy:
    """The inverse of ``Energy.fields``. Raises FormatError."""
    fields = Fields(value, ("meter_key", "meter_mj", "site", "tolerance_ppm"), where)
    meter = MeterTotal(fields.text("meter_key", MAX_NAME), fields.amount("meter_mj"))
    site, tolerance = fields.text("site", MAX_NAME), fields.number("tolerance_ppm")
    try:
        return Energy(site, meter, tolerance)
    except InputError as error:
        raise FormatError(error.problem, where=where) from error
