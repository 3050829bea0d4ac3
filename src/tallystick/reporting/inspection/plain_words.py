"""What one inspection says, in sentences that need no other document. No scenario is looked at here."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.statement import ClaimStatement
from tallystick.declarations.statement import Declaration
from tallystick.inspection.conclude import Inspection
from tallystick.inspection.judgement import CONFIDENCE, Judgement
from tallystick.records.entry import UNSTATED
from tallystick.records.outcome import Check, Conclusion
from tallystick.records.workload import WorkloadClass
from tallystick.trials.mutual import Inspected, Terms
from tallystick.units import PPM, flop_text

ONLY_OPENED = (
    "they show sensor readings, declared kinds of work, and by the hour how much of the same nodes' day "
    "was training, under pseudonyms"
)
NEVER_SHOWN = "no model, data, code or customer"

#: What a conclusion means, for somebody who has never seen one.
MEANING: dict[Conclusion, str] = {
    Conclusion.NO_INDICATION: (
        "Every check on which this conclusion rests was made and holds. That is not a proof that nothing "
        "was hidden; the odds of noticing are stated."
    ),
    Conclusion.UNRESOLVED: (
        "Some checks could not be made, or minor doubts stand: "
        "the declaration is neither supported nor refuted."
    ),
    Conclusion.NOT_CONSISTENT: (
        "What was opened does not fit what was declared. That is a question to the operator, not a "
        "judgement of guilt: he may explain it, or open more."
    ),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The checks by outcome."""

    held: tuple[Check, ...]
    failed: tuple[Check, ...]
    skipped: tuple[Check, ...]

    @property
    def count(self) -> int:
        """All checks, made or not."""
        return len(self.held) + len(self.failed) + len(self.skipped)


def tally(checks: Sequence[Check]) -> Tally:
    """Sort ``checks`` by outcome."""
    held, failed, skipped = (tuple(c for c in checks if c.ok is ok) for ok in (True, False, None))
    return Tally(held, failed, skipped)


def flop(amount: int) -> str:
    """FLOP for people: ``1e21``, ``1.3e21``."""
    return flop_text(amount).replace(".0e", "e")


def sentence(text: str) -> str:
    """``text`` with a capital at the front, a full stop at the end, and no break before a percent sign."""
    whole = f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
    return whole.replace(" %", "\N{NO-BREAK SPACE}%")


def claimed(declaration: Declaration, cap_flop: int) -> str:
    """What the operator states about training, against the cap."""
    largest, total = declaration.largest_run_flop, declaration.training_flop
    if total.upper == 0:
        return "no training at all"
    side = "below" if largest.upper <= cap_flop else "which may be above"
    return (
        f"no training run above {flop(largest.upper)} FLOP, {side} the cap of {flop(cap_flop)}; "
        f"all training together {flop(total.lower)} to {flop(total.upper)} FLOP"
    )


def shares(declaration: Declaration) -> str:
    """Declared accelerator-time by class, in percent of what was observed."""
    observed = max(1, declaration.observed_ms)
    order = (*(c.value for c in WorkloadClass), UNSTATED)
    parts = [(key, 100 * declaration.time_ms.get(key, 0) / observed) for key in order]
    return ", ".join(f"{key} {share:.0f} %" for key, share in parts if share >= 0.5)


def checked(inspection: Inspection) -> str:
    """How many checks hold, and which do not or were not made."""
    outcome = tally(inspection.report.checks)
    text = f"{len(outcome.held)} of {outcome.count} checks hold, offline"
    if outcome.failed:
        text += f"; failed: {_numbers(outcome.failed)}"
    if outcome.skipped:
        unresolved = conclusion_of(inspection) is Conclusion.UNRESOLVED
        hence = ", so nothing is concluded from them" if unresolved and len(outcome.skipped) > 1 else ""
        text += f"; not checked{hence}: {_numbers(outcome.skipped)}"
        if len(outcome.skipped) == 1:
            text += f" ({outcome.skipped[0].name})"
    return text


def proven(inspection: Inspection) -> str:
    """What the operator's claims say that were proven, or that there is none."""
    said = [_proven(verdict.statement) for verdict in inspection.report.claims]
    if not said:
        return "nothing: no claim was proven over the committed amounts"
    text = f"of what it committed to: {'; '.join(said)}"
    failed = tally(inspection.report.checks).failed
    return f"{text}. That this is true of the work is what {_numbers(failed)} contradict" if failed else text


def _proven(statement: ClaimStatement) -> str:
    if isinstance(statement, Cap):
        by = (
            "by the operator's estimate"
            if statement.figure is Figure.ESTIMATE
            else "whatever ran in that time"
        )
        return f"no lineage above {flop(statement.limit)} FLOP, {by}"
    if isinstance(statement, Energy):
        return f"energy within {statement.tolerance_ppm / PPM:.0%} of what the sealed meter signed"
    if isinstance(statement, Capacity) and statement.training_ms is not None:
        share = statement.training_ms / max(1, statement.inventory_ms)
        return f"all accelerator-time is accounted for, {share:.1%} of it as training"
    return f"{statement.sentence} ({statement.figure})"


def not_made(inspection: Inspection) -> str:
    """Which checks were not made, by name; empty where all were."""
    skipped = tally(inspection.report.checks).skipped
    if not skipped:
        return ""
    names = "; ".join(f"no. {c.number}, {c.name}" for c in skipped)
    return f"not made, so nothing is concluded from {'it' if len(skipped) == 1 else 'them'}: {names}"


def nothing_found(inspection: Inspection) -> str:
    """What an inspection without a finding says, which depends on whether the work was judged at all."""
    if inspection.judgement is None:
        return "no finding, but whether the work was as declared was not judged"
    if tally(inspection.report.checks).failed:
        return "no finding, although a check failed"
    return "nothing in what was opened and checked contradicts the declaration"


def _numbers(checks: Sequence[Check]) -> str:
    return "no. " + ", ".join(str(c.number) for c in checks)


def conclusion_of(inspection: Inspection) -> Conclusion:
    """The conclusion; unresolved where the inspection reached none."""
    return inspection.report.conclusion or Conclusion.UNRESOLVED


def odds(inspected: Inspected, terms: Terms) -> str:
    """The probability of noticing what matters, with what it assumes. Never a probability of guilt."""
    quantity = flop(inspected.planned.challenge.significant_quantity_flop)
    judgement = inspected.inspection.judgement
    if judgement is None:
        return f"how likely a hidden run of {quantity} FLOP was to raise the alarm is not known"
    return (
        f"a hidden run of {quantity} FLOP would have raised the alarm with probability "
        f"{judgement.odds:.3f}, assuming {terms.sensitivity:g} for each false hour"
    )


def bound(judgement: Judgement | None, significant_flop: int) -> str:
    """The sentence an inspector needs: how much undeclared training may still be there."""
    if judgement is None:
        return "no bound on undeclared training could be computed"
    side = "above" if judgement.bound_flop > significant_flop else "within"
    return (
        f"on the same assumption, undeclared training is at most {flop(judgement.bound_flop)} FLOP "
        f"({100 * CONFIDENCE:.0f} %, counting all work not seen to be other than training), {side} the limit"
    )


def untold(judgement: Judgement | None) -> str:
    """What widens the bound, and what the odds leave out."""
    if judgement is None or not judgement.untested:
        return ""
    return (
        f"of {judgement.opened} opened hours, much of the work could not be told in {judgement.untested}; "
        "that raises the bound, and the odds do not allow for it"
    )


def quarter_hours(inspected: Inspected) -> int:
    """Quarter-hours of one accelerator that were opened beside the entries."""
    return sum(len(slot.rows) for slot in inspected.drawn.slots)


def revealed(inspections: Sequence[Inspected]) -> str:
    """What the two sides saw of each other, together."""
    entries = sum(len(i.drawn.entries) for i in inspections)
    population = sum(i.planned.population for i in inspections)
    quarters = sum(map(quarter_hours, inspections))
    return (
        f"{entries:,} of {population:,} accelerator-hours and {quarters:,} further quarter-hours of one "
        f"accelerator each, both sides together; {ONLY_OPENED}; {NEVER_SHOWN}"
    )


def request_source(model: str) -> str:
    """Where the demand on simulated serving comes from, as its licence asks."""
    if model.startswith("azure"):
        return (
            "Requests to the serving models follow the public Azure LLM inference traces 2023 "
            "(AzurePublicDataset, Microsoft, licence CC BY 4.0), scaled and repeated."
        )
    return (
        "Requests to the serving models are Poisson arrivals with log-normal lengths; no real trace was used."
    )
