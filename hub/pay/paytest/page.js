// Keeps the live part of the page up to date, and sends buttons without leaving it.
"use strict";

const live = document.getElementById("live");
let last = "";

async function refresh() {
  try {
    const answer = await fetch("live", { cache: "no-store" });
    const text = await answer.text();
    if (answer.ok && text !== last && !live.contains(pressed)) {
      const focus = document.activeElement;
      const mark = live.contains(focus) ? [...live.querySelectorAll("button")].indexOf(focus) : -1;
      live.innerHTML = text;
      last = text;
      if (mark >= 0) live.querySelectorAll("button")[mark]?.focus();
    }
  } catch {
    last = "";
  }
}

let pressed = null;
addEventListener("pointerdown", (e) => { pressed = e.target; });
addEventListener("pointerup", () => { setTimeout(() => { pressed = null; }, 50); });
addEventListener("pointercancel", () => { pressed = null; });

addEventListener("submit", async (e) => {
  e.preventDefault();
  pressed = null;
  const form = new URLSearchParams(new FormData(e.target, e.submitter));
  const answer = await fetch(e.target.getAttribute("action"), { method: "POST", body: form });
  if (!answer.ok) alert(await answer.text());
  refresh();
});

async function loop() {
  await refresh();
  setTimeout(loop, 500);
}
loop();
