"""Profiles: a state, the world or a technology as distributions, read from YAML.

``spec`` of the file: ``schema``, ``name``, ``title``, ``fictional``, ``coded`` (by whom, when, from what),
``aliases`` (names under which a regime may speak of the state), ``detection_per`` (of a technology:
``look`` or ``violation``), ``parameters``, ``sources``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import Node, parse_yaml
from tallystick.strategy.inputs.distribution import Distribution, read_distribution
from tallystick.strategy.inputs.parameters import STATE, TECHNOLOGY, WORLD, Parameter

KINDS: Mapping[str, tuple[Parameter, ...]] = {"state": STATE, "technology": TECHNOLOGY, "world": WORLD}
SCHEMA = "strategy-profile/1"
#: Owners of parameters that are no state's: no state may be called so.
RESERVED = ("world", "technology")
_KEYS = {"schema", "kind", "name", "title", "fictional", "coded", "aliases", "notes"}
_KEYS |= {"detection_per", "parameters", "sources"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One side's parameters, each a distribution with its origin. ``digest`` is the file's SHA-256. Of a
    technology, ``per_violation``: its detection is of a whole violation, however often one looks, and not
    of each look."""

    kind: str
    name: str
    title: str
    fictional: bool
    aliases: tuple[str, ...]
    parameters: Mapping[str, Distribution]
    digest: str
    per_violation: bool = False

    def is_called(self, word: str) -> bool:
        """Whether a regime that says ``word`` means this state."""
        return word.casefold() in {name.casefold() for name in (self.name, *self.aliases)}

    def standing_for(self, *words: str) -> "Profile":
        """The same profile, meant too where a regime says one of ``words``."""
        return replace(self, aliases=(*self.aliases, *words))


def shipped_names() -> tuple[str, ...]:
    """The profiles that come with the package, such as ``1946/us``."""
    folder = files("tallystick.strategy") / "data" / "profiles"
    return tuple(
        sorted(
            f"{era.name}/{one.name.removesuffix('.yaml')}"
            for era in folder.iterdir()
            if era.is_dir()
            for one in era.iterdir()
            if one.name.endswith(".yaml")
        )
    )


@cache
def shipped(name: str) -> Profile:
    """A profile that comes with the package. Raises InputError with the names there are."""
    if name not in shipped_names():
        mend = f"one of {', '.join(shipped_names())}"
        raise InputError(f"no profile {name!r}", where="profile", mend=mend)
    path = files("tallystick.strategy") / "data" / "profiles" / f"{name}.yaml"
    return parse_profile(path.read_bytes(), f"{name}.yaml")


def read_profile(path: Path) -> Profile:
    """A profile of one's own. Raises InputError with file and line."""
    return parse_profile(path.read_bytes(), path.name)


def parse_profile(data: bytes, where: str) -> Profile:
    """The bytes of a profile. Raises InputError with line and mend for anything unknown, missing or bare."""
    top = _mapping(parse_yaml(data, where))
    unknown = set(top) - _KEYS
    if unknown or _text(top, "schema", where) != SCHEMA:
        problem = f"unknown key {sorted(unknown)[0]}" if unknown else f"schema is not {SCHEMA}"
        mend = f"one of {', '.join(sorted(_KEYS))}" if unknown else f"write schema: {SCHEMA}"
        raise InputError(problem, where=where, mend=mend)
    kind = _text(top, "kind", where)
    if kind not in KINDS:
        raise InputError(f"kind {kind!r} is not known", where=where, mend=f"one of {', '.join(KINDS)}")
    return Profile(
        kind=kind,
        name=_name(top, kind, where),
        title=_text(top, "title", where),
        fictional=_fictional(top, where),
        aliases=_aliases(top),
        parameters=_parameters(top, kind, where),
        digest=sha256(data).hexdigest(),
        per_violation=_per_violation(top),
    )


def _name(top: Mapping[str, Node], kind: str, where: str) -> str:
    name = _text(top, "name", where)
    if kind == "state" and name.casefold() in RESERVED:
        raise InputError(f"no state may be called {name}", where=top["name"].place, mend="give another name")
    return name


def _fictional(top: Mapping[str, Node], where: str) -> bool:
    said = _text(top, "fictional", where)
    if said not in ("yes", "no"):
        raise InputError("fictional is not known", where=top["fictional"].place, mend="write yes or no")
    return said == "yes"


def _aliases(top: Mapping[str, Node]) -> tuple[str, ...]:
    """The names under which texts speak of the state."""
    if "aliases" not in top:
        return ()
    node = top["aliases"]
    if not isinstance(node.value, tuple):
        raise InputError("aliases is not a list", where=node.place, mend="write aliases: [leader]")
    return tuple(str(one.value) for one in node.value)


def _per_violation(top: Mapping[str, Node]) -> bool:
    """Whether a technology's detection is of a whole violation; of each look where it does not say."""
    said = top.get("detection_per")
    if said is not None and said.value not in ("look", "violation"):
        raise InputError("detection_per is not known", where=said.place, mend="write look or violation")
    return said is not None and said.value == "violation"


def _parameters(top: Mapping[str, Node], kind: str, where: str) -> dict[str, Distribution]:
    known = {parameter.name: parameter for parameter in KINDS[kind]}
    if "parameters" not in top:
        mend = f"add parameters: with a distribution for each of {', '.join(known)}"
        raise InputError("parameters are missing", where=where, mend=mend)
    stated = _mapping(top["parameters"])
    for name in stated:
        if name not in known:
            raise InputError(
                f"unknown parameter {name}", where=stated[name].place, mend=f"one of {', '.join(known)}"
            )
    absent = [name for name in known if name not in stated]
    if absent:
        mend = "add a distribution with its source: what is not known is a wide one"
        raise InputError(f"parameter {absent[0]} is missing", where=top["parameters"].place, mend=mend)
    sources = tuple(_mapping(top["sources"])) if "sources" in top else ()
    return {
        name: read_distribution(stated[name], name, p.low, p.high, p.words, sources)
        for name, p in known.items()
    }


def _mapping(node: Node) -> Mapping[str, Node]:
    if not isinstance(node.value, dict):
        raise InputError("not a mapping", where=node.place, mend="write key: value")
    return node.value


def _text(top: Mapping[str, Node], key: str, where: str) -> str:
    if key not in top or not isinstance(top[key].value, str):
        raise InputError(f"{key} is missing", where=where, mend=f"add {key}: ...")
    return str(top[key].value)
