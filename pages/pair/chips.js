// as chosen for the pairs shown before: the part of full colour from which pairs have an arc
let least = 0.2, little = false;

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

  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const slider = parentElement.querySelector("[type=range]");
  const box = parentElement.querySelector("[type=checkbox]");
  const from = parentElement.querySelector("output");
  const drawn = (chosen) => {
    const among = (side, i) => (chosen[side].length ? chosen[side].includes(i) : true)
      && (little || !data[side].little[i]);
    const pairs = data.matrix.flatMap((row, i) => row.map((value, j) => ({ value, i, j })));
    return pairs
      .filter(({ value, i, j }) => value && Math.abs(value) >= least * data.limit
        && among("a", i) && among("b", j))
      .sort((x, y) => Math.abs(y.value) - Math.abs(x.value))
      .slice(0, 60);
  };

  // strongest pairs, thicker where they add or take more
  const arcs = (chosen) => {
    from.textContent = (least * data.limit).toFixed(data.places);
    const frame = root.getBoundingClientRect();
    svg.replaceChildren(...drawn(chosen).map(({ value, i, j }) => {
      const [up, down] = [chips.a[i], chips.b[j]].map((chip) => chip.getBoundingClientRect());
      const [x, y] = [up.left + up.width / 2 - frame.left, up.bottom - frame.top];
      const [u, v] = [down.left + down.width / 2 - frame.left, down.top - frame.top];
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x},${y} C${x},${(y + v) / 2} ${u},${(y + v) / 2} ${u},${v}`);
      path.setAttribute("fill", "none");
      path.setAttribute("stroke", `rgb(${value > 0 ? data.positive : data.negative})`);
      path.setAttribute("stroke-width", 1 + 4 * Math.min(1, Math.abs(value) / data.limit));
      path.setAttribute("stroke-opacity", 0.75);
      path.dataset.pair = `${data.a.tokens[i]}–${data.b.tokens[j]}`;
      return path;
    }));
  };

  // each token shows its sum with the tokens chosen in the other text, or with all of them
  const show = (chosen) => {
    arcs(chosen);
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
  root.append(svg);
  slider.value = least;
  box.checked = little;
  slider.oninput = () => { least = Number(slider.value); arcs(pinned); };
  box.onchange = () => { little = box.checked; arcs(pinned); };
  show(pinned);
  const watch = new ResizeObserver(() => arcs(pinned));
  watch.observe(root);
  return () => watch.disconnect();
}
