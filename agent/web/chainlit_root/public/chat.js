// Small additions to Chainlit's page: countdowns in cards, the number of waiting proposals, and the way back after signing in.
import { startCountdowns } from "./countdown.js";

startCountdowns(() => setTimeout(() => postMessage({ aeip: "proposals" }, location.origin), 1500));

let waiting = 0;
addEventListener("message", (event) => {
  if (event.source !== window || event.data?.aeip !== "proposals" || event.data.waiting === undefined) return;
  waiting = event.data.waiting;
  mark();
});

function nameCharts() {
  // Plotly's pictures are lines and paths to a screen reader; what they show travels with them in words.
  document.querySelectorAll(".js-plotly-plot:not([aria-label])").forEach((chart) => {
    if (!chart.layout?.meta?.alt) return;
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", chart.layout.meta.alt);
  });
}

function mark() {
  document.querySelectorAll('a[href="/approvals"]').forEach((link) => {
    if (waiting) link.dataset.waiting = waiting; else delete link.dataset.waiting;
  });
  document.title = `${waiting ? `(${waiting}) ` : ""}AEIP`;
}

// Chainlit draws its header anew now and then, and goes to the chat after signing in, wherever one came from.
const wanted = new URLSearchParams(location.search).get("next");
if (location.pathname.endsWith("/login") && wanted === "/approvals") sessionStorage.setItem("aeip-next", wanted);
setInterval(() => {
  if (waiting) mark();
  nameCharts();
  if (sessionStorage.getItem("aeip-next") && !location.pathname.endsWith("/login")) {
    location.replace(sessionStorage.getItem("aeip-next"));
    sessionStorage.removeItem("aeip-next");
  }
}, 500);
