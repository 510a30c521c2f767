// Keys for the desk: "/" goes to the search box, j and k through the rows of a list; Enter opens, as on any link.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    const box = document.querySelector("[data-key='/']");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  const links = [...document.querySelectorAll("[data-rows] a")];
  if (!step || links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
});
