"""What the coded effects of a stage mean to the gates, and what is assumed where none are coded.

``transfers`` and ``disarms`` are capability given up. With ``limits`` nothing is given up, but the movers'
capability stands still from there on; a stage without any of the three restrains nobody. ``reveals`` says
whose secrets are opened, and the transparency gate weighs them. ``verified_first`` says that inspection is at
work, here and at all stages after. A regime without stages, and a stage without effects, give up capability
and are inspected from the start, which asks most of the movers and credits the text with inspection that it
may not have; whether it reveals anything is not known. ``assumptions`` says so wherever it is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.regimes.law.institution import Effects, Stage


@dataclass(frozen=True, slots=True)
class StageReading:
    """``yields``: the movers give up capability, and not rights or secrets only. ``restrains``: it stands
    still at least. ``reveals``: whose secrets are opened; None where that is not said. ``inspected``:
    inspection is at work from here on.
    """

    yields: bool
    restrains: bool
    reveals: tuple[str, ...] | None
    inspected: bool


UNCODED = StageReading(yields=True, restrains=True, reveals=None, inspected=True)


def reading_of(effects: Effects | None) -> StageReading:
    """One stage, from its effects; ``UNCODED`` where it has none."""
    if effects is None:
        return UNCODED
    gives = bool(_giving(effects))
    return StageReading(gives, gives or bool(effects.limits), effects.reveals, effects.verified_first)


def assumptions(stages: Sequence[Stage]) -> Iterator[str]:
    """One sentence for each thing that is assumed because the file does not say it."""
    if not stages:
        yield (
            "The text has no stages. Assumed: everybody moves at once and gives up capability, such "
            "inspection as the text grants is at work from the start, and what is told besides is not known "
            "(0 to 1). Mend: write stages with effects."
        )
    uncoded = [stage.id for stage in stages if stage.effects is None]
    if uncoded:
        yield (
            f"No effects are coded for {', '.join(uncoded)}. Assumed: movers give up capability there, such "
            "inspection as the text grants is at work from there on, and what they tell besides is not known "
            "(0 to 1). Mend: write effects."
        )
    for stage in stages:
        named = _giving(stage.effects) if stage.effects else ()
        if named and not _covers(named, stage.who_moves or ("all",)):
            yield (
                f"At {stage.id} capability is given up by {', '.join(named)} only. Assumed: by all who move "
                "there. Mend: a stage of their own."
            )


def _giving(effects: Effects) -> tuple[str, ...]:
    """Words for those who give up capability, each once."""
    return tuple(dict.fromkeys((*effects.transfers, *effects.disarms)))


def _covers(named: Sequence[str], movers: Sequence[str]) -> bool:
    words = {word.casefold() for word in named}
    return "all" in words or all(word.casefold() in words for word in movers)
