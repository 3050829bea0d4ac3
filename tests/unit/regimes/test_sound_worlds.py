"""Against invented sites whose every day is known, no verified breach is wrong, and no day is wrongly kept.

A world has runs, a licence that comes and goes, and a cap whose text changes. An inspector states true bounds
of the periods that he saw; others add claims. What was done before the first period that was seen is nothing.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tallystick.regimes.judging.check import Question, answer
from tallystick.regimes.judging.result import Breach
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set

FIRST, DAYS = date(2026, 1, 1), 40
WORLDS = 120
#: One of them, in which a breach is verified.
BROKEN = 8
LAW = """schema: regime/1
id: my.cap
title: A cap
jurisdiction: none
kind: rule
binding: true
confidence: V1
summary: For a trial.
status:
{status}
sunset: {sunset}
verified: {{on: 2026-11-01, how: V1}}
binds: {{roles: [], region: none}}
parameters:
  cap: {{title: Cap, unit: FLOP, operator: ">", values: [{values}]}}
conditions:
  above: {{when: {{exceeds: [{amount}, cap]}}, gives: over, reference: [act#art-1]}}
exceptions:
  licensed: {{when: {{is: developer.licensed}}, defeats: [above], reference: [act#art-2]{until}}}
outcomes:
  over: {{title: Over, bound: true, breach: true}}
sources:
  act: {{title: The Act, edition: "1", read: V1}}
cases:
  - {{name: nothing stated, at: 2026-01-20, facts: {{}}, expect: {{over: unknown}}}}
"""


def day(index: int) -> date:
    return FIRST + timedelta(days=index)


@dataclass(frozen=True)
class Cap:
    """The text on each day: its line, None without one, and whether a licence spares."""

    text: str
    lines: tuple[int | None, ...]
    spares: tuple[bool, ...]


@dataclass(frozen=True)
class World:
    """Runs as first day, first day after, operations a day; the licence on each day."""

    runs: tuple[tuple[int, int, int], ...]
    licence: tuple[bool, ...]

    def used(self, run: tuple[int, int, int], first: int, over: int) -> int:
        return run[2] * max(0, min(run[1], over) - max(run[0], first))


def cap_of(chance: random.Random) -> Cap:
    applies = chance.choice([0, 0, 5, 12])
    later = chance.randint(applies + 2, DAYS - 2)
    values = [(applies, chance.choice([None, later]), chance.randint(20, 80))]
    if chance.random() < 0.5:
        values.append((chance.randint(later, DAYS - 1), None, chance.randint(20, 80)))
    revoked, sunset = (chance.choice([DAYS * 2, chance.randint(applies + 3, DAYS - 1)]) for _ in range(2))
    spared = chance.choice([DAYS * 2, later])
    status = [f"  - {{date: {day(applies)}, value: applies, reference: [act#art-3]}}"]
    status += [f"  - {{date: {day(revoked)}, value: revoked, reference: [act#art-4]}}"]
    ends = [f"until: {day(until)}, " if until is not None else "" for _, until, _ in values]
    rows = [
        f'{{from: {day(since)}, {end}value: "{line}", reference: [act#art-1]}}'
        for (since, _, line), end in zip(values, ends, strict=True)
    ]
    text = LAW.format(
        status="\n".join(status),
        sunset=day(sunset),
        values=", ".join(rows),
        amount=chance.choice(["site.any_run_flop", "site.largest_run_flop"]),
        until=f", until: {day(spared)}",
    )
    lines = tuple(_line(values, i) if applies <= i < min(revoked, sunset) else None for i in range(DAYS))
    return Cap(text, lines, tuple(i < spared for i in range(DAYS)))


def _line(values: list[tuple[int, int | None, int]], index: int) -> int | None:
    held = [value for value in values if value[0] <= index]
    return None if not held or (held[-1][1] or DAYS * 3) <= index else held[-1][2]


def world_of(chance: random.Random, first: int) -> World:
    licence = [chance.random() < 0.5]
    while len(licence) < DAYS:
        licence.append(licence[-1] if chance.random() < 0.9 else not licence[-1])
    runs = []
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(first, DAYS - 1)
        runs.append((start, min(DAYS, start + chance.randint(1, 25)), chance.randint(0, 10)))
    return World(tuple(runs), tuple(licence))


def facts_of(chance: random.Random, world: World, seen: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Bounds of what was done in each period that was seen, the licence, and a claim or two."""
    wide = chance.choice([0, 3])
    found: list[dict[str, Any]] = []
    for first, over in seen:
        used = [world.used(run, first, over) for run in world.runs]
        names = chance.choice(
            [("training_flop",), ("largest_run_flop",), ("training_flop", "largest_run_flop")]
        )
        for name in names:
            amount = sum(used) if name == "training_flop" else max(used)
            bounds = {"lower": str(max(0, amount - wide)), "upper": str(amount + wide)}
            days = {"from": str(day(first)), "to": str(day(over))}
            found.append({"name": name, **bounds, **days, "verified": True})
    if chance.random() < 0.9:
        found += licences(world.licence)
    for _ in range(chance.randint(0, 2)):
        claimed, on = str(chance.randint(0, 100)), str(day(chance.randint(0, DAYS - 1)))
        found.append({"name": "training_flop", "claimed": claimed, "on": on})
    chance.shuffle(found)
    return list({(one["name"], one.get("on"), one.get("from")): one for one in found}.values())


def licences(licence: tuple[bool, ...]) -> list[dict[str, Any]]:
    found, begun = [], 0
    for value, days in groupby(licence):
        length = len(list(days))
        span = {"from": str(day(begun)), "to": str(day(begun + length))}
        found.append({"name": "developer.licensed", "value": value, "verified": True, **span})
        begun += length
    return found


def periods(chance: random.Random) -> list[tuple[int, int]]:
    cuts = sorted(chance.sample(range(1, DAYS), chance.randint(0, 4)))
    every = list(zip([0, *cuts], [*cuts, DAYS], strict=True))
    return [one for one in every if chance.random() < 0.85] or every[:1]


def over_on(world: World, cap: Cap, index: int) -> bool:
    """A run that goes on has used more than the cap of that day, since it began."""
    line = cap.lines[index]
    if line is None or (cap.spares[index] and world.licence[index]):
        return False
    return any(run[0] <= index < run[1] and world.used(run, 0, index + 1) > line for run in world.runs)


def broken(world: World, cap: Cap) -> bool:
    """A run used more than the cap on days that count alone: in force, and not spared."""
    for first, over, rate in world.runs:
        used = 0
        for index in range(first, over):
            line = cap.lines[index]
            if line is not None and not (cap.spares[index] and world.licence[index]):
                used += rate
                if used > line:
                    return True
    return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def judged(folder: Path, cap: Cap, facts: list[dict[str, Any]], at: date) -> Breach:
    path = folder / "my.cap.yaml"
    path.write_text(cap.text)
    regimes = load_all([path])
    given = fact_set(facts, "facts", regimes.vocabulary)
    return answer(regimes, given, Question(at, names=("my.cap",))).results[0].outcomes[0].breached


@pytest.mark.parametrize("part", range(3))
def test_what_is_verified_is_so(folder: Path, part: int) -> None:
    verdicts = []
    for seed in range(part, WORLDS, 3):
        chance = random.Random(seed)
        cap, seen = cap_of(chance), periods(chance)
        world = world_of(chance, seen[0][0])
        at = day(DAYS - 1 + chance.choice([0, 20]))
        found = judged(folder, cap, facts_of(chance, world, seen), at)
        verdicts.append(found.verified)
        bad = [i for i in range(DAYS) if over_on(world, cap, i)]
        assert found.verified is not True or broken(world, cap), seed
        assert found.verified is not False or not bad, seed
        for first, last in found.covered:
            assert not [i for i in bad if first <= day(i) <= last], (seed, first, last)
    assert {False, None} <= set(verdicts)


def test_some_of_these_worlds_break_the_cap_for_certain(folder: Path) -> None:
    assert BROKEN < WORLDS
    chance = random.Random(BROKEN)
    cap, seen = cap_of(chance), periods(chance)
    world = world_of(chance, seen[0][0])
    at = day(DAYS - 1 + chance.choice([0, 20]))
    assert judged(folder, cap, facts_of(chance, world, seen), at).verified is True
