// Cards without this script: opened by Enter, Space, click or tap, closed by Esc or a click beside them, in the middle of the window.
// The script opens them under a resting mouse too and puts them near their number.
(() => {
  "use strict";
  if (!("popover" in HTMLElement.prototype)) return;
  const WAIT = 300, GRACE = 350, GAP = 6, EDGE = 8;   // milliseconds before opening and closing; pixels
  let timer = 0, hovered = null;                      // hovered: the card that the mouse opened, and that it may close
  const cardOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
  const buttonOf = (card) => document.querySelector(`.bb-opens[popovertarget="${card.id}"]`);
  const isOpen = (card) => card.matches(":popover-open");

  function place(card) {
    const number = buttonOf(card).getBoundingClientRect();
    const width = document.documentElement.clientWidth, height = document.documentElement.clientHeight;
    if (matchMedia("(max-width: 599px)").matches) {
      const covered = number.bottom > height - card.offsetHeight && number.top > card.offsetHeight;
      Object.assign(card.style, { inset: covered ? "0 0 auto 0" : "", margin: "" });
      return;
    }
    const left = Math.max(EDGE, Math.min(number.left, width - card.offsetWidth - EDGE));
    const below = number.bottom + GAP, above = number.top - GAP - card.offsetHeight;
    const top = below + card.offsetHeight <= height - EDGE || above < EDGE ? Math.min(below, height - card.offsetHeight - EDGE) : above;
    Object.assign(card.style, { inset: `${Math.max(EDGE, top)}px auto auto ${left}px`, margin: "0" });
  }

  document.addEventListener("beforetoggle", (event) => {
    const card = event.target;
    if (!card.matches(".bb-card")) return;
    if (event.newState === "open") requestAnimationFrame(() => isOpen(card) && place(card));
    else if (card === hovered) hovered = null;
  }, true);
  // The browser closes with Esc by itself, but Sphinx's script for highlights takes the key where the focus is not on a button.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".bb-card:popover-open").forEach((card) => card.hidePopover());
  }, true);
  const replace = () => document.querySelectorAll(".bb-card:popover-open").forEach(place);
  addEventListener("scroll", replace, { passive: true });
  addEventListener("resize", replace, { passive: true });

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || !event.target.closest) return;
    clearTimeout(timer);
    const button = event.target.closest(".bb-opens"), card = button && cardOf(button);
    const pinned = document.querySelector(".bb-card:popover-open");
    if (card && !isOpen(card) && (!pinned || pinned === hovered)) {
      timer = setTimeout(() => { card.showPopover(); hovered = card; }, WAIT);
    } else if (hovered && card !== hovered && !hovered.contains(event.target)) {
      timer = setTimeout(() => hovered && hovered.hidePopover(), GRACE);
    }
  });
  // Whoever clicks the number or moves the focus into the card wants it to stay.
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".bb-opens");
    if (button && cardOf(button) === hovered) { event.preventDefault(); hovered = null; }
  }, true);
  document.addEventListener("focusin", (event) => { if (hovered && hovered.contains(event.target)) hovered = null; });

  // Sphinx's search shows the text around a hit: the cards are not part of it.
  document.addEventListener("DOMContentLoaded", () => {
    if (typeof Search !== "object" || !Search.htmlToText) return;
    const original = Search.htmlToText;
    Search.htmlToText = (html, anchor) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      page.querySelectorAll(".bb-card").forEach((card) => card.remove());
      return original(page.documentElement.outerHTML, anchor);
    };
  });
})();
