/** What is played: the player's inputs, and what they say. */
const GREATEST_T = 1000;
const PRESETS = [5, 12, 19, 30, 100, 300, 1000];

function makeSetup(players, change) {
  fillSelect(part("agent"), players.map((player, i) => [i, player.label]));
  const cells = Array.from({ length: CELLS }, (_, cell) => [cell, cellWords(cell).replace("column", "col")]);
  for (const name of ["from", "to"]) fillSelect(part(name), cells);
  part("presets").replaceChildren(...PRESETS.map((T) => {
    const button = element("button", { type: "button", "aria-label": `T = ${T}` }, count(T));
    button.addEventListener("click", () => { part("T").value = T; change(); });
    return button;
  }));
  for (const name of ["agent", "T", "from", "to", "wait", "policy"]) part(name).addEventListener("change", change);
  part("T").addEventListener("input", change);
  part("again").addEventListener("click", () => { drawPlaces(); change(); });
  drawPlaces();
}

/** Two different cells, and a wait for those tasks that have one. */
function drawPlaces() {
  const below = (n) => Math.floor(Math.random() * n);
  const from = below(CELLS), other = below(CELLS - 1);
  part("from").value = from;
  part("to").value = other + (other >= from ? 1 : 0);
  if (part("wait").options.length > 0) part("wait").selectedIndex = below(part("wait").options.length);
}

/** Shows the waits of a task, if it has any. */
function offerWaits(task) {
  part("wait-label").hidden = task.waits.length === 0;
  if (part("wait").options.length === task.waits.length) return;
  fillSelect(part("wait"), task.waits.map((wait) => [wait, plural(wait, "step")]));
}

/** The chosen T, or null where what stands there is none. */
function chosenT() {
  const T = Number(part("T").value), valid = Number.isInteger(T) && T >= 1 && T <= GREATEST_T;
  part("T-problem").hidden = valid;
  part("T").setAttribute("aria-invalid", String(!valid));
  return valid ? T : null;
}

/** The chosen cells, or null where agent and target would be in the same one. */
function chosenCells() {
  const agent = Number(part("from").value), target = Number(part("to").value), valid = agent !== target;
  part("cells-problem").hidden = valid;
  for (const name of ["from", "to"]) part(name).setAttribute("aria-invalid", String(!valid));
  return valid ? { agent, target } : null;
}
