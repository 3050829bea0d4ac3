"""What an inspection of a site concludes, as facts that instruments take.

An inspection speaks of one site and one period; an instrument mostly of one model, or of one run wherever it
went on. So its figures bound the instrument's from below, and from above only where the fact set says that
nothing else was used (``complete``):

* ``largest_run_flop`` bounds ``compute.run`` from below, and every figure in which all training counts.
  This version of the inspection never verifies it.
* ``training_flop`` bounds any single run of the site from above: ``site.any_run_flop``, for caps on a site.
  Where the facts are complete it bounds ``compute.run`` and counted figures from above too.
* ``undeclared_training_flop`` stays what it is; the upper end of ``training_flop`` already contains it.
* Unknown stay: other sites and periods, weights of others, which component a run was, generation of data.
"""

from dataclasses import dataclass

from tallystick.regimes.law.counting import UPDATE_COMPONENTS
from tallystick.regimes.law.exact import Interval

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
#: Facts that say that something was trained, so that not all of training can be absent.
RUNS = SITE_RUNS | {RUN}
#: The components of which training itself consists.
UPDATES = frozenset(f"compute.{name}" for name in UPDATE_COMPONENTS)


@dataclass(frozen=True, slots=True)
class RunBounds:
    """What follows on one side. ``any_run``, ``largest`` and ``run`` are None where nothing is known of them.

    ``training``: bounds on what the components of training add up to.
    """

    any_run: Interval | None
    run: Interval | None
    training: Interval
    largest: Interval | None = None


def run_bounds(
    largest: Interval | None, training: Interval | None, stated: Interval | None, *, known: bool
) -> RunBounds:
    """From a site's largest run and all its training, of one period, and ``compute.run`` as stated.

    ``known``: nothing else was used than what is stated, so that bounds from above hold of other places too.
    """
    any_run = any_run_of(largest, training)
    if any_run is None:
        return RunBounds(None, stated, Interval(0, None))
    derived = any_run if known else Interval(any_run.lower, None)
    upper = training.upper if known and training is not None else None
    total = Interval(any_run.lower, None if upper is None else max(upper, any_run.lower))
    return RunBounds(any_run, derived if stated is None else _both(stated, derived), total, largest)


def any_run_of(largest: Interval | None, training: Interval | None) -> Interval | None:
    """Any run of the site: no more than all training."""
    if training is None:
        return largest
    most = Interval(0, training.upper)
    return most if largest is None else _both(largest, most)


def _both(one: Interval, other: Interval) -> Interval:
    """What both allow. Where they contradict each other either may be right: all from one to the other."""
    uppers = [upper for upper in (one.upper, other.upper) if upper is not None]
    lower, upper = max(one.lower, other.lower), min(uppers, default=None)
    if upper is None or lower <= upper:
        return Interval(lower, upper)
    return Interval(min(one.lower, other.lower), None if len(uppers) < 2 else max(uppers))
