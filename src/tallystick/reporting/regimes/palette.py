"""How the standing of a duty is drawn: colour and mark, so that colour is never the only sign.

Colours are those of Okabe and Ito (jfly.uni-koeln.de/color), told apart with any colour vision.
"""

from dataclasses import dataclass

from tallystick.regimes.fragmentation.standing import LAW, HeldDuty


@dataclass(frozen=True, slots=True)
class Look:
    """A state: its key, words for the legend, fill, the colour of text on it, and a mark."""

    key: str
    label: str
    fill: str
    ink: str
    mark: str

    @property
    def legend(self) -> str:
        """The mark with its meaning."""
        return f"{self.mark}  {self.label}"


#: In order of force, strongest first.
LOOKS: dict[str, Look] = {
    look.key: look
    for look in (
        Look("due", "due on the day asked", "#0072B2", "#FFFFFF", "●"),
        Look("begins", "begins on a known day", "#E69F00", "#000000", "→"),
        Look("unknown", "undecided", "#F4DCC4", "#000000", "?"),
        Look("without force", "if a text without force were adopted or joined", "#DDE1E4", "#000000", "○"),
        Look("ended", "no longer due", "#98A3AC", "#000000", "×"),
    )
}


def look_of(duty: HeldDuty) -> Look | None:
    """How a duty stands, or None where it does not reach the developer."""
    if duty.group not in LAW:
        return LOOKS["without force"] if duty.if_adopted else None
    if duty.due:
        return LOOKS["due"]
    if duty.coming:
        return LOOKS["begins"]
    return LOOKS["unknown"] if duty.claimed is None else None


def strongest(looks: list[Look]) -> Look:
    """The look of several duties in one place."""
    order = list(LOOKS)
    return min(looks, key=lambda look: order.index(look.key))
