"""Facts that a regime file adds to the vocabulary: what their names and units must keep."""

from collections.abc import Iterator

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.law.vocabulary import FactName, Vocabulary

#: Names of these are worked out by rules of the package, so a file can add none.
RESERVED = ("compute", "jurisdictions", "roles", "site")


def own_fact_problems(instrument: Instrument, node: Node, shipped: Vocabulary) -> Iterator[Problem]:
    """Names that are taken or reserved, units that do not fit the kind, and facts that no test reads."""
    at, read = Places(node), facts_read(instrument)
    for name, fact in instrument.facts.items():
        place = at("facts", name)
        prefix = name.partition(".")[0]
        if name in shipped.facts:
            mend = "delete it here: tallystick regimes show vocabulary --source has it"
            yield Problem(place, f"{name} is in the vocabulary already", mend)
        elif prefix in RESERVED:
            mend = "begin it with another word, such as model, developer, service or cluster"
            yield Problem(place, f"{name}: names that begin with {prefix} are fixed", mend)
        elif name not in read:
            yield Problem(place, f"no test reads {name}", "use it in a condition, or delete it", warning=True)
        yield from _unit_problem(fact, place)


def _unit_problem(fact: FactName, place: str) -> Iterator[Problem]:
    if fact.kind == "amount" and fact.unit == "none":
        yield Problem(place, f"{fact.name} is an amount without a unit", "add unit: USD, FLOP or another")
    elif fact.kind != "amount" and fact.unit != "none":
        yield Problem(place, f"{fact.name} is {fact.kind} and has a unit", "delete the unit")
    if fact.unless_stated is True:
        yield Problem(
            place, f"{fact.name} would be true where nobody states it", "write unless_stated: false"
        )
    if fact.kind != "boolean" and fact.unless_stated is not None:
        yield Problem(place, f"{fact.name} is {fact.kind} and has unless_stated", "delete unless_stated")
