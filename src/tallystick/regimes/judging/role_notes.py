"""Roles that a developer states of itself and that the figures do not bear out.

Some laws give a name to whom passes their line: who states that name as a role says that he passes it.
"""

from collections.abc import Iterable, Iterator

from tallystick.regimes.judging.result import Result
from tallystick.regimes.stated.fact_set import FactSet

ROLES = "roles."


def role_notes(results: Iterable[Result], facts: FactSet) -> Iterator[str]:
    """A warning for each role that is stated beside an outcome of the same name that is false as claimed."""
    stated = [
        name.removeprefix(ROLES)
        for name, truth in facts.claimed.truths.items()
        if name.startswith(ROLES) and truth is True
    ]
    found = list(results)
    for role in sorted(stated):
        against = [
            one.regime
            for one in found
            if one.binds_claimed is True
            and any(outcome.name == role and outcome.claimed is False for outcome in one.outcomes)
        ]
        if against:
            words, who = role.replace("_", " "), ", ".join(against)
            yield (
                f"{ROLES}{role} is stated, and by your own figures {words} is false under {who}: the role "
                "alone brings no duty there; correct one of the two"
            )
