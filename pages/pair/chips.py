"""Two texts with tinted tokens; choosing one tints the other text by its row or column."""

import unicodedata
from typing import Any

from streamlit.components import v2 as components

from xsb_core import Attribution, Look
from xsb_core.attribution.cells import positions, shown_cells
from xsb_core.figures.style import BLUE, RED

_CSS = """
.text { margin: 0 0 .6rem; line-height: 2.1; font-size: 1rem; }
.name { font-size: .8rem; opacity: .7; margin-inline-end: .6rem; }
button {
  font: inherit; border: 1px solid transparent; border-radius: 4px; padding: 0 .18rem;
  margin: 0; cursor: pointer; unicode-bidi: isolate; white-space: pre; color: inherit;
}
button.apart { margin-inline-start: .28rem; }
button.special { font-size: .8em; font-style: italic; }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
button[aria-pressed="true"] { border-color: var(--st-text-color); }
.hint { font-size: .8rem; opacity: .7; min-height: 1.2em; }
"""

_JS = """
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".texts");
  const hint = parentElement.querySelector(".hint");
  const idle = "Tints show each token's total. Point at a token to see its partners, " +
    "click to keep them.";
  let pinned = null;
  const chips = { a: [], b: [] };

  const mix = (value, limit) => {
    const strength = Math.min(Math.abs(value) / limit, 1);
    const end = value >= 0 ? data.positive : data.negative;
    return end.map((part) => Math.round(255 + (part - 255) * strength));
  };
  const paint = (chip, value, limit) => {
    const [r, g, b] = mix(value, limit);
    chip.style.background = `rgb(${r},${g},${b})`;
    chip.style.color = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000" : "#fff";
    chip.dataset.value = value;
  };
  const plain = (chip) => {
    chip.style.background = "transparent";
    chip.style.color = "inherit";
    chip.dataset.value = "";
  };
  const signed = (value) => (value >= 0 ? "+" : "\\u2212") + Math.abs(value).toFixed(4);

  const show = (chosen) => {
    for (const side of ["a", "b"]) {
      const text = data[side];
      chips[side].forEach((chip, i) => {
        const own = chosen && chosen.side === side;
        chip.setAttribute("aria-pressed", own && chosen.index === i ? "true" : "false");
        let value = text.totals[i];
        let limit = data.total_limit;
        if (own) { plain(chip); }
        else {
          if (chosen) {
            value = side === "b" ? data.matrix[chosen.index][i] : data.matrix[i][chosen.index];
            limit = data.cell_limit;
          }
          paint(chip, value, limit);
        }
        chip.title = `${text.tokens[i]}: ${signed(value)}` + (chosen && !own ? "" : " in total");
      });
    }
    hint.textContent = chosen
      ? `${data[chosen.side].tokens[chosen.index]}: ` +
        `${signed(data[chosen.side].totals[chosen.index])} in total; ` +
        "the other text shows how it is spread."
      : idle;
  };

  root.replaceChildren();
  for (const side of ["a", "b"]) {
    const text = data[side];
    const line = document.createElement("div");
    line.className = "text";
    line.dir = text.direction;
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", "Tokens of text " + side.toUpperCase());
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = side.toUpperCase();
    line.append(name);
    text.tokens.forEach((token, i) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.textContent = token;
      chip.classList.toggle("apart", text.apart[i]);
      chip.classList.toggle("special", text.special[i]);
      chip.onmouseenter = () => { if (!pinned) show({ side, index: i }); };
      chip.onmouseleave = () => { if (!pinned) show(null); };
      chip.onclick = () => {
        const same = pinned && pinned.side === side && pinned.index === i;
        pinned = same ? null : { side, index: i };
        show(pinned);
      };
      chips[side].push(chip);
      line.append(chip);
    });
    root.append(line);
  }
  show(null);
}
"""

_COMPONENT = components.component(
    "xsb_token_chips",
    html='<div class="texts"></div><div class="hint"></div>',
    css=_CSS,
    js=_JS,
)


def token_chips(result: Attribution, look: Look, key: str) -> None:
    """Draws the two texts of a result.

    Args:
        result: At token or word level.
        look: What of it is shown.
        key: The element's key.
    """
    keep_a, keep_b = (positions(side, look.special).tolist() for side in (result.a, result.b))
    matrix = shown_cells(result, look)
    totals_a, totals_b = matrix.sum(1), matrix.sum(0)
    tiny = 1e-12  # all-zero matrices stay white
    _COMPONENT(
        key=key,
        data={
            "a": _side_data(result.a, keep_a, totals_a),
            "b": _side_data(result.b, keep_b, totals_b),
            "matrix": matrix.round(6).tolist(),
            "total_limit": max(abs(totals_a).max(), abs(totals_b).max(), tiny),
            "cell_limit": max(abs(matrix).max(), tiny),
            "positive": _rgb(RED),
            "negative": _rgb(BLUE),
        },
    )


def _side_data(side: Any, keep: list[int], totals: Any) -> dict[str, Any]:
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
        "apart": apart,
        "totals": totals.round(6).tolist(),
    }


def _direction(text: str) -> str:
    """A text's direction: that of its first letter which has one."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return (
        "rtl" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "ltr"
    )


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
