"""A developer's profile: ties, roles, models with what their compute was spent on, clusters, exports.

A YAML or JSON file, schema ``developer/1`` (the shape is ``PROFILE`` below)::

    schema: developer/1
    name: Heron AI
    note: A fictional developer.
    roles: [developer, provider]         # names of the vocabulary
    ties:                                # region -> ties of the vocabulary
      EU: [places_on_market]             # or intends_to_place, before a model is there
      US-CA: [established, develops]     # a tie to US-CA is one to US as well, one to DE is one to EU
    verified: [roles, ties]              # what a register or an inspection bears out; optional
    facts:                               # of the developer: value, [low, high] or a mapping with claimed,
      developer.revenue_usd_prior_year: "1.2e9"       #  lower, upper, verified, source
    models:
      - name: Heron 3
        complete: true                   # components that are not listed are zero: false, true or verified
        compute: {pretraining: {claimed: "7e25", lower: "6e25", upper: "8e25", verified: true}}
        facts: {model.generates_language: true}
        ties: {EU: [places_on_market]}   # optional: where this model is developed, sold and deployed
    clusters: [{name: Hall 1, facts: {cluster.h100e: "24000"}}]
    exports: []                          # an empty list: there are none; without the key nobody knows

Roles and ties that are not listed are taken as absent, unlike in a facts file for ``check``, where what is
not stated is unknown. Numbers are exact and quoted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.file_kinds import PROFILE as PROFILE_FILE
from tallystick.regimes.files.file_kinds import wrong_kind
from tallystick.regimes.files.file_shapes import FACT_KEY, FLAG, NUMBER
from tallystick.regimes.files.institution_shape import TEXT
from tallystick.regimes.files.shape import Choice, Kinds, ListOf, MapOf, Record, Text, nearest
from tallystick.regimes.files.yaml_file import Node, read_yaml
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.library import DATA
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet
from tallystick.regimes.stated.places import EU_MEMBERS, known_region, regions_around

EXAMPLES = DATA / "examples"
SCHEMA = "developer/1"
#: How to come by a profile, for errors.
HOW_TO_WRITE = "for a profile to begin with: tallystick regimes show developer --source"
#: Most models, clusters or exports of one profile.
MOST = 40
VALUE = Kinds(
    text=TEXT,
    sequence=ListOf(NUMBER, 2, 2),
    mapping=Record(
        {},
        {
            "value": TEXT,
            "claimed": Kinds(text=TEXT, sequence=ListOf(NUMBER, 2, 2)),
            "lower": NUMBER,
            "upper": NUMBER,
            "verified": FLAG,
            "source": TEXT,
        },
    ),
)
FACTS = MapOf(VALUE, FACT_KEY, "model.generates_language")
TIES = MapOf(ListOf(TEXT), r"[A-Za-z0-9\-]+", "EU or US-CA")
COMPLETE = Choice(("false", "true", "verified"))
THING_NAME = Text(r"[^,\n]{1,80}", "a name of at most 80 characters without commas")
MODEL = Record(
    {"name": THING_NAME},
    {"note": TEXT, "complete": COMPLETE, "compute": MapOf(VALUE), "facts": FACTS, "ties": TIES},
)
THING = Record({"name": THING_NAME}, {"note": TEXT, "facts": FACTS})
PROFILE = Record(
    {"schema": Choice((SCHEMA,)), "name": TEXT, "roles": ListOf(TEXT), "ties": TIES},
    {
        "note": TEXT,
        "verified": ListOf(Choice(("roles", "ties"))),
        "facts": FACTS,
        "models": ListOf(MODEL, 0, MOST),
        "clusters": ListOf(THING, 0, MOST),
        "exports": ListOf(THING, 0, MOST),
    },
)

#: Kind of thing -> how the names of its facts begin.
PREFIXES = {
    "models": ("compute.", "model.", "service."),
    "clusters": ("cluster.",),
    "exports": ("chips.",),
}

#: Ties that a model can have of its own.
TIES_OF_MODELS = frozenset({"places_on_market", "intends_to_place", "deploys", "develops"})

Ties = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Thing:
    """A model, a cluster or an export, its facts as the reader of facts takes them.

    ``ties``: where a model is developed, sold and deployed; None: wherever the developer does so.
    """

    name: str
    facts: tuple[Mapping[str, Any], ...]
    complete: str = "false"
    ties: Ties | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A developer. ``things``: models, clusters, exports; a missing kind means that nobody knows."""

    name: str
    note: str
    roles: frozenset[str]
    ties: Ties
    verified: frozenset[str]
    facts: tuple[Mapping[str, Any], ...]
    things: Mapping[str, tuple[Thing, ...]]

    def moved(self, leaves: Ties, enters: Ties) -> "Profile":
        """The same developer without some ties and with others; so are models that have ties of their own."""
        things = {
            kind: tuple(
                one if one.ties is None else replace(one, ties=_moved(one.ties, leaves, enters))
                for one in found
            )
            for kind, found in self.things.items()
        }
        return replace(self, ties=_moved(self.ties, leaves, enters), things=things)

    @property
    def regions(self) -> tuple[str, ...]:
        """Where the developer has a tie, in order; EU in place of its member states."""
        return tuple(sorted({"EU" if region in EU_MEMBERS else region for region, _ in self.ties}))

    @property
    def member_states(self) -> tuple[str, ...]:
        """The member states of the EU to which the developer or a model has a tie: they count as EU."""
        own = {tie for things in self.things.values() for one in things for tie in one.ties or ()}
        return tuple(sorted({region for region, _ in self.ties | own if region in EU_MEMBERS}))


def _moved(ties: Ties, leaves: Ties, enters: Ties) -> Ties:
    """Only who had what is left enters elsewhere, or, where nothing is left, everybody."""
    return (ties - leaves) | enters if not leaves or ties & leaves else ties


def read_profile(path: Path, vocabulary: Vocabulary) -> Profile:
    """The file as a profile, or the shipped example of that name. Raises InputError with file and line."""
    return profile_of(read_yaml(_found(path)), vocabulary)


def _found(path: Path) -> Path:
    example = EXAMPLES / f"{path.name}.yaml"
    return example if not path.exists() and path.parent == Path() and example.exists() else path


def profile_of(node: Node, vocabulary: Vocabulary) -> Profile:
    """The tree as a profile. Raises InputError with file and line."""
    _is_a_profile(node)
    for problem in PROFILE.problems(node, ""):
        raise problem.error()
    data = node.plain
    children = node.value
    assert isinstance(children, dict)
    _known(children["roles"], data["roles"], vocabulary.roles, "role")
    things = {kind: _things(children[kind], vocabulary) for kind in PREFIXES if kind in children}
    profile = Profile(
        name=data["name"],
        note=data.get("note", ""),
        roles=frozenset(data["roles"]),
        ties=ties_of(children["ties"], vocabulary),
        verified=frozenset(data.get("verified", ())),
        facts=tuple(_entries(data.get("facts", {}))),
        things=things,
    )
    _try(profile, node.place.rpartition(":")[0], vocabulary)
    return profile


def _is_a_profile(node: Node) -> None:
    """Raises InputError that says what a file of another kind is, and how to come by a profile."""
    found = wrong_kind(node.plain, PROFILE_FILE)
    if found is not None:
        raise InputError(found[0], where=node.place, mend=f"{found[1]}; {HOW_TO_WRITE}")
    if not isinstance(node.value, dict) or "schema" not in node.value:
        problem = f"this is no developer's profile: it has no line schema: {SCHEMA}"
        raise InputError(problem, where=node.place, mend=HOW_TO_WRITE)


def _known(node: Node, names: Iterable[str], known: Mapping[str, str], what: str) -> None:
    for name in names:
        if name not in known:
            raise InputError(
                f"{what} {name[:40]!r} is not known", where=node.place, mend=nearest(name, known)
            )


def ties_of(node: Node, vocabulary: Vocabulary) -> Ties:
    """Pairs of region and tie, regions by their code. Raises InputError with file and line."""
    assert isinstance(node.value, dict)
    found: set[tuple[str, str]] = set()
    for text, ties in node.value.items():
        region = known_region(text, ties.place, vocabulary.regions)
        _known(ties, ties.plain, vocabulary.jurisdictions, "tie")
        found |= {(region, tie) for tie in ties.plain}
    return frozenset(found)


def _things(node: Node, vocabulary: Vocabulary) -> tuple[Thing, ...]:
    assert isinstance(node.value, tuple)
    found: dict[str, Thing] = {}
    for child in node.value:
        data, ties = (
            child.plain,
            child.value["ties"] if isinstance(child.value, dict) and "ties" in child.value else None,
        )
        if data["name"] in found:
            raise InputError(f"{data['name'][:40]!r} is there twice", where=child.place, mend="rename one")
        compute = {f"compute.{name}": value for name, value in data.get("compute", {}).items()}
        found[data["name"]] = Thing(
            data["name"],
            tuple(_entries({**compute, **data.get("facts", {})})),
            data.get("complete", "false"),
            None if ties is None else _model_ties(ties, vocabulary),
        )
    return tuple(found.values())


def _model_ties(node: Node, vocabulary: Vocabulary) -> Ties:
    found = ties_of(node, vocabulary)
    for _, tie in sorted(found):
        if tie not in TIES_OF_MODELS:
            mend = f"one of {', '.join(sorted(TIES_OF_MODELS))}, or state it of the developer"
            raise InputError(f"{tie} is no tie of a model", where=node.place, mend=mend)
    return found


def _entries(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name, value in facts.items():
        yield {"name": name, **value} if isinstance(value, dict) else {"name": name, "value": value}


def _try(profile: Profile, where: str, vocabulary: Vocabulary) -> None:
    """Every fact is read once, so that an unusable one is named with the thing that it belongs to."""
    fact_set(list(profile.facts), f"{where}: facts", vocabulary)
    for kind, things in profile.things.items():
        for thing in things:
            fact_set(list(thing.facts), f"{where}: {kind}, {thing.name}", vocabulary)


def facts_for(profile: Profile, things: Mapping[str, Thing], vocabulary: Vocabulary) -> FactSet:
    """The facts of the developer with one model, cluster and export, as far as ``things`` names them.

    Of a kind of which the profile lists none, all amounts are zero and nothing holds.
    """
    model = things.get("models")
    ties = profile.ties
    if model is not None and model.ties is not None:
        ties = frozenset(t for t in ties if t[1] not in TIES_OF_MODELS) | model.ties
    stated = [*profile.facts, *(fact for thing in things.values() for fact in thing.facts)]
    own = {fact["name"] for fact in stated}
    stated += [fact for fact in _absent(profile, vocabulary) if fact["name"] not in own]
    stated += _standing(profile, ties, vocabulary)
    complete = (
        model.complete if model is not None else "true" if profile.things.get("models") == () else "false"
    )
    return fact_set({"facts": stated, "complete": complete}, profile.name, vocabulary)


def _absent(profile: Profile, vocabulary: Vocabulary) -> Iterator[Mapping[str, Any]]:
    for kind, prefixes in PREFIXES.items():
        if profile.things.get(kind) != ():
            continue
        for name, known in vocabulary.facts.items():
            if name.startswith(prefixes) and not known.derived and known.kind != "text":
                yield {"name": name, "value": "0" if known.kind == "amount" else "false"}


def _standing(profile: Profile, ties: Ties, vocabulary: Vocabulary) -> Iterator[Mapping[str, Any]]:
    """Roles and ties as facts; those not listed do not hold."""
    for role in vocabulary.roles:
        shown = "roles" in profile.verified
        yield {"name": f"roles.{role}", "value": str(role in profile.roles).lower(), "verified": shown}
    held = {*ties, *((around, tie) for region, tie in ties for around in regions_around(region))}
    regions = sorted({*vocabulary.regions, *(region for region, _ in held)})
    for tie in vocabulary.jurisdictions:
        for region in regions:
            value = str((region, tie) in held).lower()
            yield {
                "name": f"jurisdictions.{region}.{tie}",
                "value": value,
                "verified": "ties" in profile.verified,
            }
