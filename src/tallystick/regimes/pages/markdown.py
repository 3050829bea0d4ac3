"""Pieces of Markdown: tables, lists, short citations."""

from collections.abc import Iterable, Iterator, Sequence

from tallystick.regimes.judging.citations import anchor_text


def words(name: str) -> str:
    """``in_force`` as ``in force``."""
    return name.replace("_", " ")


def sentence(text: str) -> str:
    """With a full stop, if there is text."""
    return f"{text.rstrip('.')}." if text else ""


def short(references: Iterable[str]) -> str:
    """References by the source's id, which the page lists: ``ca-bpc sec. 22757.11(i), sec. 22757.15``."""
    places: dict[str, list[str]] = {}
    for reference in references:
        source, _, anchor = reference.partition("#")
        found = places.setdefault(source, [])
        if anchor != "whole":
            found.append(anchor_text(anchor))
    return "; ".join(f"{source} {', '.join(found)}".rstrip() for source, found in places.items())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table after an empty line."""
    yield ""
    yield _row(head)
    yield f"|{'---|' * len(head)}"
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |"


def listed(lines: Iterable[str]) -> list[str]:
    """A list, one entry a line."""
    return [f"- {' '.join(line.split())}" for line in lines]
