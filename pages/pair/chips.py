"""Two texts with tinted tokens; choosing some tints the other text by what they add together."""

import unicodedata
from collections.abc import Callable
from typing import Any

from streamlit.components import v2 as components

from xsb_core import Attribution, Look
from xsb_core.attribution.cells import decimals, positions, shown_cells
from xsb_core.encoders.side import Side
from xsb_core.figures.style import BLUE, RED, color_limit

_CSS = """
.text { margin: 0 0 .3rem; line-height: 1.8; font-size: 1rem; }
.name { font-size: .8rem; opacity: .7; margin-inline-end: .6rem; }
button {
  font: inherit; border: 1px solid transparent; border-radius: 4px; padding: 0 .18rem;
  margin: 0; cursor: pointer; unicode-bidi: isolate; white-space: pre; color: inherit;
}
button.apart { margin-inline-start: .28rem; }
button.special { font-size: .8em; font-style: italic; }
button.prompted { text-decoration: underline dotted; text-underline-offset: .2em; }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
button[aria-pressed="true"] { border: 2px solid var(--st-text-color); }
.hint { font-size: .8rem; opacity: .7; min-height: 1.2em; }
"""

_JS = """
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".texts");
  const hint = parentElement.querySelector(".hint");
  const sides = ["a", "b"];
  const other = { a: "b", b: "a" };
  const chips = { a: [], b: [] };
  let pinned = { a: [...data.chosen.a], b: [...data.chosen.b] };

  const cell = (side, own, partner) =>
    side === "a" ? data.matrix[own][partner] : data.matrix[partner][own];
  const add = (values) => values.reduce((sum, value) => sum + value, 0);
  const all = (side) => data[side].tokens.map((_, i) => i);
  const signed = (value) =>
    (value >= 0 ? "+" : "\\u2212") + Math.abs(value).toFixed(data.places);

  const paint = (chip, value) => {
    const strength = Math.min(Math.abs(value) / data.limit, 1);
    const end = value >= 0 ? data.positive : data.negative;
    const [r, g, b] = end.map((part) => Math.round(255 + (part - 255) * strength));
    chip.style.background = `rgb(${r},${g},${b})`;
    chip.style.color = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000" : "#fff";
    chip.dataset.value = value;
    chip.title = `${chip.textContent}: ${signed(value)}`;
  };

  // each token shows its sum with the tokens chosen in the other text, or with all of them
  const show = (chosen) => {
    for (const side of sides) {
      const partners = chosen[other[side]].length ? chosen[other[side]] : all(other[side]);
      chips[side].forEach((chip, i) => {
        chip.setAttribute("aria-pressed", chosen[side].includes(i) ? "true" : "false");
        paint(chip, add(partners.map((partner) => cell(side, i, partner))));
      });
    }
    if (!chosen.a.length && !chosen.b.length) { hint.textContent = data.idle; return; }
    const rows = chosen.a.length ? chosen.a : all("a");
    const columns = chosen.b.length ? chosen.b : all("b");
    const sum = add(rows.map((row) => add(columns.map((column) => data.matrix[row][column]))));
    const named = (side) => chosen[side].length
      ? chosen[side].map((i) => data[side].tokens[i]).join(" + ")
      : "all of text " + side.toUpperCase();
    hint.textContent = `${named("a")} with ${named("b")}: ${signed(sum)}`;
  };

  root.replaceChildren();
  for (const side of sides) {
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
      chip.classList.toggle("prompted", text.prompted[i]);
      const none = () => !pinned.a.length && !pinned.b.length;
      chip.onmouseenter = () => { if (none()) show({ a: [], b: [], [side]: [i] }); };
      chip.onmouseleave = () => { if (none()) show(pinned); };
      chip.onclick = () => {
        const kept = pinned[side].filter((one) => one !== i);
        if (kept.length === pinned[side].length) kept.push(i);
        pinned = { ...pinned, [side]: kept.sort((x, y) => x - y) };
        show(pinned);
        setStateValue("chosen", pinned);
      };
      chips[side].push(chip);
      line.append(chip);
    });
    root.append(line);
  }
  show(pinned);
}
"""

_COMPONENT = components.component(
    "xsb_token_chips",
    html='<div class="texts"></div><div class="hint"></div>',
    css=_CSS,
    js=_JS,
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
    keep_a, keep_b = (positions(side, look.special).tolist() for side in (result.a, result.b))
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
