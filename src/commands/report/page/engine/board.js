/** The board of 5 × 5 cells, numbered row by row, and its image of 56 × 56 pixels. */
const SIDE = 5;
const CELLS = SIDE * SIDE;
const CELL_PIXELS = 11;
const IMAGE_SIDE = SIDE * CELL_PIXELS + 1;
const ACTIONS = ["up", "down", "left", "right", "pass"];
const COLOURS = { agent: [128, 128, 128], target: [255, 0, 0], empty: [0, 0, 0], line: [64, 64, 64], flash: [255, 255, 255] };

/** The cell that an action leads to from `cell`: a move off the board stays. */
function destination(cell, action) {
  const row = Math.floor(cell / SIDE), column = cell % SIDE;
  switch (ACTIONS[action]) {
    case "up": return row > 0 ? cell - SIDE : cell;
    case "down": return row < SIDE - 1 ? cell + SIDE : cell;
    case "left": return column > 0 ? cell - 1 : cell;
    case "right": return column < SIDE - 1 ? cell + 1 : cell;
    default: return cell;
  }
}

/** How many moves two cells are apart. */
function distance(one, other) {
  const rows = Math.floor(one / SIDE) - Math.floor(other / SIDE), columns = (one % SIDE) - (other % SIDE);
  return Math.abs(rows) + Math.abs(columns);
}

/** A frame's number: the same number, the same image. */
function frameKey(frame) {
  return CELLS * frame.agent + frame.target + (frame.flash ? CELLS * CELLS : 0);
}

/** What the agent sees: red, green and blue bytes, [56, 56, 3]. */
function renderFrame(frame) {
  const pixels = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE * 3);
  for (let y = 0, at = 0; y < IMAGE_SIDE; y++) {
    for (let x = 0; x < IMAGE_SIDE; x++, at += 3) pixels.set(colour(frame, y, x), at);
  }
  return pixels;
}

function colour(frame, y, x) {
  if (y % CELL_PIXELS === 0 || x % CELL_PIXELS === 0) return frame.flash ? COLOURS.flash : COLOURS.line;
  const cell = SIDE * Math.floor(y / CELL_PIXELS) + Math.floor(x / CELL_PIXELS);
  if (cell === frame.agent) return COLOURS.agent;
  return cell === frame.target ? COLOURS.target : COLOURS.empty;
}
