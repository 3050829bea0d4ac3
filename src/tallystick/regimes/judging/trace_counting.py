"""The step of a trace that says how a derived figure was counted, on both sides."""

from datetime import date

from tallystick.regimes.judging.both_sides import BothSides
from tallystick.regimes.judging.citations import citation
from tallystick.regimes.judging.result import FIGURE, Citation, Step
from tallystick.regimes.law.counting import Counting
from tallystick.regimes.law.exact import ANY, ZERO, Interval, add, interval_text, number_text, whole
from tallystick.regimes.law.expression import Name
from tallystick.regimes.law.instrument import UNVERIFIED
from tallystick.regimes.stated.fact_set import View


def counting_step(sides: BothSides, name: str, rule: Counting, label: str) -> Step:
    """What counts by the rule under one reading, what is left out, and what of it is verified."""
    compiler, claimed_view = sides.compiler, sides.facts.claimed
    claimed, verified = sides.figure(Name(name))
    counted = compiler.components(name)
    parts = [_part_text(one, claimed_view) for one in counted if claimed_view.stated(one)]
    unbounded = [_words(one) for one in counted if claimed_view.amount(one).upper is None]
    head = f"{rule.title}, {_edition_text(rule, compiler.at, compiler.known_on)}"
    text = f"{head}: {' + '.join(parts) or 'nothing stated'}"
    text += f" = {interval_text(claimed)} FLOP{_run_text(counted, claimed_view, claimed)}"
    text += f"; not stated, so no upper bound: {', '.join(unbounded)}" if unbounded else ""
    text += _left_out(rule, set(counted), claimed_view)
    text += _band_text(rule, claimed)
    text += _verified_text(rule, counted, sides)
    amounts = interval_text(claimed), interval_text(verified)
    return Step(FIGURE, name, text, _places(rule), *amounts, reading=label, head=head)


def _places(rule: Counting) -> tuple[Citation, ...]:
    seen = dict.fromkeys(one for component in rule.components for one in component.reference)
    sources = {source.id: source for source in rule.sources}
    return tuple(citation(sources, one) for one in seen)


def _edition_text(rule: Counting, day: date, known_on: date | None) -> str:
    edition, ahead = rule.edition_at(day, known_on)
    read = f" (confidence {edition.confidence})" if edition.confidence in UNVERIFIED else ""
    if known_on is not None and edition.known_on > known_on:
        return f"{edition.text}{read} (not yet known on {known_on})"
    return f"{edition.text}{read}{f' (from {edition.since} on)' if ahead else ''}"


def _words(name: str) -> str:
    return name.removeprefix("compute.").replace("_", " ")


def _part_text(name: str, view: View) -> str:
    return f"{_words(name)} {interval_text(view.amount(name))}"


def _run_text(counted: tuple[str, ...], view: View, figure: Interval) -> str:
    """Says where the figure is no mere sum: a training run that it contains bounds it."""
    return "" if figure == add(map(view.amount, counted)) else ", bounded by a training run that it contains"


def _left_out(rule: Counting, counted: set[str], view: View) -> str:
    """What was stated and is not counted, and why."""
    found: dict[str, list[str]] = {}
    for component in rule.components:
        name = f"compute.{component.name}"
        if name not in counted and view.amounts.get(name, ZERO) != ZERO:
            why = "the text is silent" if component.counts == "silent" else "excluded"
            found.setdefault(why, []).append(_part_text(name, view))
    return "".join(f"; not counted ({why}): {', '.join(parts)}" for why, parts in found.items())


def _band_text(rule: Counting, amount: Interval) -> str:
    """The error that the text lets an estimate have."""
    if rule.band is None or amount.upper is None or amount != Interval(amount.lower, amount.lower):
        return ""
    low, high = whole(amount.lower * (1 - rule.band)), whole(amount.lower * (1 + rule.band))
    share = number_text(whole(rule.band * 100))
    return f"; the text allows {share} % either way: {number_text(low)} to {number_text(high)}"


def _verified_text(rule: Counting, counted: tuple[str, ...], sides: BothSides) -> str:
    """Which of the parts that count were verified, where some were; that the rule itself was not read."""
    if rule.confidence in UNVERIFIED:
        return f"; this rule has confidence {rule.confidence}: never verified"
    claimed, verified = sides.facts.claimed, sides.facts.verified
    stated = [name for name in counted if claimed.stated(name)]
    shown = [_part_text(name, verified) for name in stated if verified.amounts.get(name, ANY) != ANY]
    unshown = [_words(name) for name in stated if verified.amounts.get(name, ANY) == ANY]
    if not shown or (not unshown and all(claimed.amount(n) == verified.amount(n) for n in stated)):
        return ""
    rest = f"; not verified: {', '.join(unshown)}" if unshown else ""
    return f"; verified: {', '.join(shown)}{rest}"
