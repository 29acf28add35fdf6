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
    (value >= 0 ? "+" : "\u2212") + Math.abs(value).toFixed(data.places);

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
