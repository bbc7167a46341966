"""Comparison of a page's own engine with the program: the program's steps, and play from their beginning."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from comparison import PARTS, Steps, compare, read  # noqa: E402
from outsider import EVALUATION, load, philox  # noqa: E402

# Each episode three times: from step to step in the program's state, with the program's actions alone, and freely.
REPLAY = """
function replay(agent, settings, episodes) {
  return episodes.map(({ start, actions, states }) => {
    const play = (choose) => playEpisode(agent, settings, start, choose);
    const led = [], followed = [];
    // The program's decisions: its action, and whether its next step is in another phase.
    const decided = (t) => ({ action: actions[t], goesOn: (states[t + 1] ?? states[t]).phase > states[t].phase });
    const { frames, arrived, success, feasible } = play((thought) => {
      const { logits, value, n, h, phaseLogit } = thought, { h: hNext, c: cNext, n: nNext } = states[led.length];
      const phase = agent.model.phases > 1 ? { phase_logit: phaseLogit } : {};
      led.push({ logits: [...logits], value, n: [...n], h: [...h], c: [...agent.c], choice: greedy(thought).action, ...phase });
      agent.h = Float32Array.from(hNext);
      agent.c = Float32Array.from(cNext);
      if (agent.feedback) agent.feedback.n = Float32Array.from(nNext);
      return decided(led.length - 1);
    });
    play(({ logits, value, n }) => decided(followed.push({ logits: [...logits], value, n: [...n] }) - 1));
    const free = play(greedy).steps.map(({ action }) => action);
    const outcome = arrived ? "terminated" : "truncated";
    return { led, followed, free, course: { frames: frames.map(frameKey), outcome, success, feasible } };
  });
}
"""
CHUNK = 20


def start(episode):
    """Gives the beginning of an episode. The wait is the fourth number of its stream; tasks without one ignore it."""
    seed, T, key = episode["seed"], episode["T"], episode["steps"][0]["frame"]
    stream = [0, 0, EVALUATION << 24 | episode["lane"], T]
    wait = 1 + (philox(stream, [seed & 0xFFFFFFFF, seed >> 32])[3] * 4 >> 32)
    return {"agent": key // 25, "target": key % 25, "T": T, "wait": wait}


def question(episode):
    """Gives an episode in the form that `replay` takes."""
    states = [{part: step.get(part, 0) for part in ("h", "c", "n", "phase")} for step in episode["steps"]]
    return {"start": start(episode), "actions": [step["action"] for step in episode["steps"]], "states": states}


def check(checkpoint, watched, name, replay):
    """Compares a player with its run's checkpoint and what the program told; `replay` takes and gives lists."""
    episodes, played = read(watched), []
    for first in range(0, len(episodes), CHUNK):
        played += replay([question(episode) for episode in episodes[first : first + CHUNK]])
    steps = Steps(episodes)
    led, followed = ([step for episode in played for step in episode[way]] for way in ("led", "followed"))
    column = lambda rows, part: np.array([row.get(part, []) for row in rows]).reshape(len(rows), -1)
    found = {part: column(led, part) for part in PARTS}
    report = compare(steps, steps.exactly(*load(checkpoint)), name, found, column(led, "choice")[:, 0])
    for theirs, ours in zip(played, episodes, strict=True):
        expected = {field: ours[field] for field in ("outcome", "success", "feasible")}
        expected["frames"] = [*(step["frame"] for step in ours["steps"]), ours["last"]]
        if theirs["course"] != expected:
            report["wrong"].append(f"{name}: T {ours['T']}, lane {ours['lane']}: {theirs['course']}, and not {expected}")
    apart = {part: abs(column(followed, part) - steps.after[part]) for part in ("logits", "value", "n")}
    greedy = [(theirs["free"], ours) for theirs, ours in zip(played, episodes) if ours["policy"] == "greedy"]
    different = sum(free != [step["action"] for step in ours["steps"]] for free, ours in greedy)
    return {
        **report,
        "player": name,
        "actions": sorted(set(steps.actions.tolist())),
        "apart_under_the_same_actions": {part: float(far.max()) for part, far in apart.items() if far.size},
        "played_freely": {"episodes": len(greedy), "different": different},
    }
