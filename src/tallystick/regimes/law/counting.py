"""Counting rules: the components of compute that a figure is made of, and readings where a text is silent."""

from dataclasses import dataclass
from datetime import date

from tallystick.regimes.law.confidence import CONFIDENCE
from tallystick.regimes.law.exact import Number

COUNTED, EXCLUDED = "counted", "excluded"
COMPONENTS = (
    "pretraining",
    "fine_tuning",
    "reinforcement_learning",
    "synthetic_private",
    "synthetic_public",
    "own_predecessor",
    "upstream",
    "distillation_teacher",
    "auxiliary_models",
    "evaluation",
    "failed_experiments",
    "recomputation",
    "inference",
)
#: A threshold on a model counts these three wherever it counts training at all.
UPDATE_COMPONENTS = frozenset({"pretraining", "fine_tuning", "reinforcement_learning"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: what its silence means, and which fact stands for an imprecise one."""

    id: str
    title: str
    silent: str | frozenset[str]
    reads: tuple[tuple[str, str], ...] = ()


#: Used where neither the instrument nor its counting rule needs a reading.
AS_WRITTEN = Reading("text", "As the text says", EXCLUDED)


@dataclass(frozen=True, slots=True)
class Component:
    """How one component counts: ``yes``, ``no`` or ``silent``."""

    name: str
    counts: str
    reference: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is cited, how it was read, and since when it was public (None: the file does not say)."""

    id: str
    title: str
    url: str
    edition: str
    read: str
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that counts by the rule, from ``since`` on until the next one; known from ``known_on`` on.

    ``confidence``: how this text was read, which may be worse than the rule's.
    """

    since: date
    text: str
    reference: tuple[str, ...]
    known_on: date
    confidence: str = "V1"


@dataclass(frozen=True, slots=True)
class Counting:
    """A counting rule. ``band``: the share by which the text lets a reported estimate be wrong, or None.

    ``editions``, oldest first, say when which text counts by it; before the first it is used to say what
    would follow.
    """

    name: str
    title: str
    editions: tuple[Edition, ...]
    confidence: str
    precision: str
    band: Number | None
    components: tuple[Component, ...]
    readings: tuple[Reading, ...]
    sources: tuple[Source, ...]
    doubts: tuple[str, ...]

    @property
    def edition(self) -> str:
        """The newest text."""
        return self.editions[-1].text

    def edition_at(self, day: date, known_on: date | None = None) -> tuple[Edition, bool]:
        """The text that holds on a day, as known on another; True beside it where it is still to come.

        Where none was known, the first one.
        """
        known = [edition for edition in self.editions if known_on is None or edition.known_on <= known_on]
        held = [edition for edition in known if edition.since <= day]
        return (held[-1], False) if held else ((known or self.editions)[0], True)

    def confidence_at(self, day: date, known_on: date | None = None) -> str:
        """How the rule was read in the text of a day: the worse of its own code and that edition's."""
        return self.confidence_of(self.edition_at(day, known_on)[0])

    def confidence_of(self, edition: Edition) -> str:
        """The worse of the rule's own code and the edition's."""
        return max(self.confidence, edition.confidence, key=tuple(CONFIDENCE).index)

    def counted(self, reading: Reading) -> tuple[str, ...]:
        """The components that count under a reading, in the file's order."""
        return tuple(c.name for c in self.components if _counts(c, reading))

    @property
    def silent(self) -> tuple[str, ...]:
        """The components that the text says nothing about."""
        return tuple(c.name for c in self.components if c.counts == "silent")


def _counts(component: Component, reading: Reading) -> bool:
    if component.counts != "silent":
        return component.counts == "yes"
    if isinstance(reading.silent, frozenset):
        return component.name in reading.silent
    return reading.silent == COUNTED
