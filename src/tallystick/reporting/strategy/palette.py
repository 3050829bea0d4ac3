"""How shares and deals are drawn: colour with a number or a mark, so that colour is never the only sign.

Colours are those of Okabe and Ito (jfly.uni-koeln.de/color) or mixed from them with white.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """Shares from ``low`` on, up to the next band: label, fill, and the colour of text on it."""

    low: float
    label: str
    fill: str
    ink: str


#: From the lowest share to the highest.
BANDS = (
    Band(0.0, "at most 0.1 (robust no)", "#D55E00", "#000000"),
    Band(0.1, "to 0.5", "#F7D3B0", "#000000"),
    Band(0.5, "to 0.9", "#BBDCEF", "#000000"),
    Band(0.9, "0.9 and more (robust yes)", "#0072B2", "#FFFFFF"),
)

#: The same scale with more steps, for maps without numbers.
FINE_BANDS = (
    BANDS[0],
    Band(0.1, "to 0.3", "#EBA36B", "#000000"),
    Band(0.3, "to 0.5", "#F7D3B0", "#000000"),
    Band(0.5, "to 0.7", "#DCECF6", "#000000"),
    Band(0.7, "to 0.9", "#8FC3E4", "#000000"),
    BANDS[-1],
)

KINDS = {"regime": "#0072B2", "early deal": "#E69F00", "late deal": "#CC79A7"}
RISES, FALLS, CHOICE = "#0072B2", "#E69F00", "#BBBBBB"


def band_of(share: float, bands: tuple[Band, ...] = BANDS) -> Band:
    """The band of a share: 0.1 itself is a robust no, 0.9 itself a robust yes."""
    if share <= 0.1:
        return bands[0]
    return next(band for band in reversed(bands[1:]) if share >= band.low)
