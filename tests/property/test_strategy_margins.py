"""Whatever the terms: gates give finite margins, and changes that can only hurt or help do."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.gates.enforcement import credible, feared
from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import ANSWERS, COVERED, RIGHTS, RULES, Decision, Stage, Terms

NAMES = ("Arden", "Borealis")
INPUTS = Inputs(
    (shipped("fictional/arden"), shipped("fictional/borealis")),
    shipped("fictional/technology"),
    shipped("world/default"),
)
VALUES = drawn(INPUTS, sobol_levels(len(INPUTS.columns), 128, 7))

decisions = st.builds(
    Decision,
    rule=st.sampled_from(RULES),
    veto_holders=st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple),
    automatic=st.booleans(),
)
stages = st.builds(
    Stage,
    id=st.just("s"),
    movers=st.lists(st.sampled_from((*NAMES, "all", "others", "nobody")), min_size=1, max_size=2).map(tuple),
    trigger=st.sampled_from(("dated", "condition", "discretion")),
    years=st.none() | st.floats(0.1, 3),
    kept=st.sampled_from((0.0, 0.5, 1.0)),
    chooser=st.sampled_from(("", *NAMES)),
    yields=st.booleans(),
    inspected=st.booleans(),
    restrains=st.booleans(),
    reveals=st.none() | st.lists(st.sampled_from((*NAMES, "all")), max_size=1).map(tuple),
)
regimes = st.builds(
    Terms,
    name=st.just("any"),
    stages=st.lists(stages, min_size=1, max_size=4).map(
        lambda some: tuple(replace(one, id=f"s{n}") for n, one in enumerate(some))
    ),
    rights=st.fixed_dictionaries({right: st.sampled_from(ANSWERS) for right in RIGHTS}),
    inspector=st.sampled_from(("reciprocal", "international_authority", "none")),
    owned=st.booleans(),
    findings=decisions,
    sanctions=decisions,
    operations=decisions,
    disarms_last=st.lists(st.sampled_from(NAMES), unique=True, max_size=1).map(tuple),
    elimination=st.sampled_from(COVERED),
    exit=st.sampled_from(("yes", "no", "silent")),
    burdened=st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple),
    paid=st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple),
    excludes_outsiders=st.booleans(),
)


def run(terms: Terms, values: Draws = VALUES, proposer: str = "joint") -> Margins:
    return evaluated(terms, INPUTS, values, proposer)


def changed(owner: str, name: str, factor: float) -> Draws:
    """The draws with one parameter multiplied, within its unit interval."""
    scaled = np.minimum(VALUES.of(owner)[name] * factor, 1.0)
    return Draws({**VALUES.values, owner: {**VALUES.of(owner), name: scaled}}, VALUES.count)


@given(terms=regimes, proposer=st.sampled_from(("leader", "laggard", "joint", "third_party", "Arden")))
@settings(max_examples=40, deadline=None)
def test_margins_are_finite_and_the_proposer_is_never_put_off(terms: Terms, proposer: str) -> None:
    table = run(terms, proposer=proposer)
    assert table.table.shape == (2, len(Gate), len(terms.stages), 128)
    assert np.isfinite(table.table).all()
    if proposer in ("leader", "Arden"):
        assert (table.table[0] == run(terms).table[0]).all()


@given(terms=regimes)
@settings(max_examples=25, deadline=None)
def test_leakage_never_helps(terms: Terms) -> None:
    less, more = run(terms, changed("technology", "leakage", 0.5)), run(terms)
    assert not (more.accepted & ~less.accepted).any()
    assert (more.table[:, Gate.TRANSPARENCY] <= less.table[:, Gate.TRANSPARENCY] + 1e-12).all()


@given(terms=regimes)
@settings(max_examples=25, deadline=None)
def test_detection_never_harms_compliance(terms: Terms) -> None:
    for name in ("detection", "detection_hidden"):
        worse = run(terms, changed("technology", name, 0.5)).table[:, Gate.COMPLIANCE]
        assert (run(terms).table[:, Gate.COMPLIANCE] >= worse - 1e-9).all()


@given(terms=regimes, proposer=st.sampled_from(("leader", "laggard", "joint")))
@settings(max_examples=25, deadline=None)
def test_detection_never_loses_anybody(terms: Terms, proposer: str) -> None:
    """Detection and action deter together: no gate may take back what better detection gives another."""
    for name in ("detection", "detection_hidden", "national_means"):
        worse = run(terms, changed("technology", name, 0.5), proposer).accepted
        assert not (worse & ~run(terms, proposer=proposer).accepted).any()


@given(terms=regimes)
@settings(max_examples=25, deadline=None)
def test_what_is_told_never_helps(terms: Terms) -> None:
    untold = replace(terms, stages=tuple(replace(stage, reveals=()) for stage in terms.stages))
    telling = tuple(replace(stage, reveals=("all",), inspected=False) for stage in terms.stages)
    silent = tuple(replace(stage, inspected=False) for stage in untold.stages)
    before, after = (run(replace(terms, stages=some)).accepted for some in (silent, telling))
    assert not (after & ~before).any()


@given(terms=regimes)
@settings(max_examples=25, deadline=None)
def test_false_alarms_never_help(terms: Terms) -> None:
    fewer = run(terms, changed("technology", "false_alarm", 0.5))
    assert not (run(terms).accepted & ~fewer.accepted).any()


@given(terms=regimes)
@settings(max_examples=25, deadline=None)
def test_a_right_refused_never_reveals_more(terms: Terms) -> None:
    closed = replace(terms, rights=dict.fromkeys(RIGHTS, "no"))
    assert (
        run(closed).protected <= run(replace(closed, rights=dict.fromkeys(RIGHTS, "yes"))).protected + 1e-9
    ).all()


@given(terms=regimes, holder=st.sampled_from(NAMES), function=st.sampled_from(("findings", "sanctions")))
@settings(max_examples=40, deadline=None)
def test_another_veto_never_makes_a_decision_against_its_holder_likelier(
    terms: Terms, holder: str, function: str
) -> None:
    """Nor does it make the holder's rival safer, where acting on alarms does not wrong more than it
    deters.
    """
    body = replace(getattr(terms, function), veto_holders=())
    held = NAMES.index(holder)
    plain, vetoed = (
        situation(replace(terms, **{function: replace(body, veto_holders=by)}), INPUTS, VALUES)
        for by in ((), (holder,))
    )
    for chance in ("acted_on", "hostile"):
        before, after = getattr(plain.decisions, chance), getattr(vetoed.decisions, chance)
        assert (after[held] <= before[held] + 1e-12).all()
    side = VALUES.of(holder)
    deters = side["punishment"] > np.minimum(plain.verification.alarms, 1.0) * side["capture_harm"] + 1.0
    before, after = credible(feared(plain, 1 - held)), credible(feared(vetoed, 1 - held))
    assert (after <= before + 1e-12)[deters].all()
