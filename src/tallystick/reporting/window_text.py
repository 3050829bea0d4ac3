"""Verdicts on the windows of a file, as text for a terminal and as plain data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from tallystick.units import NS_PER_S
from tallystick.workloads.file_verdicts import WindowVerdict

#: Subjects shown one by one; a larger site is summed up.
MOST_SUBJECTS = 24


@dataclass(frozen=True)
class SubjectSummary:
    """All windows of one subject: how many of each verdict, and the clearest window of the commonest."""

    subject: str
    windows: int
    verdicts: dict[str, int]
    clearest: WindowVerdict


def summaries(found: Sequence[WindowVerdict]) -> list[SubjectSummary]:
    """One summary a subject, by name."""
    by_subject: dict[str, list[WindowVerdict]] = {}
    for window in found:
        by_subject.setdefault(window.subject, []).append(window)
    result = []
    for name, windows in sorted(by_subject.items()):
        verdicts = dict(Counter(w.verdict for w in windows).most_common())
        commonest = next(iter(verdicts))
        clearest = max((w for w in windows if w.verdict == commonest), key=lambda w: w.probability)
        result.append(SubjectSummary(name, len(windows), verdicts, clearest))
    return result


def windows_text(found: Sequence[WindowVerdict], *, every_window: bool) -> str:
    """What a person reads: all subjects together, then each, then each window where asked."""
    if not found:
        return "No window has enough readings: five in five minutes, ten seconds or more apart."
    lines = [f"{len(found):,} windows of five minutes"]
    lines += [
        f"  {verdict:<26}{count:>8,}  {count / len(found):6.1%}"
        for verdict, count in Counter(w.verdict for w in found).most_common()
    ]
    by_subject = summaries(found)
    for summary in by_subject[:MOST_SUBJECTS]:
        lines += _subject_lines(summary)
    if len(by_subject) > MOST_SUBJECTS:
        lines.append(f"and {len(by_subject) - MOST_SUBJECTS} subjects more; --json has them all")
    if every_window:
        lines += [_window_line(w) for w in found]
    lines.append("One window decides nothing: what counts is a run of accelerators in lock-step over time.")
    return "\n".join(lines)


def windows_json(found: Sequence[WindowVerdict], model: str) -> dict[str, Any]:
    """The same as data."""
    return {
        "model": model,
        "subjects": [
            {"subject": s.subject, "windows": s.windows, "verdicts": s.verdicts} for s in summaries(found)
        ],
        "windows": [{**asdict(w), "probability": w.probability} for w in found],
    }


def _subject_lines(summary: SubjectSummary) -> list[str]:
    counted = ", ".join(f"{count} {verdict}" for verdict, count in summary.verdicts.items())
    window = summary.clearest
    lines = [f"{summary.subject}: {counted}"]
    if window.abstained_because:
        lines.append(f"    no verdict: {window.abstained_because}")
    else:
        lines.append(f"    {window.verdict}, probability of its class {window.probability:.2f}, because of")
        lines += [f"      {reason}" for reason in window.why]
    return lines


def _window_line(window: WindowVerdict) -> str:
    start = datetime.fromtimestamp(window.start_ns // NS_PER_S, UTC)
    why = f"  {window.abstained_because}" if window.abstained_because else ""
    return f"{start:%Y-%m-%d %H:%M}  {window.subject:<24} {window.verdict:<26} {window.probability:.2f}{why}"
