"""All regimes held against one developer: what binds, what merges, what collides, what falls between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tallystick.regimes.fragmentation.clocks import EventClocks, clocks_by_event
from tallystick.regimes.fragmentation.conflicts import Collision, collisions
from tallystick.regimes.fragmentation.cost import Assumptions, Cost, cost_of
from tallystick.regimes.fragmentation.doubt import OpenResult, Unverified, open_results, unverified
from tallystick.regimes.fragmentation.duplicates import SharedFacts, shared_facts
from tallystick.regimes.fragmentation.figures import Figures, compute_figures
from tallystick.regimes.fragmentation.gaps import Gaps, gaps
from tallystick.regimes.fragmentation.gates import Gates, gates
from tallystick.regimes.fragmentation.merging import Rules, Tally, tally
from tallystick.regimes.fragmentation.profile import Profile
from tallystick.regimes.fragmentation.profile_warnings import profile_warnings
from tallystick.regimes.fragmentation.reach import reason_of
from tallystick.regimes.fragmentation.seams import Seams, seams
from tallystick.regimes.fragmentation.standing import LAW, WITHOUT_LAW, HeldDuty, Memory, Standing, stand
from tallystick.regimes.fragmentation.timeline import Entry, clock_text, timeline
from tallystick.regimes.judging.check import GROUPS, NOTICE, group_of
from tallystick.regimes.law.exact import truth_text
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import Regimes

#: States of a regime that counts among those that bind or may.
NEAR = frozenset({"binds", "unknown", "begins"})


@dataclass(frozen=True)
class Comparison:
    """The whole picture on one date.

    ``today``: duties that are due. ``open``: those, and duties of which it is unknown whether they are due.
    ``coming``: due today or from a known day on. ``adopted``: those, and the duties of texts without force
    that were asked for, as written, the developer's state being party; None where none were asked for.
    ``permissions``: what the developer may do, which counts in none of these. ``warnings``: what the profile
    leaves out, and facts of it that cannot all be right.
    """

    profile: Profile
    at: date
    standings: tuple[Standing, ...]
    today: Tally
    open: Tally
    coming: Tally
    adopted: Tally | None
    clocks: tuple[EventClocks, ...]
    figures: Figures
    facts: SharedFacts
    collisions: tuple[Collision, ...]
    gaps: Gaps
    gates: Gates
    seams: Seams
    open_results: tuple[OpenResult, ...]
    unverified: tuple[Unverified, ...]
    timeline: tuple[Entry, ...]
    cost: Cost
    cost_coming: Cost
    permissions: tuple[HeldDuty, ...]
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        tallies = {
            "today": self.today.as_json(),
            "today_with_open_questions": self.open.as_json(),
            "with_enacted_to_come": self.coming.as_json(),
            "if_adopted": self.adopted.as_json() if self.adopted else None,
        }
        return {
            "profile": self.profile.name,
            "at": self.at.isoformat(),
            "warnings": list(self.warnings),
            "counted_as_eu": list(self.profile.member_states),
            "regimes": [standing_json(one) for one in self.standings],
            "deliverables": tallies,
            "clocks": [one.as_json() for one in self.clocks],
            "permissions": [permission_json(one) for one in self.permissions],
            "compute_figures": self.figures.as_json(),
            "shared_facts": self.facts.as_json(),
            "conflicts": [one.as_json() for one in self.collisions],
            "gaps": self.gaps.as_json(),
            "gates": self.gates.as_json(),
            "seams": self.seams.as_json(),
            "indeterminate": [one.as_json() for one in self.open_results],
            "unverified": [one.as_json() for one in self.unverified],
            "timeline": [entry.as_json() for entry in self.timeline],
            "cost": {"today": self.cost.as_json(), "with_enacted_to_come": self.cost_coming.as_json()},
            "notice": NOTICE,
        }


def permission_json(one: HeldDuty) -> dict[str, Any]:
    """What one may do, as plain data."""
    return {
        "permission": one.key,
        "title": one.obligation.title,
        "claimed": truth_text(one.claimed),
        "verified": truth_text(one.verified),
        "to": list(one.obligation.to),
        "clock": clock_text(one),
    }


def standing_json(one: Standing) -> dict[str, Any]:
    """A regime's standing as plain data. ``claimed`` and ``verified`` as in ``Standing.rolled_up``."""
    claimed, verified = one.rolled_up
    reason = reason_of(one)
    return {
        "regime": one.instrument.id,
        "title": one.instrument.title,
        "group": one.group,
        "state": one.state,
        "reaches": truth_text(one.tied[0]),
        "no_duties_because": reason.as_json() if reason else None,
        "claimed": truth_text(claimed),
        "verified": truth_text(verified),
        "begins": one.begins.isoformat() if one.begins else None,
        "each_thing_alone": one.apart,
        "outcomes": {
            name: {"claimed": truth_text(said), "verified": truth_text(shown)}
            for name, (said, shown) in one.outcomes.items()
        },
        "duties": [
            {
                "id": duty.obligation.id,
                "claimed": truth_text(duty.claimed),
                "verified": truth_text(duty.verified),
                "would": truth_text(duty.would),
                "for": list(duty.things),
                "models_today": list(duty.models),
            }
            for duty in one.duties
        ],
    }


def asked(
    regimes: Regimes, at: date, kinds: Sequence[str] = (), everything: bool = False
) -> list[Instrument]:
    """Binding texts, in force or enacted; others where asked for, or where the user brought the file."""
    found = []
    for one in regimes:
        group = group_of(one, at)
        wished = everything or one.kind in kinds or one.id in regimes.own
        if group in LAW or (group != "historic" and wished):
            found.append(one)
    return sorted(found, key=lambda one: (GROUPS.index(group_of(one, at)), one.id))


def compare(
    profile: Profile,
    regimes: Regimes,
    at: date,
    kinds: Sequence[str] = (),
    everything: bool = False,
    rules: Rules | None = None,
    assumptions: Assumptions | None = None,
) -> Comparison:
    """Hold the regimes against the developer on a date. Today's facts are taken to hold on all days."""
    memory = Memory()
    standings = tuple(
        stand(one, _as_party(profile, one, at), regimes.vocabulary, at, memory)
        for one in asked(regimes, at, kinds, everything)
    )
    duties = [duty for one in standings for duty in one.duties if one.group in LAW]
    due = [duty for duty in duties if duty.due]
    doubted = {one.instrument.id for one in standings if one.contradicted}
    unsure = [one for one in duties if one.claimed is not False or one.due or one.regime in doubted]
    coming = [duty for duty in duties if duty.due or duty.coming]
    adopted = [duty for one in standings for duty in one.duties if duty.if_adopted]
    near = [one for one in standings if one.state in NEAR and one.group in LAW]
    today, later = tally(due, rules), tally(coming, rules)
    return Comparison(
        profile=profile,
        at=at,
        standings=standings,
        today=today,
        open=tally(unsure, rules),
        coming=later,
        adopted=tally([*coming, *adopted], rules) if any(s.group not in LAW for s in standings) else None,
        clocks=clocks_by_event(coming),
        figures=compute_figures(near),
        facts=shared_facts(near),
        collisions=collisions(standings, [*coming, *adopted], rules),
        gates=gates(near),
        gaps=gaps(standings, due, profile, regimes.vocabulary),
        seams=seams(standings, profile, regimes.vocabulary, at),
        open_results=open_results(one for one in standings if one.group in LAW),
        unverified=unverified(one for one in standings if one.group in LAW),
        timeline=timeline(duties),
        cost=cost_of(today, assumptions),
        cost_coming=cost_of(later, assumptions, ahead=True),
        permissions=tuple(filter(_open, (duty for one in standings for duty in one.permissions))),
        warnings=profile_warnings(profile, regimes.vocabulary, at),
    )


def _as_party(profile: Profile, instrument: Instrument, at: date) -> Profile:
    """A text that has no force is read as if the developer's state had joined it."""
    if group_of(instrument, at) in WITHOUT_LAW and "jurisdictions.party" in instrument.binds.nexus:
        return profile.moved(frozenset(), frozenset({(instrument.binds.region, "party")}))
    return profile


def _open(duty: HeldDuty) -> bool:
    """It holds, or may, today or later; of a text without force: if it were adopted or joined."""
    return duty.claimed is not False or duty.coming is not None or duty.if_adopted
