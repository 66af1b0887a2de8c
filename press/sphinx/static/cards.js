// Cards without this script: opened by Enter, Space, click or tap, closed by Esc or a
// click beside them, in the middle of the window. The script opens them under a resting
// mouse too and puts them near their number.
(() => {
  "use strict";
  if (!("popover" in HTMLElement.prototype)) return;
  const WAIT = 300; // milliseconds before opening
  const GRACE = 350; // and before closing
  const GAP = 6; // pixels between number and card
  const EDGE = 8; // and between card and window
  let timer = 0;
  let hovered = null; // the card that the mouse opened, and that it may close
  const cardOf = (button) =>
    document.getElementById(button.getAttribute("popovertarget"));
  const buttonOf = (card) =>
    document.querySelector(`.bb-opens[popovertarget="${card.id}"]`);
  const isOpen = (card) => card.matches(":popover-open");
  const openCards = () => document.querySelectorAll(".bb-card:popover-open");

  function place(card) {
    const number = buttonOf(card).getBoundingClientRect();
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const high = card.offsetHeight;
    if (matchMedia("(max-width: 599px)").matches) {
      const covered = number.bottom > height - high && number.top > high;
      Object.assign(card.style, { inset: covered ? "0 0 auto 0" : "", margin: "" });
      return;
    }
    const rightmost = width - card.offsetWidth - EDGE;
    const left = Math.max(EDGE, Math.min(number.left, rightmost));
    const below = number.bottom + GAP;
    const above = number.top - GAP - high;
    const lowest = height - high - EDGE;
    const top = below <= lowest || above < EDGE ? Math.min(below, lowest) : above;
    const inset = `${Math.max(EDGE, top)}px auto auto ${left}px`;
    Object.assign(card.style, { inset, margin: "0" });
  }

  document.addEventListener("beforetoggle", (event) => {
    const card = event.target;
    if (!card.matches(".bb-card")) return;
    if (event.newState === "open") {
      requestAnimationFrame(() => isOpen(card) && place(card));
    } else if (card === hovered) {
      hovered = null;
    }
  }, true);

  // The browser closes with Esc by itself; this stands in for it where another script
  // takes the key.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openCards().forEach((card) => card.hidePopover());
  }, true);
  const replace = () => openCards().forEach(place);
  addEventListener("scroll", replace, { passive: true });
  addEventListener("resize", replace, { passive: true });

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || !event.target.closest) return;
    clearTimeout(timer);
    const button = event.target.closest(".bb-opens");
    const card = button && cardOf(button);
    const pinned = document.querySelector(".bb-card:popover-open");
    if (card && !isOpen(card) && (!pinned || pinned === hovered)) {
      timer = setTimeout(() => {
        card.showPopover();
        hovered = card;
      }, WAIT);
    } else if (hovered && card !== hovered && !hovered.contains(event.target)) {
      timer = setTimeout(() => hovered && hovered.hidePopover(), GRACE);
    }
  });

  // Whoever clicks the number or moves the focus into the card wants it to stay.
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest(".bb-opens");
    if (button && cardOf(button) === hovered) {
      event.preventDefault();
      hovered = null;
    }
  }, true);
  document.addEventListener("focusin", (event) => {
    if (hovered && hovered.contains(event.target)) hovered = null;
  });
})();
