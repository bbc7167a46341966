/**
 * The environments' rules. `start` has the cells of agent and target, T, and the wait before the first
 * flash; `settings` are those of the run. Steps are counted from 1.
 */
const TASKS = {
  "TimedArrival-v1": {
    timing: "arrival",
    waits: [],
    limit: (settings, { T }) => Math.max(T + 8, settings.time_limit),
    told: ({ T }) => T,
    flashes: () => false,
    /** The step at which arriving is a success. */
    due: ({ T }) => T,
    /** The time that is judged, of an arrival at step t. */
    judged: (start, t) => t,
    tolerance: () => 0,
  },
  "IntervalReproduction-v1": {
    timing: "response",
    waits: [1, 2, 3, 4],
    limit: (settings, { T }) => Math.max(2 * T + 12, settings.time_limit),
    told: () => 0,
    flashes: ({ T, wait }, t) => t === wait || t === wait + T,
    due: ({ T, wait }) => wait + 2 * T,
    judged: ({ T, wait }, t) => t - wait - T,
    tolerance: (settings) => settings.tolerance,
  },
};

/** Whether being on time is possible from this start. */
function isFeasible(settings, start) {
  const task = TASKS[settings.id];
  const last = Math.min(task.due(start) + task.tolerance(settings), task.limit(settings, start));
  return distance(start.agent, start.target) <= last;
}
