"""What an inspection of a site concludes, as facts that instruments take.

An inspection speaks of one site and one period; an instrument mostly of one model, or of one run wherever it
went on. So its figures bound the instrument's from below, and from above only where the fact set says that
nothing else was used (``complete``):

* ``largest_run_flop`` bounds ``compute.run`` from below, and every figure in which all training counts.
* ``training_flop`` bounds any single run of the site from above: ``site.any_run_flop``, for caps on a site.
  Where the facts are complete it bounds ``compute.run`` and counted figures from above too.
* ``undeclared_training_flop`` stays what it is; the upper end of ``training_flop`` already contains it.
* Unknown stay: other sites and periods, weights of others, which component a run was, generation of data.
"""

from dataclasses import dataclass, replace
from datetime import date

from tallystick.regimes.law.exact import ANY, Interval
from tallystick.regimes.stated.fact import Fact

SITE_FACTS = (
    "accelerators",
    "energy_mj",
    "training_flop",
    "largest_run_flop",
    "undeclared_training_flop",
    "unobserved_accelerator_ms",
)
#: The inspection's names, and ours.
SITE_NAMES = {name: f"site.{name}" for name in SITE_FACTS}
LARGEST, TRAINING = "site.largest_run_flop", "site.training_flop"
#: What an inspection finds of a site, from which bounds on runs follow.
SITE_RUNS = frozenset({LARGEST, TRAINING})
ANY_RUN, RUN = "site.any_run_flop", "compute.run"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All facts, what follows from the site's, and bounds on figures that contain its largest run."""

    facts: tuple[Fact, ...]
    run_claimed: Interval
    run_verified: Interval


def site_facts(facts: tuple[Fact, ...], complete: str) -> SiteFacts:
    """Adds what follows from a site's facts, of which each name is there once.

    Only the run and the total of one day are held against each other: another day is another period.
    ``complete``: ``false``, ``true`` (claimed) or ``verified``.
    """
    stated = {fact.name: fact for fact in facts if fact.name in (LARGEST, TRAINING, RUN)}
    days = [fact.on or date.min for name, fact in stated.items() if name != RUN]
    if not days:
        return SiteFacts(facts, ANY, ANY)
    largest, training = (_of_day(stated.get(name), max(days)) for name in (LARGEST, TRAINING))
    derived = _any_run(largest, training)
    if RUN in stated:
        return SiteFacts((*facts, derived), ANY, ANY)
    run = _run_anywhere(derived, complete)
    claimed = _containing(run.claimed, training and training.claimed, known=complete != "false")
    verified = _containing(run.verified, training and training.verified, known=complete == "verified")
    return SiteFacts((*facts, derived, run), claimed, verified)


def _of_day(fact: Fact | None, day: date) -> Fact | None:
    return fact if fact is not None and (fact.on or date.min) == day else None


def _any_run(largest: Fact | None, training: Fact | None) -> Fact:
    """Any run of the site: no more than all training."""
    claimed = largest.claimed if largest else _up_to(training and training.claimed)
    shown = _narrowed(largest and largest.verified, training and training.verified)
    day = (largest or training or Fact(ANY_RUN, None, None)).on
    return Fact(ANY_RUN, claimed, shown, "derived from the inspection of the site", day)


def _up_to(total: object) -> Interval | None:
    return Interval(0, total.upper) if isinstance(total, Interval) else None


def _narrowed(run: object, total: object) -> Interval | None:
    """The run's own bounds, and the total as a bound from above."""
    found = run if isinstance(run, Interval) else None
    most = _up_to(total)
    if found is None or most is None or most.upper is None:
        return found or most
    upper = most.upper if found.upper is None else min(found.upper, most.upper)
    return Interval(min(found.lower, upper), upper)


def _run_anywhere(fact: Fact, complete: str) -> Fact:
    """The site's largest run as a bound on the largest run anywhere."""
    claimed = _opened(fact.claimed, known=complete != "false")
    verified = _opened(fact.verified, known=complete == "verified")
    return replace(fact, name=RUN, claimed=claimed, verified=verified)


def _opened(value: object, *, known: bool) -> Interval | None:
    """Without an upper bound, unless nothing else is known to be there."""
    if not isinstance(value, Interval):
        return None
    return value if known else Interval(value.lower, None)


def _containing(run: object, total: object, *, known: bool) -> Interval:
    """Bounds on a figure in which the run counts, and with it perhaps all training of the site."""
    if not isinstance(run, Interval):
        return ANY
    upper = total.upper if known and isinstance(total, Interval) else None
    return Interval(run.lower, upper)
