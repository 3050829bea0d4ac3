"""Facts that cannot all be right: a claim against what was verified, parts against the run that they contain.

An answer is given all the same, on each side by its own figures, and says what contradicts what.
"""

from collections.abc import Iterator

from tallystick.regimes.law.counting import COMPONENTS
from tallystick.regimes.law.exact import ANY, Interval, add, interval_text, number_text
from tallystick.regimes.stated.fact import FactValue
from tallystick.regimes.stated.fact_set import TIES, FactSet, ties_around
from tallystick.regimes.stated.inspection_facts import ANY_RUN, LARGEST, RUN, RUNS, TRAINING

#: What training can be made of; use is no part of it.
PARTS = tuple(f"compute.{name}" for name in COMPONENTS if name != "inference")
#: Whether the compute of the model that was modified is known, and what it is.
ORIGINAL_KNOWN, ORIGINAL = "model.original_compute_known", "compute.original"


def contradictions(facts: FactSet) -> tuple[str, ...]:
    """Each in one line, of facts that hold on one day."""
    checks = (_claims, _any_run, _runs, _longer_runs, _sums, _site, _complete, _original, _ties)
    return tuple(dict.fromkeys(line for check in checks for line in check(facts)))


def _claims(facts: FactSet) -> Iterator[str]:
    """A claim outside what was verified; of another day, only one of less than was verified before."""
    for name, said in facts.said.items():
        shown = facts.shown.get(name)
        if said.claimed is None or shown is None or shown.verified is None:
            continue
        if said.period == shown.period or None in (said.on, shown.on):
            if _differ(said.claimed, shown.verified):
                yield _claim_text(name, said.claimed, shown.verified)
        elif _less(said.claimed, shown.verified):
            yield (
                f"{name}: what is claimed{said.day_text}, {_text(said.claimed)}, is less than what was "
                f"verified{shown.day_text}, {_text(shown.verified)}, and does not take its place"
            )


def _any_run(facts: FactSet) -> Iterator[str]:
    """A run that is claimed to be larger than all training of its site and period that was verified."""
    said, shown = facts.said.get(LARGEST), facts.shown.get(TRAINING)
    if said is not None and shown is not None and said.period == shown.period and LARGEST not in facts.shown:
        largest, training = facts.claimed.amount(LARGEST), facts.verified.amount(TRAINING)
        if _below(training, largest):
            yield (
                f"{LARGEST}, claimed {interval_text(largest)}, is more than all training of the site, "
                f"verified {interval_text(training)}"
            )


def _claim_text(name: str, said: FactValue, shown: FactValue) -> str:
    return f"{name}: the claim contradicts what was verified: claimed {_text(said)}, verified {_text(shown)}"


def _differ(one: FactValue, other: FactValue) -> bool:
    if isinstance(one, Interval) and isinstance(other, Interval):
        return _apart(one, other)
    return one != other


def _less(one: FactValue, other: FactValue) -> bool:
    return isinstance(one, Interval) and isinstance(other, Interval) and _below(one, other)


def _text(value: FactValue) -> str:
    return interval_text(value) if isinstance(value, Interval) else str(value).lower()[:40]


def _apart(one: Interval, other: Interval) -> bool:
    return _below(one, other) or _below(other, one)


def _below(one: Interval, other: Interval) -> bool:
    return one.upper is not None and one.upper < other.lower


def _runs(facts: FactSet) -> Iterator[str]:
    """The largest run anywhere, said to be less than the largest of one site."""
    for word, stated in _stated_runs(facts):
        for other, largest in (("claimed", facts.claimed), ("verified", facts.verified)):
            site = largest.amount(LARGEST)
            if _less(stated, site):
                yield (
                    f"{RUN}, {word} {_text(stated)}, is less than the largest run of one site, "
                    f"{other} {interval_text(site)}"
                )


def _longer_runs(facts: FactSet) -> Iterator[str]:
    """Several periods of a site: one run may have gone on over all of them."""
    earlier, run = facts.earlier[1], facts.verified.amount(ANY_RUN)
    if earlier is None:
        return
    if earlier.gap:
        begin, end = earlier.gap
        bound = (
            f"of the days from {begin} to {end} nothing is verified, so it has no verified bound from above"
        )
    elif run.upper is None:
        bound = "not all of them have a bound from above, so it has none"
    else:
        bound = f"it is verified to be at most what they allow together, {number_text(run.upper)}"
    yield f"a run of the site may have gone on from period to period since {earlier.begun}: {bound}"


def _stated_runs(facts: FactSet) -> Iterator[tuple[str, FactValue]]:
    said, shown = facts.said.get(RUN), facts.shown.get(RUN)
    if said is not None and said.claimed is not None:
        yield "claimed", said.claimed
    if shown is not None and shown.verified is not None:
        yield "verified", shown.verified


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
    runs = (facts.verified.amount(RUN), facts.verified.run)
    return max(runs, key=lambda run: run.lower, default=ANY)


def _site(facts: FactSet) -> Iterator[str]:
    """A run of a site that is larger than all its training."""
    view, shown = facts.verified, facts.shown
    if LARGEST in shown and TRAINING in shown and shown[LARGEST].period != shown[TRAINING].period:
        return
    if _below(view.amount(TRAINING), view.amount(LARGEST)):
        yield (
            f"{LARGEST}, verified {interval_text(view.amount(LARGEST))}, is more than all training of the "
            f"site, verified {interval_text(view.amount(TRAINING))}"
        )


def _complete(facts: FactSet) -> Iterator[str]:
    """Facts said to be complete and verified, beside a component that is only claimed."""
    only = sorted(name for name in facts.zero_verified & facts.said.keys() if name not in facts.shown)
    if only:
        yield (
            f"complete is said to be verified, and {', '.join(only)} is claimed and not verified: "
            "so it is unknown on the verified side"
        )
    sides = {"claimed": facts.claimed.training, "verified": facts.verified.training}
    taken = [f"{word} {interval_text(bounds)}" for word, bounds in sides.items() if bounds is not None]
    if taken:
        runs = ", ".join(sorted(RUNS & facts.said.keys()))
        yield (
            f"complete: no component of training is stated, and {runs} says that something was trained: "
            f"all training together is taken as {', '.join(taken)}, not as zero"
        )


def _original(facts: FactSet) -> Iterator[str]:
    """Compute of an original model that is said to be unknown, and stated."""
    known, amount = facts.said.get(ORIGINAL_KNOWN), facts.said.get(ORIGINAL)
    if amount is not None and amount.said is not None and known is not None and known.said is False:
        yield (
            f"{ORIGINAL_KNOWN} is false, and {ORIGINAL} is stated, {_text(amount.said)}: "
            "the first decides by which line a modification is judged"
        )


def _ties(facts: FactSet) -> Iterator[str]:
    """A tie to a part of a region, and none to the region."""
    for fact in facts.facts:
        if fact.said is True and fact.name.startswith(TIES):
            for around in ties_around(fact.name):
                if facts.claimed.truths.get(around) is False:
                    yield f"{fact.name} is stated, and {around} is denied"
