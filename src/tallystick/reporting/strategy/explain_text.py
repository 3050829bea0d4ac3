"""What an assessment is made of, in plain text: formulas of the gates, terms as read, inputs with origins."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tallystick.reporting.strategy.text import joined, section
from tallystick.strategy.as_json import plain
from tallystick.strategy.gates.evaluate import Gate
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.parameters import Parameter
from tallystick.strategy.inputs.profile import KINDS
from tallystick.strategy.inputs.terms import Decision, Stage, Terms

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Formula:
    """A gate's margin: passed where it is at least 0."""

    gate: Gate
    question: str
    margin: str
    unit: str
    source: str


FORMULAS = (
    Formula(
        Gate.PARTICIPATION,
        "Is the regime worth more than the race?",
        "benefit - sovereignty x (1/2 + 1/2 x hostile daily decisions, where plants are owned) + stake x 2 "
        "x (expected power within - power on leaving) = worth; benefit = payments - burdens + in half of "
        "draws (agreed) members' part of capability x (R + race risk x catastrophe), in the other half "
        "(restrained) x y R + (1-x) y T + x (1-y) S + restrained part of capability x race risk x "
        "catastrophe, x and y: how far the text restrains oneself and the rivals",
        "payoff (R - P = 1)",
        "own reduced form; race risk after Armstrong, Bostrom and Shulman (2016); benefit all or nothing, or "
        "linear, as in Barrett (1994)",
    ),
    Formula(
        Gate.COMPLIANCE,
        "Would it keep its word, and is it protected if a rival does not?",
        "the lesser of: D x punishment - (1 - D) x (T - R), or discount - (T-R) / ((D-a)(R-P) + "
        "(1-a)(T-R)), as the draw's model has it; and keeps x R - (1 - keeps) x (1 - D) x exposure, keeps = "
        "trust, or 1 where detection deters the rival",
        "payoff, or discount",
        "deterrence by detection; Friedman (1971), Green and Porter (1984); Kydd (2005)",
    ),
    Formula(
        Gate.TRANSPARENCY,
        "Does the deal repay what inspection gives away?",
        "worth - secrecy x the larger of leakage x access granted (less what a neutral inspector keeps) and "
        "what was told by one's own hand (0 to 1); judged where worth is at least 0",
        "payoff",
        "after Coe and Vaynman (2020)",
    ),
    Formula(
        Gate.POWER_SHIFT,
        "Does what is promised for later make up for what is given up now?",
        "(1-d) x power in the stage + d x p2 - (p1 - own cost of conflict); p1 = power on leaving now, p2 = "
        "expected power within; it implies (1-d)(1 + cA + d cB) >= p1 - d p2, all else conceded",
        "share of the stake",
        "Fearon (1995), Powell (2006); normalisation ours",
    ),
    Formula(
        Gate.ENFORCEMENT,
        "Will a proven violation be acted on, and only a proven one?",
        "the lesser of: q b + (1 - q)(s R - (1 - s) d) - a q c, R = 1; and worth - hostile decision "
        "x odds of a pretext within the horizon (a false alarm; in half of draws 1, where votes decide what "
        "a violation is) x capture harm. q: finding and sanction pass against the "
        "rival, by their rules, votes, friends and vetoes; s: share of what was given up that the injured "
        "can take back",
        "payoff",
        "Avenhaus, von Stengel and Zamir (2002); binomial votes (Banzhaf 1965), vetoes after Tsebelis (2002)",
    ),
    Formula(
        Gate.COALITION,
        "Does it do better in it than by letting others bear it?",
        "f x max(worth, 0) - (1 - f) x max(T - R, 0) + (1 - f) x dependence where outsiders are shut out; "
        "f = odds that the regime falls without it",
        "payoff",
        "internal stability, Barrett (1994)",
    ),
)


def explain_text(terms: Terms, inputs: Inputs, proposer: str, title: str) -> str:
    """Formulas, terms and inputs."""
    parts = [
        [
            f"{terms.name}  {title}",
            f"proposed by {proposer}; a gate is passed where its margin is at least 0",
        ],
        section("Gates", _formulas()),
        section("Terms, as read from the regime's file", term_lines(terms)),
        _inputs(inputs),
    ]
    return joined(parts)


def _formulas() -> Iterator[str]:
    for one in FORMULAS:
        yield f"{one.gate.label.replace('_', ' ')}: {one.question}"
        yield f"   margin: {one.margin}  [{one.unit}; {one.source}]"


def term_lines(terms: Terms) -> Iterator[str]:
    """Every term in words."""
    for stage in terms.stages:
        when = f"{stage.years:.2f} years" if stage.years is not None else "no date"
        kept = {1.0: "reversible", 0.0: "final"}.get(stage.kept, "partly reversible")
        yields = "gives up capability" if stage.yields else _unyielding(stage)
        opened = "not said" if stage.reveals is None else ", ".join(stage.reveals) or "nobody"
        seen = "inspected" if stage.inspected else "not yet inspected"
        chooser = f" of {stage.chooser}" if stage.chooser else ""
        yield (
            f"stage {stage.id}: {', '.join(stage.movers)} move; {stage.trigger}{chooser}, {when}; {kept}; "
            f"{yields}; reveals: {opened}; {seen}"
        )
    yield f"disarms last: {', '.join(terms.disarms_last) or 'nobody'}; elimination: {terms.elimination}"
    yield f"inspector: {terms.inspector}; rights: {', '.join(f'{k} {v}' for k, v in terms.rights.items())}"
    for name, decision in (
        ("findings", terms.findings),
        ("sanctions", terms.sanctions),
        ("operations", terms.operations),
    ):
        yield f"{name}: {_decision(decision)}"
    yield f"owned by an authority: {'yes' if terms.owned else 'no'}; leaving: {terms.exit}"
    yield (
        f"burdens on: {', '.join(terms.burdened) or 'nobody in particular'}; payments to: "
        f"{', '.join(terms.paid) or 'nobody in particular'}"
    )
    needed = ", ".join(terms.needed_states) or terms.needed
    yield f"needed for entry into force: {needed or 'nobody in particular'}"
    yield f"outsiders are shut out: {'yes' if terms.excludes_outsiders else 'no'}"
    yield from terms.assumed


def _unyielding(stage: Stage) -> str:
    return "stands still" if stage.restrains else "restrains nobody"


def _decision(decision: Decision) -> str:
    veto = f"; veto: {', '.join(decision.veto_holders)}" if decision.veto_holders else ""
    return f"{decision.rule}{', automatic' if decision.automatic else ''}{veto}"


def _inputs(inputs: Inputs) -> list[str]:
    rows = [f"  {'parameter':<34}{'5 %':>8}{'50 %':>8}{'95 %':>8}  source"]
    owner = ""
    for name, one in inputs.columns.items():
        part, _, short = name.rpartition(".")
        if part != owner:
            owner = part
            rows.append(f"  {owner}")
        parameter = _parameter(inputs, part, short)
        if parameter.words:
            shown = f"{'choice of ' + ', '.join(parameter.words):>24}"
        else:
            shown = "".join(f"{float(one.at(level)):>8.3g}" for level in LEVELS)
        rows.append(f"    {short:<32}{shown}  {one.origin}: {one.why}  [{parameter.unit}]")
    return ["Inputs: quantiles, and where each comes from", *rows]


def _parameter(inputs: Inputs, owner: str, name: str) -> Parameter:
    kind = owner if owner in ("world", "technology") else "state"
    return next(one for one in KINDS[kind] if one.name == name)


def explain_json(terms: Terms, inputs: Inputs, proposer: str) -> dict[str, Any]:
    """The stable shape that ``--json`` prints."""
    return {
        "regime": terms.name,
        "proposer": proposer,
        "gates": [{"gate": one.gate.label, **{k: getattr(one, k) for k in _WORDS}} for one in FORMULAS],
        "terms": plain(terms),
        "inputs": [_input(inputs, name) for name in inputs.columns],
        "digests": {one.name: one.digest for one in (*inputs.states, inputs.technology, inputs.world)},
    }


_WORDS = ("question", "margin", "unit", "source")


def _input(inputs: Inputs, name: str) -> dict[str, Any]:
    one = inputs.columns[name]
    owner, _, short = name.rpartition(".")
    parameter = _parameter(inputs, owner, short)
    return {
        "name": name,
        "quantiles": {f"{level:g}": plain(float(one.at(level))) for level in LEVELS},
        "choices": list(parameter.words),
        "unit": parameter.unit,
        "meaning": parameter.meaning,
        "source": one.origin.value,
        "why": one.why,
    }
