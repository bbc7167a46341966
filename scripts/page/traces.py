"""What the program played, as starts for a page, and how a page's episodes differ from it."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from outsider import EVALUATION, philox  # noqa: E402

# How the page plays these starts; `gaps` are those of the two greatest logits, step by step.
PLAY = """
function playAll(player, starts) {
  const agent = new Agent(player);
  const gap = ({ logits }) => { const [one, two] = [...logits].sort((a, b) => b - a); return one - two; };
  return starts.map(([from, target, T, wait]) => {
    const episode = playEpisode(agent, player.environment, { agent: from, target, T, wait });
    const { arrived, success, feasible, steps } = episode;
    const actions = steps.map((step) => step.action), outcome = arrived ? "terminated" : "truncated";
    return { actions, outcome, success, feasible, gaps: steps.map(gap) };
  });
}
"""
# Logits this close are a tie to two programs that add in different orders.
TIE = 1e-3


def read(path):
    """The lines of a file that `gridworld evaluate --trace` wrote."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def starts(episodes, seed=0):
    """Placements, T and wait. The wait is the fourth number of an episode's stream; tasks without one ignore it."""
    found = []
    for line in episodes:
        counter = [line["episode"] >> 32 << 24, line["episode"] & 0xFFFFFFFF, EVALUATION << 24 | line["lane"], line["T"]]
        wait = 1 + (philox(counter, [seed & 0xFFFFFFFF, seed >> 32])[3] * 4 >> 32)
        found.append([line["start"] // 25, line["start"] % 25, line["T"], wait])
    return found


def differences(episodes, played):
    """How many episodes differ, how many of these from a tie of two logits on, and the first that does."""
    assert len(episodes) == len(played) > 0
    fields = ["actions", "outcome", "success", "feasible"]
    differ = [(ours, theirs) for ours, theirs in zip(episodes, played) if any(ours[f] != theirs[f] for f in fields)]
    ties = 0
    for ours, theirs in differ:
        pairs = zip(ours["actions"], theirs["actions"], theirs["gaps"])
        ties += next((gap < TIE for one, other, gap in pairs if one != other), False)
    return {"episodes": len(episodes), "different": len(differ), "ties": ties, "first": differ[0] if differ else None}
