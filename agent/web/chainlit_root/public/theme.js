// Before the first paint: the same choice as in the chat, which keeps it under this key. Dark is the chat's default, too.
function aeipTheme() {
  const chosen = localStorage.getItem("vite-ui-theme") || "dark";
  const bright = matchMedia("(prefers-color-scheme: light)").matches;
  return chosen === "system" ? (bright ? "light" : "dark") : chosen;
}
document.documentElement.className = aeipTheme();
