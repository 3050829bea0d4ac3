"""The backtest as text for a terminal: every figure as it is, and what it does not show, first."""

from collections.abc import Iterator
from textwrap import wrap

from tallystick.reporting.strategy.backtest_words import conclusions, spoken
from tallystick.strategy.backtest.as_json import PUBLISHED
from tallystick.strategy.backtest.backtest import SHIFTED, STRATEGY, Backtest
from tallystick.strategy.backtest.scores import Estimate, Score
from tallystick.strategy.memo.plain_words import share

WIDTH = 110


def backtest_text(result: Backtest) -> str:
    """All sections, in order of weight."""
    sections = (
        _head,
        _scores,
        _chance,
        _cases,
        _misses,
        _gate,
        _variants,
        _rival,
        _second_texts,
        _agreement,
        _coding,
    )
    return "\n".join(line for section in sections for line in (*section(result), "")).rstrip()


def _head(result: Backtest) -> Iterator[str]:
    yield f"Backtest: {result.cases} past proposals, {result.accepted} accepted (signed and in force)"
    for line in (*conclusions(result), result.notice):
        yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _scores(result: Backtest) -> Iterator[str]:
    yield "Scores, the less the better (95 % by resampling cases)"
    for title, rows in (("leave one case out", result.by_case), ("leave one era out", result.by_era)):
        yield f"  {title:<21} Brier                  log score              Brier less base rate's      right"
        yield from (_score(row) for row in rows)
    eras = result.eras
    yield "  Era by era (after the first run): cases, Brier of the strategy share less the base rate's"
    told = "   ".join(f"{row.era} {row.cases}, {row.against_base:+.3f}" for row in eras.rows)
    yield f"    {told}; whole eras resampled: {_signed(eras.against_base)}"


def _score(row: Score) -> str:
    note = "  WORSE than the base rate" if row.worse_than_base else ""
    note = note or ("" if row.told_apart or not row.against_base.value else "  not told apart from it")
    return (
        f"    {row.predictor:<19} {_interval(row.brier)}    {_interval(row.log)}    "
        f"{_signed(row.against_base)}    {row.right:4.0%}{note}"
    )


def _chance(result: Backtest) -> Iterator[str]:
    yield f"Ranking: area under the curve of the share as it is {_interval(result.area)} (0.5 is chance)"
    yield (
        f"  Outcomes shuffled 1,000 times do as well in {result.p_brier:.3f} (Brier, shifted) and "
        f"{result.p_area:.3f} (area) of all orders"
    )
    yield "Calibration in thirds, lowest first: predicted, observed"
    for name, rows in result.calibration.items():
        told = "   ".join(
            f"{row.predicted:.2f} {row.observed:.2f} ({row.accepted}/{row.cases})" for row in rows
        )
        yield f"  {name:<18} {told}"


def _cases(result: Backtest) -> Iterator[str]:
    yield "Cases by strategy share; side and gate at which most draws fail; ! on the wrong side of one half"
    for row in sorted(result.rows, key=lambda one: -one.share.agrees):
        mark = "!" if STRATEGY in row.missed else " "
        share = row.share
        where = f"{spoken(share.gate)}, {share.side} ({share.fails[share.side][share.gate]:.2f})"
        yield (
            f"  {mark} {share.agrees:.2f}  shifted {row.predictions[SHIFTED]:.2f}  {row.case.outcome:<8}  "
            f"{row.case.title} {row.case.tabled[:4]}: {where}"
        )


def _misses(result: Backtest) -> Iterator[str]:
    yield "Misses, by name"
    for name in PUBLISHED:
        missed = result.misses(name)
        told = f"{name} ({len(missed)}): {'; '.join(missed)}"
        yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _gate(result: Backtest) -> Iterator[str]:
    yield f"Counterexample gate: {'holds' if result.gate_holds else 'DOES NOT HOLD'}"
    yield "  Held to what is scored (both would agree); beside it what an assessment counts, word kept too."
    for one in result.counterexamples:
        held = "holds" if one.holds else "FAILS"
        yield (
            f"  {held}  {_title(result, one.id)}: would agree {share(one.share)}, {one.verdict}; must not be "
            f"{one.must_not_be}; word kept {share(one.kept)}, {one.verdict_kept}; most draws "
            f"fail at {spoken(one.gate)}, {one.side} ({one.fails:.2f})"
        )
    for kept, said in ((False, "that both would agree"), (True, "with the word kept")):
        wrong = "; ".join(result.sure_of_the_contrary(kept=kept)) or "none"
        yield f"  Of all cases, robust verdicts against what came, by the share {said}: {wrong}"


def _variants(result: Backtest) -> Iterator[str]:
    yield "How much rests on one choice (thought of after the first run: no tests)"
    columns = f"{'Brier':<21}  {'less base rate':<26}  area"
    yield f"  {'':<36}  cases  {columns}"
    for one in result.variants:
        yield (
            f"  {one.name:<36}  {one.cases:>3}   {_interval(one.brier)}    {_signed(one.against_base)}    "
            f"{one.area:.2f}"
        )


def _rival(result: Backtest) -> Iterator[str]:
    pair = result.picked_pair
    better = "the model is WORSE" if pair.beats_the_model else "the model is better"
    yield f"A rival found afterwards: of {pair.tried} pairs of attributes, the one that fits each fold best"
    yield (
        f"  {' and '.join(map(spoken, pair.attributes))} in {pair.times} of {result.cases} folds: Brier "
        f"{_interval(pair.brier)}; the strategy share's less this: {_signed(pair.strategy_against)}, {better}"
    )


def _second_texts(result: Backtest) -> Iterator[str]:
    yield "The same situations with texts coded a second time, as regime files"
    shares = {row.case.id: row.share for row in result.rows}
    for one in result.second_texts:
        yield (
            f"  {_title(result, one.id)}: {shares[one.id].agrees:.2f} as coded, {one.share.agrees:.2f} by "
            f"{one.regime}, {one.share.verdict}"
        )


def _agreement(result: Backtest) -> Iterator[str]:
    yield "Agreement of codings: cases, share alike, Cohen's kappa with linear weights"
    for coding in result.agreement:
        told = f"{spoken(coding.name)}: {coding.coder}"
        yield from wrap(told, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for row in coding.rows:
            yield f"    {spoken(row.attribute):<18} {row.cases:>3}  {row.same:4.0%}  {row.kappa:5.2f}"


def _coding(result: Backtest) -> Iterator[str]:
    tags = ", ".join(f"{count} {tag}" for tag, count in sorted(result.tags.items()))
    yield f"Codes by source: {tags}. Rules, sources and hashes: data/cases/ of the package."
    if result.changed:
        yield f"  CHANGED since their hash was recorded: {', '.join(result.changed)}"
    else:
        yield "  All files have the hash recorded for them; changes are listed in CHANGES.md there."
    yield f"  {result.draws:,} draws, seed {result.seed}"


def _title(result: Backtest, name: str) -> str:
    return next(row.case.title for row in result.rows if row.case.id == name)


def _interval(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


def _signed(estimate: Estimate) -> str:
    return f"{estimate.value:+.3f} ({estimate.low:+.3f} to {estimate.high:+.3f})"
