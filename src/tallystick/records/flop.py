"""An amount of training compute as an interval."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlopInterval:
    """Training FLOP: lower bound, calibrated estimate, physical upper bound."""

    lower: int
    estimate: int
    upper: int

    def __add__(self, other: "FlopInterval") -> "FlopInterval":
        return FlopInterval(
            self.lower + other.lower, self.estimate + other.estimate, self.upper + other.upper
        )

    def as_json(self) -> dict[str, str]:
        """Decimal strings, since FLOP exceed what JSON numbers hold."""
        return {"lower": str(self.lower), "estimate": str(self.estimate), "upper": str(self.upper)}


NO_FLOP = FlopInterval(0, 0, 0)
