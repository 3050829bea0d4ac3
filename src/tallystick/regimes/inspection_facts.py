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

from tallystick.regimes.exact import ANY, Interval
from tallystick.regimes.facts import Fact

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
ANY_RUN, RUN = "site.any_run_flop", "compute.run"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All facts, what follows from the site's, and bounds on figures that contain its largest run."""

    facts: tuple[Fact, ...]
    run_claimed: Interval
    run_verified: Interval


def site_facts(facts: list[Fact], complete: str) -> SiteFacts:
    """Adds what follows from a site's facts. ``complete``: ``false``, ``true`` (claimed) or ``verified``."""
    days = dict.fromkeys(fact.on for fact in facts if fact.name in (LARGEST, TRAINING))
    if not days:
        return SiteFacts(tuple(facts), ANY, ANY)
    derived = [_any_run(facts, day) for day in days]
    stated = any(fact.name == RUN for fact in facts)
    runs = [] if stated else [_run_anywhere(fact, complete) for fact in derived]
    last = max(days, key=lambda day: day or date.min, default=None)
    run, total = _of(runs, RUN, last), _of(facts, TRAINING, last)
    claimed = _containing(run and run.claimed, total and total.claimed, known=complete != "false")
    verified = _containing(run and run.verified, total and total.verified, known=complete == "verified")
    return SiteFacts((*facts, *derived, *runs), claimed, verified)


def _any_run(facts: list[Fact], day: date | None) -> Fact:
    """Any run of the site, on one day of a series: no more than all training."""
    largest, training = _of(facts, LARGEST, day), _of(facts, TRAINING, day)
    claimed = largest.claimed if largest else _up_to(training and training.claimed)
    shown = _narrowed(largest and largest.verified, training and training.verified)
    return Fact(ANY_RUN, claimed, shown, "derived from the inspection of the site", day)


def _of(facts: list[Fact], name: str, day: date | None) -> Fact | None:
    return next((fact for fact in facts if fact.name == name and fact.on == day), None)


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
