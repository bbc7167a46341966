/** How many of the core's units are drawn: those that move most. */
const MOST_UNITS = 5;

/**
 * The charts over time, one for each kind of number: lines are lists of numbers, one for each step,
 * with a name each.
 */
function chartsOf(episode, player) {
  const column = (of) => episode.steps.map(of), units = busiest(episode);
  const counters = distinct(player.counters.map((name, i) => ({ name, values: column((step) => step.n[i]) })));
  const charts = [
    { title: "Probability of each action", stacked: true, lines: ACTIONS.map((name, i) => ({ name, values: column((step) => step.probabilities[i]) })) },
    { title: "Predicted return (value)", lines: [{ name: "value", values: column((step) => step.value) }] },
    { title: `${CORES[player.model.core].title}: most active units`, lines: units.map((unit) => ({ name: `h${unit}`, values: column((step) => step.h[unit]) })) },
  ];
  if (counters.length > 0) charts.splice(1, 0, { title: "Counters, in steps", lines: counters, most: 2 * Math.max(10, episode.due) });
  return charts;
}

/** Lines of one name that are the same all along, as one: four counters can hold the same. */
function distinct(lines) {
  const found = [];
  for (const line of lines) {
    const same = found.find(({ name, values }) => name === line.name && values.every((value, k) => value === line.values[k]));
    if (same === undefined) found.push({ ...line, times: 1 });
    else same.times += 1;
  }
  return found.map(({ name, values, times }) => ({ name, values, note: times > 1 ? ` (×${times})` : "" }));
}

/** Numbers of units by the range of what they do, the widest first. */
function busiest(episode) {
  const width = (unit) => {
    const values = episode.steps.map((step) => step.h[unit]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  };
  const widths = Array.from(episode.steps[0].h, (_, unit) => [unit, width(unit)]);
  return widths.sort((a, b) => b[1] - a[1]).slice(0, MOST_UNITS).map(([unit]) => unit);
}

/** Draws the charts of a new episode. Gives a function that moves their cursors. */
function drawCharts(episode, player, seek) {
  const drawn = chartsOf(episode, player).map((chart) => drawChart(chart, episode, seek));
  part("charts").replaceChildren(...drawn.map(({ figure }) => figure));
  return (t) => drawn.forEach(({ move }) => move(Math.min(t, episode.steps.length - 1)));
}

function drawChart(chart, episode, seek) {
  const last = episode.steps.length - 1, x = (k) => (last === 0 ? 50 : (100 * k) / last);
  const [low, high] = chart.stacked ? [0, 1] : range(chart);
  const y = (value) => 100 - (100 * (Math.max(low, Math.min(high, value)) - low)) / (high - low);
  const upright = (className, k) => element("line", { class: className, x1: x(k), x2: x(k), y1: 0, y2: 100 });
  const cursor = upright("cursor", 0);
  const svg = element("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img", "aria-label": chartWords(chart, low, high) });
  if (low < 0 && high > 0) svg.append(element("line", { class: "zero", x1: 0, x2: 100, y1: y(0), y2: y(0) }));
  svg.append(...(chart.stacked ? areas(chart.lines, x, y) : curves(chart.lines, x, y)));
  if (episode.due - 1 <= last) svg.append(upright("due", episode.due - 1));
  svg.append(cursor);
  const shown = chart.lines.map(() => element("span", { class: "figure" }));
  const key = (line, i) => element("li", {}, element("span", { class: `swatch series-${i % 8}${chart.stacked ? "" : " thin"}`, "aria-hidden": "true" }), ` ${line.name}${line.note ?? ""}${chart.stacked ? "" : " = "}`, shown[i]);
  const plot = element("div", { class: "plot" }, svg, ...axisLabels(chart, episode, low, high, x));
  // A pointer is one more way to scrub; the slider is the way for the keyboard.
  plot.addEventListener("pointerdown", (event) => plot.setPointerCapture(event.pointerId));
  const scrub = (event) => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const area = svg.getBoundingClientRect(), share = (event.clientX - area.left) / area.width;
    seek(Math.max(0, Math.min(last, Math.round(share * last))));
  };
  for (const name of ["pointerdown", "pointermove"]) plot.addEventListener(name, scrub);
  const legend = element("ul", { class: "legend" }, ...chart.lines.map(key));
  const move = (k) => {
    cursor.setAttribute("x1", x(k));
    cursor.setAttribute("x2", x(k));
    // The probabilities stand beside the board.
    if (!chart.stacked) chart.lines.forEach((line, i) => { shown[i].textContent = number(line.values[k], 2); });
  };
  return { figure: element("figure", {}, element("figcaption", {}, chart.title + (isCut(chart) ? `, shown up to ±${count(chart.most)}` : "")), plot, legend), move };
}

/**
 * The least and the greatest of all lines, never the same, and no further than the chart goes: one
 * NALU that multiplies would make the others a flat line.
 */
function range({ lines, most = Infinity }) {
  const values = lines.flatMap((line) => line.values).map((value) => Math.max(-most, Math.min(most, value)));
  const low = values.reduce((a, b) => Math.min(a, b)), high = values.reduce((a, b) => Math.max(a, b));
  return high - low > 1e-6 ? [low, high] : [low - 0.5, high + 0.5];
}

/** Whether a line goes further than its chart. */
function isCut({ lines, most = Infinity }) {
  return lines.some((line) => line.values.some((value) => Math.abs(value) > most));
}

function curves(lines, x, y) {
  const points = (values) => values.map((value, k) => `${x(k).toFixed(3)},${y(value).toFixed(3)}`).join(" ");
  return lines.map((line, i) => element("polyline", { class: `curve series-${i % 8}`, points: points(line.values) }));
}

/** Probabilities on top of each other: together they fill the chart. */
function areas(lines, x, y) {
  const edges = [lines[0].values.map(() => 0)];
  for (const line of lines) edges.push(line.values.map((value, k) => edges[edges.length - 1][k] + value));
  const points = (edge) => edge.map((value, k) => `${x(k).toFixed(3)},${y(value).toFixed(3)}`);
  const outline = (i) => [...points(edges[i]), ...points(edges[i + 1]).reverse()].join(" ");
  return lines.map((line, i) => element("polygon", { class: `area series-${i}`, points: outline(i) }));
}

function axisLabels(chart, episode, low, high, x) {
  const steps = episode.steps.length, decimals = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(high - low))));
  const label = (className, text) => element("span", { class: `axis ${className}`, "aria-hidden": "true" }, text);
  const labels = [
    label("high", chart.stacked ? "100 %" : number(high, decimals)),
    label("low", chart.stacked ? "0" : number(low, decimals)),
    label("start", "1"), label("end", (episode.due === steps && episode.start.T === steps ? "T = " : "") + count(steps)),
  ];
  const at = x(episode.due - 1);
  // The axis's name stands in the middle, unless T does.
  const name = label("name", "step");
  name.style.left = Math.abs(at - 50) < 10 ? "25%" : "50%";
  labels.push(name);
  if (episode.due < steps && at > 12 && at < 88) {
    const mark = label("due", episode.due === episode.start.T ? "T" : "due");
    mark.style.setProperty("--at", `${at}%`);
    labels.push(mark);
  }
  return labels;
}

function chartWords(chart, low, high) {
  if (chart.stacked) return "The probability of each action over the episode's steps.";
  return `${chart.title} over the episode's steps, from ${number(low, 2)} to ${number(high, 2)}.`;
}
