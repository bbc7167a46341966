/** The most probable decisions: the first of the greatest, and the next phase from one half on. */
function greedy(thought) {
  return { action: thought.logits.indexOf(Math.max(...thought.logits)), goesOn: thought.phaseLogit >= 0 };
}

/** Decisions drawn from the probabilities. */
function sampled(thought) {
  let left = Math.random();
  const drawn = thought.probabilities.findIndex((probability) => (left -= probability) < 0);
  return { action: drawn < 0 ? greedy(thought).action : drawn, goesOn: Math.random() < sigmoid(thought.phaseLogit) };
}

/**
 * Plays an episode to its end. Gives the frames (one more than there are steps), the steps with what
 * went on in the network and what it did, and how it ended.
 */
function playEpisode(agent, settings, start, choose = greedy) {
  const task = TASKS[settings.id], limit = task.limit(settings, start);
  const frame = (cell, t) => ({ agent: cell, target: start.target, flash: task.flashes(start, t) });
  const frames = [frame(start.agent, 0)], steps = [];
  agent.reset();
  let cell = start.agent;
  while (cell !== start.target && steps.length < limit) {
    const thought = agent.step(frames[steps.length], task.told(start));
    const { action, goesOn } = choose(thought);
    agent.goesOn = goesOn;
    cell = destination(cell, action);
    steps.push({ ...thought, action });
    frames.push(frame(cell, steps.length));
  }
  const arrived = cell === start.target, t = steps.length;
  const late = arrived ? t - task.due(start) : null;
  const success = arrived && Math.abs(late) <= task.tolerance(settings);
  return {
    start, frames, steps, limit, arrived, late, success,
    due: task.due(start),
    judged: arrived ? task.judged(start, t) : null,
    feasible: isFeasible(settings, start),
  };
}
