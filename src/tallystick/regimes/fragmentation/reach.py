"""Why a regime brings a developer no duty: no tie to its region, no role, no line passed."""

from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.standing import LAW, Standing
from tallystick.regimes.judging.condition import tie_test
from tallystick.regimes.law.exact import Truth, conjunction, disjunction

#: States of a regime that brings no duty, for certain.
QUIET = frozenset({"does not bind", "no duties"})
#: Codes of reasons, in the order in which they are shown.
NO_TIE, NO_ROLE, NEITHER = "no tie", "no role", "no tie and no role"
NO_DUTIES, NO_LINE, EXEMPT, NOT_RUNNING = "no duties in it", "line not met", "exempt", "not running"
NOT_REACHED = (NO_TIE, NO_ROLE, NEITHER)
REACHED = (NO_LINE, EXEMPT, NO_DUTIES, NOT_RUNNING)


@dataclass(frozen=True, slots=True)
class Reason:
    """``code``: one of those above; ``asks``: the ties or roles that it asks for, or the lines not passed."""

    code: str
    region: str
    ties: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def reaches(self) -> bool:
        """A role and a tie are there."""
        return self.code in REACHED

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "code": self.code,
            "region": self.region,
            "ties": list(self.ties),
            "roles": list(self.roles),
            "lines": list(self.lines),
        }


def reason_of(one: Standing) -> Reason | None:
    """Why it brings no duty, now or on a known later day; None where it does, or may."""
    if one.state not in QUIET:
        return None
    binds = one.instrument.binds
    ties = tuple(tie.removeprefix("jurisdictions.") for tie in binds.nexus)
    if one.tied[0] is False:
        tie, role = _tied(one), _in_role(one)
        code = NEITHER if tie is False and role is False else NO_TIE if tie is False else NO_ROLE
        roles = () if code == NO_TIE else binds.roles
        return Reason(code, binds.region, () if code == NO_ROLE else ties, roles)
    return _reached(one)


def _reached(one: Standing) -> Reason:
    region = one.instrument.binds.region
    if not one.duties:
        return Reason(NO_DUTIES, region)
    if one.group not in LAW or any(duty.would is True for duty in one.duties):
        return Reason(NOT_RUNNING, region)
    said = [truths[0] for truths in one.outcomes.values()]
    if said and disjunction(said) is False:
        return Reason(NO_LINE, region, lines=tuple(rule.title for rule in one.instrument.outcomes.values()))
    return Reason(EXEMPT, region)


def _in_role(one: Standing) -> Truth:
    roles = one.instrument.binds.roles
    if not roles:
        return True
    views = [facts.claimed for facts in one.facts.values()]
    return disjunction(view.truths.get(f"roles.{role}") for view in views for role in roles)


def _tied(one: Standing) -> Truth:
    binds = one.instrument.binds
    if not binds.nexus:
        return True
    tests = [tie_test(tie, binds.region) for tie in binds.nexus]
    join = conjunction if binds.every_nexus else disjunction
    return disjunction(join(test(facts.claimed) for test in tests) for facts in one.facts.values())
