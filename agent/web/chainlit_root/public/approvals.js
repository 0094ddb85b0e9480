// The live list: cards come rendered from the server; here they are only exchanged, so that open folds and typed words stay.
import { startCountdowns } from "./countdown.js";

const main = document.querySelector("main");
const announce = document.querySelector("#announce");
let polling = null;

function exchange(fresh, key) {
  // Old cards that did not change are kept as they are.
  const list = main.querySelector(`[data-list="${key}"]`);
  const incoming = fresh.querySelector(`[data-list="${key}"]`);
  list.querySelector(".count").textContent = incoming.querySelector(".count").textContent;
  list.querySelector(".empty").hidden = incoming.querySelector(".empty").hidden;
  list.querySelector(".pager").replaceWith(incoming.querySelector(".pager"));
  list.dataset.total = incoming.dataset.total;
  const cards = [...incoming.querySelectorAll("article")].map((card) => {
    const old = document.getElementById(card.id);
    if (old && old.dataset.digest === card.dataset.digest && list.contains(old)) return old;
    card.classList.add(old ? "changed" : "arrived");
    const open = old ? [...old.querySelectorAll("details")].map((d) => d.open) : [];
    card.querySelectorAll("details").forEach((d, i) => { d.open = open[i] || false; });
    announce.textContent = `Proposal ${card.dataset.proposal}: ${card.querySelector("h3").textContent}: ${card.querySelector(".status").textContent}`;
    return card;
  });
  const place = list.querySelector(".cards");
  const kept = new Set(cards);
  [...place.children].forEach((old) => { if (!kept.has(old)) old.remove(); });
  cards.forEach((card, i) => { if (place.children[i] !== card) place.insertBefore(card, place.children[i] || null); });
}

function exchangeBanners(fresh) {
  main.querySelectorAll(".banner").forEach((b) => b.remove());
  main.prepend(...fresh.querySelectorAll(".banner"));
}

function exchangeSwitch(fresh) {
  // Kept while its position is the same: an open fold and a typed reason stay.
  const old = main.querySelector("#switch");
  const incoming = fresh.querySelector("#switch");
  const same = old.dataset.position === incoming.dataset.position && Boolean(old.querySelector("form")) === Boolean(incoming.querySelector("form"));
  if (!same) old.replaceWith(incoming);
  const line = document.querySelector(".receipt");
  if (line.dataset.position && line.dataset.position !== incoming.dataset.position) line.hidden = true; // somebody turned it since
}

function count() {
  const waiting = Number(main.querySelector('[data-list="waiting"]').dataset.total); // all of them, also those a filter leaves out
  document.title = `${waiting ? `(${waiting}) ` : ""}Approvals · AEIP`;
}

let running = null;
let again = false;

async function refresh() {
  // One request at a time; a change meanwhile asks once more.
  if (running) { again = true; return running; }
  running = load().finally(() => { running = null; });
  await running;
  if (again) { again = false; await refresh(); }
}

async function load() {
  const response = await fetch(`/approvals/list${location.search}`, { headers: { Accept: "text/html" } });
  if (response.status === 401 || response.redirected) { location.href = "/chat/login?next=/approvals"; return; }
  if (!response.ok) { live("✗", "the list cannot be loaded", "down"); return; }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  exchangeBanners(fresh);
  exchangeSwitch(fresh);
  exchange(fresh, "waiting");
  exchange(fresh, "decided");
  count();
}

function live(symbol, text, style) {
  const line = document.querySelector(".live");
  line.className = `live ${style}`;
  line.firstElementChild.textContent = symbol;
  if (line.lastElementChild.textContent !== text) line.lastElementChild.textContent = text;
}

function connect() {
  const events = new EventSource("/api/v1/events");
  events.addEventListener("proposals", () => refresh().catch(() => {}));
  events.onopen = () => { live("●", "live", "up"); clearInterval(polling); polling = null; };
  events.onerror = () => {
    live("○", "reconnecting", "down");
    polling ??= setInterval(() => refresh().catch(() => {}), 3000);
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  };
}

function receipt(proposal) {
  // The card moves to another list; what came of the decision stays in sight.
  const line = document.querySelector(".receipt");
  const link = document.createElement("a");
  link.href = `#proposal-${proposal.id}`;
  link.textContent = `Proposal ${proposal.id}`;
  const missing = proposal.status === "pending" ? `recorded; ${proposal.approvals_missing} more approval is needed` : proposal.status;
  line.replaceChildren(link, ` (${proposal.words}): ${missing}. ${proposal.outcome_note}`);
  line.className = `receipt status-${proposal.status}`;
  delete line.dataset.position;
  line.hidden = false;
}

function switchReceipt(position) {
  const line = document.querySelector(".receipt");
  line.textContent = position.stopped ? `All writes are stopped by ${position.person}: ${position.reason}.` : `Writes run again: ${position.reason}.`;
  line.className = `receipt status-${position.stopped ? "failed" : "executed"}`;
  line.dataset.position = position.stopped ? "stopped" : "running";
  line.hidden = false;
}

async function post(form, submitter) {
  const problem = form.querySelector(".problem");
  const body = {};
  if (submitter.name === "switch") body.reason = form.elements.reason ? form.elements.reason.value : "stopped on the approvals page";
  if (submitter.name === "decision") {
    const typed = form.elements.typed_name;
    Object.assign(body, { decision: submitter.value, verdict_hash: form.elements.verdict_hash.value, reason: submitter.dataset.reason || "", typed_name: typed ? typed.value : "" });
    if (submitter.value === "approve" && typed && !typed.value.trim()) {
      problem.textContent = `Type ${typed.dataset.accepts.split("|").join(" or ")} first.`;
      typed.focus();
      return;
    }
  }
  const label = submitter.textContent;
  problem.textContent = "";
  form.setAttribute("aria-busy", "true");
  form.querySelectorAll("button").forEach((b) => { b.disabled = true; });
  submitter.textContent = submitter.value === "approve" ? "Executing …" : "Sending …";
  try {
    const response = await fetch(form.dataset.post, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-AEIP-CSRF": form.dataset.csrf },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) (submitter.name === "switch" ? switchReceipt : receipt)(answer); else problem.textContent = answer.error;
  } catch {
    problem.textContent = "The host did not answer. Whether it arrived shows as soon as the connection is back.";
  }
  form.removeAttribute("aria-busy");
  form.querySelectorAll("button").forEach((b) => { b.disabled = false; });
  submitter.textContent = label;
  await refresh().catch(() => {});
}

main.addEventListener("submit", (event) => {
  if (event.target.matches(".filter")) return; // the filter: an ordinary address
  event.preventDefault();
  post(event.target, event.submitter);
});
main.addEventListener("keydown", (event) => {
  // Enter in the name field must not press the first button by itself: approving is a deliberate click.
  if (event.key === "Enter" && event.target.name === "typed_name") event.preventDefault();
});
document.querySelector(".theme").addEventListener("click", () => {
  localStorage.setItem("vite-ui-theme", document.documentElement.classList.contains("dark") ? "light" : "dark");
  document.documentElement.className = aeipTheme();
});
count();
startCountdowns(() => setTimeout(() => refresh().catch(() => {}), 1500));
connect();
if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
