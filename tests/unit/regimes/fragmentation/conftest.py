from tests.unit.regimes.fragmentation.three_regimes import three

__all__ = ["three"]
