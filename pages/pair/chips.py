"""Two texts with tinted tokens and arcs between them: what pairs of them add.

Choosing some tints the other text by what they add together, and leaves their arcs alone.
"""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.components import v2 as components

from xsb_core import Attribution, Look
from xsb_core.attribution.cells import decimals, positions, shown_cells
from xsb_core.attribution.function_words import carries_little
from xsb_core.encoders.side import Side
from xsb_core.figures.style import BLUE, RED, color_limit

_HERE = Path(__file__)
_COMPONENT = components.component(
    "xsb_token_chips",
    html="""
<div class="texts"></div>
<div class="arcs">
  <label>Arcs: pairs from ± <output></output>
    <input type="range" min="0.025" max="1" step="0.025" aria-label="Arcs from">
  </label>
  <label><input type="checkbox"> also of function words and punctuation</label>
</div>
<div class="hint"></div>
""",
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


Chosen = dict[str, list[int]]
_IDLE = (
    "Tints: what each token adds to the score in all. Point at a token to see with which partners; "
    "click to choose it, several if you like."
)
_DOTTED = " Dotted: what was put before a text."


def token_chips(
    result: Attribution, look: Look, chosen: Chosen, key: str, on_change: Callable[[], None]
) -> None:
    """Draws the two texts of a result.

    Args:
        result: At token or word level.
        look: What of it is shown.
        chosen: Which of the tokens shown are chosen, by text, "a" and "b".
        key: The element's key; its state "chosen" is what was chosen last.
        on_change: Called when tokens were chosen here.
    """
    keep_a, keep_b = (
        positions(side, special=look.special).tolist() for side in (result.a, result.b)
    )
    matrix = shown_cells(result, look)
    _COMPONENT(
        key=key,
        data={
            "a": _side_data(result.a, keep_a),
            "b": _side_data(result.b, keep_b),
            "matrix": matrix.round(6).tolist(),
            "limit": color_limit(result, look=look),
            "places": decimals(matrix),
            "positive": _rgb(RED),
            "negative": _rgb(BLUE),
            "chosen": chosen,
            "idle": _IDLE + _DOTTED * any(result.a.prompted + result.b.prompted),
        },
        default={"chosen": chosen},
        on_chosen_change=on_change,
    )


def _side_data(side: Side, keep: list[int]) -> dict[str, Any]:
    text = side.prompt + side.text
    apart, end = [], 0
    for i in keep:
        start, stop = side.spans[i]
        # set apart where the text has a space; a token's range may begin with that space
        apart.append(side.special[i] or start > end or text[start : start + 1].isspace())
        end = max(end, stop)
    return {
        "direction": _direction(side.text),
        "tokens": [side.tokens[i] for i in keep],
        "special": [side.special[i] for i in keep],
        "prompted": [side.prompted[i] for i in keep],
        "little": [side.special[i] or carries_little(side.tokens[i]) for i in keep],
        "apart": apart,
    }


def _direction(text: str) -> str:
    """A text's direction: that of its first letter which has one."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return (
        "rtl" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "ltr"
    )


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
