"""What the figures share: the colours, the signs of numbers, and user text made safe."""

import html
import unicodedata
from typing import Any

import numpy as np
import regex
from plotly import colors

from xsb_core.attribution.cells import Look, shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.side import Side
from xsb_core.errors import readable

# The ends of ColorBrewer's RdBu, told apart with any common colour blindness.
RED, WHITE, BLUE = "#b2182b", "#ffffff", "#2166ac"
GREY = "#7a7a7a"
FAINT = "rgba(128, 128, 128, 0.35)"  # reads on light and dark pages
# For series that have no sign: Okabe and Ito's, told apart with any common colour blindness.
SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
# Neither on the scale of colours nor on a page's ground.
FRAME = "#e08214"
# Similarity of full colour. Of 150 STS-B dev pairs (MiniLM, layer 4) the largest net cell is
# above it in one of ten, and 0.03 in half of those that score below 0.25.
COLOR_LIMIT = 0.2
SCALE = ((0.0, BLUE), (0.5, WHITE), (1.0, RED))

_SCALE_GAP, _SCALE_WIDTH, _SCALE_SHORTEST, _SCALE_LONGEST = 18, 92, 200.0, 260.0  # pixels
SCALE_SPACE = _SCALE_GAP + _SCALE_WIDTH
CLEAR = "rgba(0,0,0,0)"
# Common to the figures: the page's own ground and font, light or dark.
LAYOUT = {
    "template": {"data": {"scatter": [{"type": "scatter"}]}},  # plotly's "none"
    "paper_bgcolor": CLEAR,
    "plot_bgcolor": CLEAR,
    "showlegend": False,
    "dragmode": False,
    "modebar": {"bgcolor": CLEAR, "color": GREY, "activecolor": GREY},
}

# Pieces such as [UNK] or <unk> stand for text that the vocabulary lacks.
_STAND_IN = regex.compile(r"\[\S+\]|<\S+>")

# White text on a background below this relative luminance has the higher WCAG contrast.
_LUMINANCE_OF_EQUAL_CONTRAST = 0.179


def color_limit(*results: Attribution, look: Look = Look()) -> float:
    """One symmetric colour range for some results: the same for all pairs, or their largest cell.

    Where a similarity is a dot product, whose size depends on the model, it is the largest cell.

    Args:
        results: The results that are to be compared by colour.
        look: What of them is shown.

    Returns:
        The range's upper end, above 0 (1 where every cell is 0).
    """
    if not look.stretch and all(result.similarity == "cosine" for result in results):
        return COLOR_LIMIT
    largest = [np.abs(shown_cells(result, look)).max(initial=0.0) for result in results]
    return float(max(largest)) or 1.0


def difference_limit(first: Attribution, second: Attribution, look: Look) -> float:
    """The colour range of two results' difference: that of cells, or its largest absolute cell."""
    if not look.stretch and first.similarity == second.similarity == "cosine":
        return COLOR_LIMIT
    cells = shown_cells(second, look) - shown_cells(first, look)
    return float(np.abs(cells).max(initial=0.0)) or 1.0


def color_bar(title: str, limit: float, width: float, height: float) -> dict[str, Any]:
    """The legend of the colours, to the right of a plot of this size in pixels."""
    form = "+.2g" if limit < 100 else "+,.0f"
    ends = [f"{end:{form}}".replace("-", "\u2212") for end in (-limit, limit)]
    return {
        "title": {"text": title, "font": {"size": 12}},
        "tickvals": [-limit, 0, limit],
        "ticktext": [ends[0], "0", ends[1]],
        "thickness": 14,
        "lenmode": "pixels",
        "len": scale_length(height),
        "x": 1 + _SCALE_GAP / width,
        "xpad": 0,
        "y": 1,
        "yanchor": "top",
        "ypad": 0,
        "outlinewidth": 0,
    }


def scale_length(height: float) -> float:
    """Length of the colour bar, title included, beside a plot of this height; all in pixels."""
    return max(_SCALE_SHORTEST, min(_SCALE_LONGEST, height))


def tint(value: float, limit: float) -> tuple[str, str]:
    """Colours of a cell or token chip with this value, as CSS.

    Args:
        value: The value; clipped where it is beyond the limit.
        limit: The value of full colour, as of ``color_limit``.

    Returns:
        The background, and the text colour: black or white, whichever reads better on it.
    """
    end = colors.hex_to_rgb(RED if value > 0 else BLUE)
    strength = min(abs(value) / limit, 1.0)
    red, green, blue = (round(255 + strength * (channel - 255)) for channel in end)
    linear = [_linear(channel / 255) for channel in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    text = "black" if luminance > _LUMINANCE_OF_EQUAL_CONTRAST else "white"
    return f"#{red:02x}{green:02x}{blue:02x}", text


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def escape(label: str) -> str:
    """User text as plotly's pseudo-HTML, which then shows it exactly as typed.

    Tags, entities and MathJax are disarmed, invisible characters made visible, and text with
    right-to-left letters is isolated, so that it keeps its own direction and its neighbours theirs.
    """
    shown = html.escape(readable(label), quote=False).replace("$", "&#36;")
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in shown):
        return f"\u2068{shown}\u2069"
    return shown


_OF_NUMBERS = {".": 0.28, "\u2212": 0.59}  # the others are digits
# What the title of a heatmap beside another has room for, as of ``shorten``.
TITLE_UNITS = 40


def shorten(label: str, units: int) -> str:
    """The start of a label, with an ellipsis where it is wider than so many narrow characters."""
    if _units(label) <= units:
        return label
    start = ""
    for cluster in regex.findall(r"\X", label):
        if _units(start + cluster) > units - 1:
            break
        start += cluster
    return start + "\u2026"


def text_width(text: str, font: int) -> float:
    """About how many pixels wide a line of text is in a sans-serif font; rather more than less."""
    return 0.62 * font * _units(text)


def number_width(text: str) -> float:
    """How wide a number is in a sans-serif font, in the font's size."""
    return sum(_OF_NUMBERS.get(char, 0.56) for char in text)


def _units(text: str) -> float:
    """Width in narrow characters."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    capitals = sum(char.isupper() for char in text)
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    return len(text) + wide + 0.2 * capitals - marks


def token_names(side: Side) -> list[str]:
    """Each token in full, for tooltips, and the vocabulary's stand-in where it has one."""
    names = []
    for token, piece, special in zip(side.tokens, side.pieces, side.special, strict=True):
        name = f"\u2039{escape(token)}\u203a"
        stands_in = any(_STAND_IN.fullmatch(part) for part in piece.split())
        if stands_in and not special and piece != token:
            name += f", read as {escape(piece)}"
        names.append(name)
    return names
