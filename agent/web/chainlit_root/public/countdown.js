// Counts down every element with data-expires. data-now is the server's clock when it wrote the page: the client's may be wrong.
const skews = new WeakMap();

export function startCountdowns(onExpired) {
  const tick = () => {
    for (const element of document.querySelectorAll("[data-expires]")) {
      if (!skews.has(element)) skews.set(element, Date.parse(element.dataset.now) - Date.now());
      const left = Math.ceil((Date.parse(element.dataset.expires) - Date.now() - skews.get(element)) / 1000);
      element.classList.toggle("soon", left <= 60);
      if (left > 0) {
        element.textContent = `expires in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      } else if (element.textContent !== "expired") {
        element.textContent = "expired";
        onExpired();
      }
    }
  };
  tick();
  setInterval(tick, 1000);
}
