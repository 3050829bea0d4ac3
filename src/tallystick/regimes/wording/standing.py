"""How one regime stands towards the developer: whether it reaches him, and which duties it brings now."""

from tallystick.regimes.judging.result import Duty, Result
from tallystick.regimes.law.exact import Truth

#: Statuses after which duties do not come any more.
OVER = frozenset({"superseded", "revoked", "vetoed", "withdrawn", "lapsed", "expired", "not_enforced"})
#: Marks of duties on which what is claimed and what is verified do not agree.
VERIFIED_ONLY = "by verified facts only: what you claim says no"
CLAIMED_ONLY = "by what you claim only: verified facts say no"


def reaches(result: Result) -> Truth:
    """Role and ties are there, by verified facts or on the developer's word; whatever force the text has."""
    return True if result.binds_verified else result.binds_claimed


def is_over(result: Result) -> bool:
    """It had force, or was meant to, and will not any more."""
    return result.status in OVER


def is_coming(result: Result) -> bool:
    """It was adopted, and its duties do not run yet."""
    there = result.known and result.status_since is not None
    return there and result.binding and not result.in_effect and not is_over(result)


def due(result: Result, duty: Duty) -> bool:
    """Due on that day by claimed or by verified facts; by verified figures too on whom the text binds by
    his own word."""
    if duty.claimed is True or duty.verified is True:
        return True
    ends = duty.obligation.ends
    runs = (duty.starts is None or duty.starts <= result.at) and (ends is None or result.at < ends)
    return result.in_effect and runs and duty.brought[1] is True and result.binds_claimed is True


def is_open(result: Result, duty: Duty) -> bool:
    """Whether it is due hangs on what is not known; also where only what is claimed rules it out."""
    if due(result, duty):
        return False
    shown = any(one.verified is True and one.name in duty.obligation.when for one in result.outcomes)
    against = result.in_effect and shown and duty.verified is None and duty.brought[1] is None
    return duty.claimed is None or (against and result.binds_claimed is True)


def sides_mark(duty: Duty) -> str:
    """Says where claimed and verified facts do not agree on whether the duty is brought about."""
    if duty.brought == (False, True):
        return f" [{VERIFIED_ONLY}]"
    return f" [{CLAIMED_ONLY}]" if duty.brought == (True, False) else ""


def duties_now(result: Result) -> int:
    """What must be done, or not be done, on that day; what one may do is none."""
    return sum(due(result, duty) for duty in result.duties if duty.obligation.deontic != "may")


def duties_open(result: Result) -> int:
    """The same, of which it is not decided whether they are due."""
    return sum(is_open(result, duty) for duty in result.duties if duty.obligation.deontic != "may")


def duties_cell(result: Result) -> str:
    """``5``, ``0, 14 open``; ``–`` where nothing is stated that could bring one."""
    now, unknown = duties_now(result), duties_open(result)
    if unknown:
        return f"{f'{now}, ' if now else ''}{unknown} open"
    return "–" if not now and reaches(result) is None else str(now)
