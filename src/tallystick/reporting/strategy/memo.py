"""The memo as Markdown and as plain text for an HTML page."""

from tallystick.printable import printable
from tallystick.strategy.memo.memo import Memo

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#"})


def memo_markdown(memo: Memo) -> str:
    """Two pages of Markdown; text from regime and profile files cannot become markup."""
    parts = [f"# {_safe(memo.title)}", f"**{_safe(memo.bottom_line)}**"]
    for section in memo.sections:
        points = "\n".join(f"* {_safe(point)}" for point in section.points)
        parts.append(f"## {section.question}\n\n{_safe(section.answer)}\n\n{points}".rstrip())
    parts.append("---")
    parts += [f"*{_safe(warning)}*" for warning in memo.warnings]
    return "\n\n".join(parts) + "\n"


def _safe(text: str) -> str:
    return printable(text).translate(_SPECIAL)
