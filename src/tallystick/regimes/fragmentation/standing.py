"""Where each regime stands to one developer: which duties are due, from when to when, for which models."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from math import prod

from tallystick.regimes.fragmentation.profile import PREFIXES, Profile, Thing, facts_for
from tallystick.regimes.judging.check import group_of
from tallystick.regimes.judging.plan import Plan, plan_of
from tallystick.regimes.law.exact import Truth, conjunction, disjunction
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument, Obligation
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.law.status import in_effect, status_read, takes_effect
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.stated.fact_set import FactSet

#: Groups whose duties run today or on a day that is known.
LAW = frozenset({"binding", "not_yet_effective"})
#: Groups that have no force, but could gain it as they are written.
WITHOUT_LAW = frozenset({"voluntary", "bill", "proposal"})
#: Most sets of facts for which one regime is worked out in all pairs of models, clusters and exports.
MOST_SETS = 160
#: How a regime stands to a developer. ``no duties``: it reaches him and asks for nothing.
STATES = ("binds", "begins", "unknown", "voluntary", "if adopted", "no duties", "does not bind")


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` until ``until`` (not included; None: open) the duty is due, or it is unknown whether."""

    since: date
    until: date | None
    claimed: Truth
    verified: Truth


@dataclass(frozen=True)
class HeldDuty:
    """One obligation of one regime held against one developer.

    ``claimed`` and ``verified``: due on the date. ``would``: brought about by ties and claimed facts, if the
    instrument had force. ``things``: the models, clusters and exports for which it is not excluded.
    ``models``: those for which it is due on the date; ``models_ahead``: on the date or a later known day.
    """

    regime: str
    region: str
    group: str
    obligation: Obligation
    claimed: Truth
    verified: Truth
    would: Truth
    spans: tuple[Span, ...]
    things: tuple[str, ...]
    at: date
    models: tuple[str, ...] = ()
    models_ahead: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """``regime/obligation``."""
        return f"{self.regime}/{self.obligation.id}"

    @property
    def due(self) -> bool:
        """Due on the date, by the developer's word or by verified facts that contradict it."""
        return self.claimed is True or self.verified is True

    @property
    def permission(self) -> bool:
        """What one may do: shown apart, and nothing that is owed."""
        return self.obligation.deontic == "may"

    @property
    def coming(self) -> Span | None:
        """The first span that begins after the date, of a duty that is not due on it."""
        if self.due:
            return None
        return next((span for span in self.spans if span.since > self.at and span.claimed is True), None)

    @property
    def if_adopted(self) -> bool:
        """A duty of a text without force that would reach this developer."""
        return self.group in WITHOUT_LAW and self.would is True


@dataclass(frozen=True)
class Standing:
    """One regime and one developer.

    ``outcomes``: name -> claimed, verified, over all models and clusters; ``by_thing``: the same for each;
    ``by_reading``: outcome -> thing -> reading -> claimed, where readings disagree. ``held``: all that the
    text says, permissions included; ``models``: label of a set of facts -> its model, "" where it has none.
    ``apart``: models, clusters and exports were too many for all pairs, so each was looked at alone.
    """

    instrument: Instrument
    group: str
    running: bool
    starts: date | None
    tied: tuple[Truth, Truth]
    outcomes: Mapping[str, tuple[Truth, Truth]]
    by_thing: Mapping[str, Mapping[str, tuple[Truth, Truth]]]
    by_reading: Mapping[str, Mapping[str, Mapping[str, Truth]]]
    held: tuple[HeldDuty, ...]
    facts: Mapping[str, FactSet] = field(repr=False)
    models: Mapping[str, str] = field(repr=False)
    apart: bool = False

    @cached_property
    def duties(self) -> tuple[HeldDuty, ...]:
        """What is owed: what one must and must not do."""
        return tuple(duty for duty in self.held if not duty.permission)

    @cached_property
    def permissions(self) -> tuple[HeldDuty, ...]:
        """What one may do."""
        return tuple(duty for duty in self.held if duty.permission)

    @cached_property
    def claimed(self) -> Truth:
        """Any duty is due on the date."""
        return disjunction(duty.claimed for duty in self.duties)

    @cached_property
    def verified(self) -> Truth:
        """The same, on verified facts only."""
        return disjunction(duty.verified for duty in self.duties)

    @property
    def due(self) -> bool:
        """Any duty is due on the date, by the developer's word or by verified facts that contradict it."""
        return any(duty.due for duty in self.duties)

    @property
    def rolled_up(self) -> tuple[Truth, Truth]:
        """Claimed and verified: any duty is due; of a regime without duties, whether an outcome holds.

        Where it has neither, whether it runs and reaches the developer, as ``check`` has it.
        """
        if self.duties:
            return self.claimed, self.verified
        holds = [disjunction(truths[side] for truths in self.outcomes.values()) for side in (0, 1)]
        said, shown = holds if self.outcomes else (True, True)
        unread = self.instrument.confidence in UNVERIFIED
        return (
            conjunction((self.running, self.tied[0], said)),
            conjunction((self.running, self.tied[1], None if unread else shown)),
        )

    @property
    def contradicted(self) -> bool:
        """Verified figures meet a line that no claim meets, in a text that reaches the developer."""
        met = any(said is False and shown is True for said, shown in self.outcomes.values())
        return met and bool(self.duties) and self.group in LAW and self.tied[0] is not False

    @property
    def begins(self) -> date | None:
        """The first day, after the date, on which a duty falls due, of a regime that does not bind yet."""
        days = [duty.coming.since for duty in self.duties if duty.coming]
        return min(days) if days and not self.due else None

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        if self.group not in LAW and any(duty.if_adopted for duty in self.held):
            return "voluntary" if self.group == "voluntary" else "if adopted"
        if self.due:
            return "binds"
        if self.begins:
            return "begins"
        if self.claimed is None or self.contradicted:
            return "unknown"
        reached = self.group in LAW | WITHOUT_LAW and self.tied[0] is not False
        if reached and (
            any(duty.would is None for duty in self.duties)
            or (not self.duties and disjunction(said for said, _ in self.outcomes.values()) is None)
        ):
            return "unknown"
        return "no duties" if reached and self.tied[0] is True and not self.duties else "does not bind"


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of facts by label. ``models``: label -> the model, "" for none; ``apart``: not in all pairs."""

    facts: Mapping[str, FactSet]
    models: Mapping[str, str]
    apart: bool


def combinations(
    instrument: Instrument, profile: Profile, vocabulary: Vocabulary, memory: "Memory | None" = None
) -> Sets:
    """The facts for every model, cluster and export that the instrument tells apart, in all pairs.

    Where the pairs would be more than ``MOST_SETS``, each thing alone, with nothing said of the other kinds:
    what hangs on one kind is as sure as before, what hangs on two kinds at once can be unknown, never wrong.
    """
    memory = memory or Memory()
    read = facts_read(instrument)
    kinds = [
        k
        for k, starts in PREFIXES.items()
        if any(n.startswith(starts) for n in read) and profile.things.get(k)
    ]
    apart = prod(len(profile.things[kind]) for kind in kinds) > MOST_SETS
    facts: dict[str, FactSet] = {}
    models: dict[str, str] = {}
    for things in _alone(kinds, profile) if apart else _in_pairs(kinds, profile):
        label = ", ".join(thing.name for thing in things.values())
        if label in facts:
            label = f"{label} ({next(iter(things))})"
        facts[label] = memory.facts(profile, things, vocabulary)
        models[label] = things["models"].name if "models" in things else ""
    return Sets(facts, models, apart)


def _in_pairs(kinds: Sequence[str], profile: Profile) -> Iterator[Mapping[str, Thing]]:
    for chosen in product(*(profile.things[kind] for kind in kinds)):
        yield dict(zip(kinds, chosen, strict=True))


def _alone(kinds: Sequence[str], profile: Profile) -> Iterator[Mapping[str, Thing]]:
    yield from ({kind: thing} for kind in kinds for thing in profile.things[kind])


@dataclass
class Memory:
    """Facts and plans that were worked out once."""

    known: dict[object, FactSet] = field(default_factory=dict)
    plans: dict[tuple[str, date], Plan] = field(default_factory=dict)

    def facts(self, profile: Profile, things: Mapping[str, Thing], vocabulary: Vocabulary) -> FactSet:
        """The facts of the developer with these things."""
        names = tuple((kind, thing.name, thing.ties) for kind, thing in things.items())
        key = (profile.name, profile.roles, profile.ties, names)
        if key not in self.known:
            self.known[key] = facts_for(profile, things, vocabulary)
        return self.known[key]

    def plan(self, instrument: Instrument, day: date) -> Plan:
        """The instrument compiled for a day."""
        key = (instrument.id, day)
        if key not in self.plans:
            self.plans[key] = plan_of(instrument, day)
        return self.plans[key]


def stand(
    instrument: Instrument, profile: Profile, vocabulary: Vocabulary, at: date, memory: Memory | None = None
) -> Standing:
    """Hold one regime against the developer: on the date, and on every day on which the regime changes."""
    memory = memory or Memory()
    sets = combinations(instrument, profile, vocabulary, memory)
    facts = sets.facts
    every = () if any(sets.models.values()) else tuple(one.name for one in profile.things.get("models", ()))
    models = {label: (name,) if name else every for label, name in sets.models.items()}
    plans = [memory.plan(instrument, day) for day in sorted({at, *instrument.change_days()})]
    held = {plan.at: [_held(plan, one) for one in facts.values()] for plan in plans}
    group = group_of(instrument, at)
    now = held[at]
    return Standing(
        instrument=instrument,
        group=group,
        running=in_effect(instrument, at, None),
        starts=takes_effect(instrument),
        tied=(disjunction(h.binds[0] for h in now), disjunction(h.binds[1] for h in now)),
        outcomes={
            name: (
                disjunction(h.outcomes[name][0] for h in now),
                disjunction(h.outcomes[name][1] for h in now),
            )
            for name in instrument.outcomes
        },
        by_thing={
            name: {thing: one.outcomes[name] for thing, one in zip(facts, now, strict=True)}
            for name in instrument.outcomes
        },
        by_reading=_by_reading(memory.plan(instrument, at), facts),
        held=tuple(_duty(one, group, held, at, models) for one in instrument.obligations),
        facts=facts,
        models=sets.models,
        apart=sets.apart,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """One instrument on one day for one set of facts."""

    plan: Plan
    facts: FactSet
    outcomes: Mapping[str, tuple[Truth, Truth]]
    binds: tuple[Truth, Truth]

    def would(self, one: Obligation, side: int) -> Truth:
        """Ties and facts bring the duty about, whatever the force of the text."""
        return conjunction((self.binds[side], self.plan.brings(one, self.facts, verified=bool(side))))

    def due(self, one: Obligation, side: int) -> Truth:
        """The duty is due on the day. Nothing rests on unread texts as verified."""
        instrument, day = self.plan.instrument, self.plan.at
        if side and UNVERIFIED & {one.confidence, instrument.confidence}:
            return None
        if side and not status_read(instrument, day, None):
            return None
        runs = in_effect(instrument, day, None)
        begun = one.starts is None or one.starts <= day
        ended = one.ends is not None and one.ends <= day
        return conjunction((runs and begun and not ended, self.would(one, side)))


def _held(plan: Plan, facts: FactSet) -> _Held:
    now = facts.at(plan.at)
    binds = plan.claimed.binds(now.claimed), plan.verified.binds(now.verified)
    return _Held(plan, now, plan.outcomes(now), binds)


def _duty(
    one: Obligation,
    group: str,
    held: Mapping[date, list[_Held]],
    at: date,
    models: Mapping[str, tuple[str, ...]],
) -> HeldDuty:
    days = sorted(held)
    due = {day: [tuple(h.due(one, side) for side in (0, 1)) for h in held[day]] for day in days}
    truths = {day: tuple(disjunction(one[side] for one in due[day]) for side in (0, 1)) for day in days}
    would = [h.would(one, 0) for h in held[at]]
    now = [claimed for claimed, _ in due[at]]
    ahead = [any(due[day][index][0] is True for day in days if day >= at) for index in range(len(models))]
    return HeldDuty(
        regime=held[at][0].plan.instrument.id,
        region=held[at][0].plan.instrument.binds.region,
        group=group,
        obligation=one,
        claimed=truths[at][0],
        verified=truths[at][1],
        would=disjunction(would),
        spans=tuple(_spans(days, truths)),
        things=tuple(name for name, truth in zip(models, would, strict=True) if truth is not False and name),
        at=at,
        models=_models(models, now),
        models_ahead=_models(models, ahead),
    )


def _models(models: Mapping[str, tuple[str, ...]], truths: Sequence[Truth]) -> tuple[str, ...]:
    """The models of the sets for which it is true, each once; all, where the text tells no models apart."""
    found = (
        name for names, truth in zip(models.values(), truths, strict=True) if truth is True for name in names
    )
    return tuple(dict.fromkeys(found))


def _spans(days: Sequence[date], truths: Mapping[date, tuple[Truth, ...]]) -> Iterator[Span]:
    """Runs of days with the same truths, where the duty is not excluded by claimed and verified facts."""
    start = 0
    for index in range(1, len(days) + 1):
        if index < len(days) and truths[days[index]] == truths[days[start]]:
            continue
        claimed, verified = truths[days[start]]
        if claimed is not False or verified is True:
            yield Span(days[start], days[index] if index < len(days) else None, claimed, verified)
        start = index


def _by_reading(plan: Plan, facts: Mapping[str, FactSet]) -> dict[str, dict[str, dict[str, Truth]]]:
    """Outcome -> thing -> reading -> claimed, where readings disagree."""
    found: dict[str, dict[str, dict[str, Truth]]] = {}
    if len(plan.readings) < 2:
        return found
    for name in plan.instrument.outcomes:
        for thing, one in facts.items():
            said = {reading: truths[0] for reading, truths in plan.by_reading(name, one.at(plan.at)).items()}
            if len(set(said.values())) > 1:
                found.setdefault(name, {})[thing] = said
    return found
