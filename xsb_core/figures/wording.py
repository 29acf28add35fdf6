"""What the numbers of a heatmap are called, in its colour bar and its tooltips."""

from typing import NamedTuple

_TOKENS = "A: <b>%{customdata[2]}</b><br>B: <b>%{customdata[3]}</b><br>"
_PLAIN_TOKENS = "A: <b>%{y}</b><br>B: <b>%{x}</b><br>"


class Wording(NamedTuple):
    """What the numbers of a heatmap are called.

    Attributes:
        scale: The colour bar's title.
        hover: A tooltip, of tokens, value and the cell's other details.
        plain_hover: A tooltip where there is no overlay.
    """

    scale: str
    hover: str
    plain_hover: str


ATTRIBUTION = Wording(
    "red raises,<br>blue lowers<br>the score<br>&nbsp;",
    f"{_TOKENS}adds %{{customdata[4]}} to the score<br>%{{customdata[5]}} of all that raises it"
    "<extra></extra>",
    f"{_PLAIN_TOKENS}adds %{{z:+.4f}} to the score<extra></extra>",
)
DIFFERENCE = Wording(
    "difference:<br>red, higher in<br>model 2;<br>blue, lower<br>&nbsp;",
    f"{_TOKENS}difference %{{customdata[4]}}<br>model 1: %{{customdata[5]}}<br>"
    "model 2: %{customdata[6]}<extra></extra>",
    f"{_PLAIN_TOKENS}difference %{{z:+.4f}}<extra></extra>",
)
