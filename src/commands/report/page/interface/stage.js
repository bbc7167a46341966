/** The board: the very image that the network sees, and the way that was gone. */
function drawBoard(episode, t) {
  const canvas = part("board"), context = canvas.getContext("2d");
  const pixels = renderFrame(episode.frames[t]), picture = context.createImageData(IMAGE_SIDE, IMAGE_SIDE);
  for (let i = 0; i < IMAGE_SIDE * IMAGE_SIDE; i++) {
    picture.data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  canvas.setAttribute("aria-label", `The board: ${frameWords(episode.frames[t])}.`);
  part("path").replaceChildren(...way(episode, t));
}

/** The cells that were passed, as a line, and the agent's next move as an arrow. */
function way(episode, t) {
  const middle = (cell) => [CELL_PIXELS * (cell % SIDE) + 6, CELL_PIXELS * Math.floor(cell / SIDE) + 6];
  const passed = episode.frames.slice(0, t + 1).map((frame) => frame.agent);
  const corners = passed.filter((cell, i) => i === 0 || cell !== passed[i - 1]);
  const line = element("polyline", { class: "walked", points: corners.map((cell) => middle(cell).join(",")).join(" ") });
  const [x, y] = middle(passed[passed.length - 1]);
  const marks = [line, element("circle", { class: "here", cx: x, cy: y, r: 2 })];
  const turn = t < episode.steps.length ? [-90, 90, 180, 0][episode.steps[t].action] : undefined;
  if (turn !== undefined) {
    marks.push(element("path", { class: "next", d: "M3 -2.5 L6.5 0 L3 2.5 Z", transform: `translate(${x} ${y}) rotate(${turn})` }));
  }
  return marks;
}
