/** A number as people read it: with a true minus sign, and without decimals where it is whole. */
function number(value, decimals = 0) {
  const text = Number.isInteger(value) ? count(Math.abs(value)) : Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** A whole number with its thousands apart. */
function count(value) {
  return value.toLocaleString("en");
}

function percent(share) {
  return share > 0 && share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
}

function plural(many, noun) {
  return `${count(many)} ${noun}${many === 1 ? "" : "s"}`;
}

function cellWords(cell) {
  return `row ${Math.floor(cell / SIDE) + 1}, column ${(cell % SIDE) + 1}`;
}

/** What an image shows, for those who do not see it. */
function frameWords(frame) {
  const where = frame.agent === frame.target ? "agent on the target" : `agent in ${cellWords(frame.agent)}; target`;
  return `${where} in ${cellWords(frame.target)}${frame.flash ? "; the grid flashes" : ""}`;
}

/** How an episode ended, in a sentence. */
function outcomeWords(episode) {
  const { arrived, late, success, steps, limit, due, feasible, start } = episode;
  const unfair = feasible ? "" : " Not feasible: the target was too far away.";
  if (!arrived) return `Out of time: target not reached in ${plural(limit, "step")}, due at step ${count(due)}.${unfair}`;
  const at = `arrived at step ${count(steps.length)}`;
  if (late === 0) return due === start.T ? `On time: ${at} of T = ${count(start.T)}.` : `On time: ${at}, due at step ${count(due)}.`;
  const apart = `${plural(Math.abs(late), "step")} ${late < 0 ? "before" : "after"} ${due === start.T ? `T = ${count(start.T)}` : `step ${count(due)}`}`;
  const kind = success ? "Within tolerance" : late < 0 ? "Too early" : "Too late";
  return `${kind}: ${at}, ${apart}.${unfair}`;
}

/** What is about to be done at time t, in a sentence. */
function stepWords(episode, t) {
  const thought = episode.steps[t];
  return `Step ${count(t + 1)}: ${ACTIONS[thought.action]}, probability ${percent(thought.probabilities[thought.action])}.`;
}
