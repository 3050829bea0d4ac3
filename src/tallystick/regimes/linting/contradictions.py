"""Facts that cannot all be right: a claim against what was verified, parts against the run that they contain.

An answer is given all the same, on each side by its own figures, and says what contradicts what.
"""

from collections.abc import Iterator

from tallystick.regimes.law.counting import COMPONENTS
from tallystick.regimes.law.exact import ANY, Interval, add, interval_text
from tallystick.regimes.stated.fact_set import TIES, FactSet, View, ties_around
from tallystick.regimes.stated.inspection_facts import LARGEST, RUN, TRAINING

#: What training can be made of; use is no part of it.
PARTS = tuple(f"compute.{name}" for name in COMPONENTS if name != "inference")


def contradictions(facts: FactSet) -> tuple[str, ...]:
    """Each in one line, of facts that hold on one day."""
    return tuple(dict.fromkeys((*_claims(facts), *_sums(facts), *_site(facts.verified), *_ties(facts))))


def _claims(facts: FactSet) -> Iterator[str]:
    """A claim outside the bounds that were verified."""
    for fact in facts.site.facts:
        said, shown = fact.claimed, fact.verified
        if isinstance(said, Interval) and isinstance(shown, Interval) and _apart(said, shown):
            yield (
                f"{fact.name}: the claim contradicts what was verified: "
                f"claimed {interval_text(said)}, verified {interval_text(shown)}"
            )


def _apart(one: Interval, other: Interval) -> bool:
    return _below(one, other) or _below(other, one)


def _below(one: Interval, other: Interval) -> bool:
    return one.upper is not None and one.upper < other.lower


def _sums(facts: FactSet) -> Iterator[str]:
    """Components that add up to less than one run that was verified."""
    run = _largest_run(facts)
    for word, view in (("claimed", facts.claimed), ("verified", facts.verified)):
        total = add(view.amount(name) for name in PARTS)
        if _below(total, run):
            yield (
                f"the {word} components of compute add up to {interval_text(total)}, "
                f"less than one run that was verified, {interval_text(run)}"
            )


def _largest_run(facts: FactSet) -> Interval:
    runs = (facts.verified.amount(RUN), facts.site.run_verified)
    return max(runs, key=lambda run: run.lower, default=ANY)


def _site(view: View) -> Iterator[str]:
    """A run of a site that is larger than all its training."""
    if _below(view.amount(TRAINING), view.amount(LARGEST)):
        yield (
            f"{LARGEST}, verified {interval_text(view.amount(LARGEST))}, is more than all training of the "
            f"site, verified {interval_text(view.amount(TRAINING))}"
        )


def _ties(facts: FactSet) -> Iterator[str]:
    """A tie to a part of a region, and none to the region."""
    for fact in facts.facts:
        if fact.claimed is True and fact.name.startswith(TIES):
            for around in ties_around(fact.name):
                if facts.claimed.truths.get(around) is False:
                    yield f"{fact.name} is stated, and {around} is denied"
