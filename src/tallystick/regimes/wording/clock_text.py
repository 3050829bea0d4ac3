"""A clock of a duty in words."""

from typing import Any

from tallystick.regimes.law.dates import span_text


def clock_text(clock: dict[str, Any]) -> str:
    """A clock in words."""
    parts = []
    if "within" in clock:
        parts.append(f"within {span_text(clock['within'])}")
    if "every" in clock:
        parts.append(f"every {span_text(clock['every'])}")
    if "by" in clock:
        parts.append(f"by {clock['by']}")
    if "before" in clock:
        ahead = f"at least {span_text(clock['ahead'])} " if "ahead" in clock else ""
        parts.append(f"{ahead}before {clock['before'].replace('_', ' ')}")
    if "from" in clock:
        parts.append(f"from {' or '.join(clock['from'])}".replace("_", " "))
    return " ".join(parts)
