const ARROWS = ["↑", "↓", "←", "→", "·"];

/** A row for each action, made once. */
function makeGauges() {
  const row = (action, i) => element("tr", {},
    element("th", { scope: "row" }, element("span", { class: "arrow", "aria-hidden": "true" }, ARROWS[i]), ` ${action}`),
    element("td", { class: "bar", "aria-hidden": "true" }, element("span", { class: `fill series-${i}` })),
    element("td", { class: "share" }));
  part("gauges").replaceChildren(...ACTIONS.map(row));
}

/** The probabilities and the value at time t; after the last step they are still those of that step. */
function drawGauges(episode, t) {
  const at = Math.min(t, episode.steps.length - 1), thought = episode.steps[at];
  part("step").textContent = `Step ${count(at + 1)}: action probabilities`;
  part("value").textContent = number(thought.value, 3);
  [...part("gauges").rows].forEach((row, i) => {
    row.classList.toggle("chosen", i === thought.action);
    row.querySelector(".fill").style.width = `${100 * thought.probabilities[i]}%`;
    row.querySelector(".share").textContent = percent(thought.probabilities[i]);
  });
}
