"use strict";
const $ = (id) => document.getElementById(id);
const seen = { screen: -1, paper: -1 };
const shownPaper = 12; // the newest; printer.json has them all

async function post(path, body) {
  const r = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  const answer = await r.json();
  $("said").textContent = r.ok ? "" : answer.error;
}

// The screen: a click is a tap, in the pixels of the panel.
$("screen").addEventListener("click", (e) => {
  const img = e.currentTarget, box = img.getBoundingClientRect();
  const edge = parseFloat(getComputedStyle(img).borderLeftWidth);
  const scale = img.naturalWidth / (box.width - 2 * edge);
  post("tap", { x: Math.round((e.clientX - box.left - edge) * scale), y: Math.round((e.clientY - box.top - edge) * scale) });
});

const keys = { Enter: "\n", Backspace: "\b", Escape: "\u001b" };
document.addEventListener("keydown", (e) => {
  if (e.target.tagName === "INPUT" || e.target.tagName === "BUTTON" || e.ctrlKey || e.metaKey || e.altKey) return;
  const text = keys[e.key] || (e.key.length === 1 ? e.key : "");
  if (text) { e.preventDefault(); post("type", { text }); }
});

document.addEventListener("click", (e) => {
  const b = e.target.closest("button");
  if (!b) return;
  if (b.dataset.scan) post("scan", { data: b.dataset.scan });
  if (b.dataset.fault) post("printer/fault", { fault: b.dataset.fault });
  if (b.dataset.network) post("network", { state: b.dataset.network });
  if ("garbage" in b.dataset) post("scan", { raw: btoa(garbage(10000)) });
});

function garbage(n) {
  let s = "";
  for (let i = 0; i < n; i++) s += String.fromCharCode(Math.floor(Math.random() * 256));
  return s;
}

$("free")?.addEventListener("submit", (e) => {
  e.preventDefault();
  if ($("code").value) post("scan", { data: $("code").value });
  $("code").select();
});

function press(attribute, value) {
  document.querySelectorAll(`[data-${attribute}]`).forEach((b) =>
    b.setAttribute("aria-pressed", String(b.dataset[attribute] === value)));
}

async function paper() {
  const box = $("paper");
  if (!box) return;
  const { documents, fault } = await (await fetch("printer.json")).json();
  if (fault) press("fault", fault);
  if (documents.length) {
    box.replaceChildren(...documents.slice(-shownPaper).reverse().map((d) => {
      const f = document.createElement("figure"), i = new Image(), c = document.createElement("figcaption");
      i.src = `printer/${d.n}.png?${d.text.length}${d.complete}`;
      i.alt = d.text;
      c.textContent = `Paper ${d.n}` + (d.complete ? "" : ", not cut off");
      f.append(i, c);
      return f;
    }));
  }
  const drawer = await (await fetch("drawer.json")).json();
  const last = drawer.kicks.at(-1);
  $("drawer").textContent = last
    ? `Drawer: opened ${drawer.count === 1 ? "once" : drawer.count + " times"}, last at ${new Date(last.at).toLocaleTimeString()} (pulse ${last.on_ms} ms).`
    : "Drawer: not opened yet.";
}

function words(s) {
  const net = s.online ? "hub connected" : "hub not reached";
  const out = s.outbox ? `${s.outbox} events wait for the hub` : "everything is with the hub";
  return `${s.role} ${s.device} · ${net} · ${out} · ${s.items} items`;
}

new EventSource("changes").onmessage = (e) => {
  const now = JSON.parse(e.data);
  if (now.screen !== seen.screen) $("screen").src = `screen.png?${now.screen}`;
  if (now.paper !== seen.paper) paper();
  seen.screen = now.screen;
  seen.paper = now.paper;
  $("state").textContent = words(now.state);
  press("network", now.state.network);
};
