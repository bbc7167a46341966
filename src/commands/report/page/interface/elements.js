/** The element of the player that has this name. */
function part(name) {
  return document.getElementById(`player-${name}`);
}

/** A new element, with attributes and children; a text becomes a node of text, never markup. */
function element(tag, attributes = {}, ...children) {
  const space = ["svg", "path", "polyline", "polygon", "line", "circle", "g"].includes(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const made = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Options of a `select`: pairs of a value and what is shown for it. */
function fillSelect(select, rows) {
  select.replaceChildren(...rows.map(([value, shown]) => element("option", { value }, shown)));
}
