"""Regimes as data: laws, treaties and proposals, evaluated exactly against facts about compute.

``check(facts, at=...)`` takes and gives plain data; ``load_all`` and ``evaluate`` take and give records.
Needs PyYAML, of the extra ``regimes``.
"""

from tallystick.regimes.judging.check import check
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.library import Regimes, load_all

__all__ = ["Regimes", "check", "evaluate", "load_all"]
