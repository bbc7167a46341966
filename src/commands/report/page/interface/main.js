/** The player: what is chosen is played at once, and then shown step by step. */
function startPlayer(players) {
  const agents = new Map();
  let episode = null, moveCursors = () => {};

  const agentOf = (player) => {
    if (!agents.has(player)) agents.set(player, new Agent(player));
    return agents.get(player);
  };

  const playback = new Playback(
    (t) => {
      const over = t === episode.steps.length;
      drawBoard(episode, t);
      drawGauges(episode, t);
      moveCursors(t);
      part("clock").textContent = count(t);
      part("outcome").textContent = over ? outcomeWords(episode) : "";
      part("outcome").dataset.kind = over ? (episode.success ? "success" : "failure") : "running";
      part("time").value = t;
      part("time").setAttribute("aria-valuetext", `${count(t)} of ${plural(episode.steps.length, "step")}`);
      part("play").classList.toggle("playing", playback.playing);
      part("play-word").textContent = playback.playing ? "Pause" : over ? "Replay" : "Play";
    },
    () => {
      const over = playback.t === episode.steps.length;
      part("said").textContent = over ? outcomeWords(episode) : stepWords(episode, playback.t);
    },
  );

  // A T or cells that cannot be are said to be so, and those of the episode before stay; all other choices count.
  let last = null;
  const load = () => {
    const player = players[Number(part("agent").value)];
    offerWaits(TASKS[player.environment.id]);
    const T = chosenT() ?? last?.T, cells = chosenCells() ?? last;
    if (T === undefined || cells === null) return;
    last = { agent: cells.agent, target: cells.target, T, wait: Number(part("wait").value || 0) };
    const choose = { greedy, sampled }[part("policy").value];
    episode = playEpisode(agentOf(player), player.environment, last, choose);
    moveCursors = drawCharts(episode, player, (t) => { playback.pause(); playback.seek(t); });
    part("clock-T").textContent = count(T);
    part("who").textContent = player.label;
    part("origin").textContent = player.origin;
    part("time").max = episode.steps.length;
    part("said").textContent = "";
    playback.load(episode.steps.length);
  };

  makeGauges();
  makeSetup(players, load);
  load();
  bindTransport(playback);
  bindKeys(playback, load);
}

function bindTransport(playback) {
  const toggle = () => (playback.playing ? playback.pause() : playback.play());
  part("play").addEventListener("click", toggle);
  part("first").addEventListener("click", () => playback.step(-playback.end));
  part("back").addEventListener("click", () => playback.step(-1));
  part("forward").addEventListener("click", () => playback.step(1));
  part("last").addEventListener("click", () => playback.step(playback.end));
  part("time").addEventListener("input", () => { playback.pause(); playback.seek(Number(part("time").value)); });
  part("time").addEventListener("change", () => playback.rest());
}

/** Keys while the focus is in the player; fields and buttons keep those that they use themselves. */
function bindKeys(playback, load) {
  const another = (by) => {
    const T = Math.max(1, Math.min(GREATEST_T, (chosenT() ?? 12) + by));
    part("T").value = T;
    load();
  };
  const keys = {
    " ": () => part("play").click(),
    ArrowLeft: () => playback.step(-1),
    ArrowRight: () => playback.step(1),
    Home: () => playback.step(-playback.end),
    End: () => playback.step(playback.end),
    "+": () => another(1),
    "-": () => another(-1),
    n: () => part("again").click(),
  };
  document.getElementById("player").addEventListener("keydown", (event) => {
    const field = event.target.matches("input, select"), button = event.target.matches("button");
    if (field || (button && event.key === " ") || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

const PLAYERS = JSON.parse(document.getElementById("players").textContent);
if (PLAYERS.length > 0) startPlayer(PLAYERS);
