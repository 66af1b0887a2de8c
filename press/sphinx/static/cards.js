// Without this script a number is a link to its card, and the card's cross a link back.
// With it both are buttons, and the card, near its number, opens by click, tap, Enter,
// Space or a resting mouse and closes with Esc or a click beside it.
(() => {
  "use strict";
  if (!("popover" in HTMLElement.prototype)) return;
  const WAIT = 300; // milliseconds before opening
  const GRACE = 350; // and before closing
  const GAP = 6; // pixels between number and card
  const EDGE = 8; // and between card and window
  let timer = 0;
  let hovered = null; // the card that the mouse opened, and that it may close
  let pressed; // the card that stood open for good as the pointer went down, or null
  const cardOf = (link) => document.getElementById(link.hash.slice(1));
  const linkOf = (card) => document.getElementById(`${card.id}-of`);
  const isOpen = (card) => card.matches(":popover-open");
  const openCards = () => document.querySelectorAll(".bb-card:popover-open");
  const linkAt = (event) => event.target.closest?.(".bb-opens, .bb-card-close");

  for (const link of document.querySelectorAll(".bb-opens, .bb-card-close")) {
    link.setAttribute("role", "button");
    link.draggable = false; // or else a word that is a link cannot be marked by mouse
    if (link.matches(".bb-opens")) link.setAttribute("aria-expanded", "false");
  }

  function place(card) {
    const number = linkOf(card).getBoundingClientRect();
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
    clearTimeout(timer); // who clicks or types has the last word, not a mouse at rest
    const opens = event.newState === "open";
    card.hidden = !opens;
    linkOf(card).setAttribute("aria-expanded", opens);
    if (opens) {
      requestAnimationFrame(() => isOpen(card) && place(card));
    } else if (card === hovered) {
      hovered = null;
    }
  }, true);

  // The browser closes with Esc by itself; this stands in for it where another script
  // takes the key.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openCards().forEach((card) => card.hidePopover());
    if (event.key !== " " || !linkAt(event)) return;
    event.preventDefault(); // a button answers to Space, a link scrolls
    linkAt(event).click();
  }, true);
  const replace = () => openCards().forEach(place);
  addEventListener("scroll", replace, { passive: true });
  addEventListener("resize", replace, { passive: true });

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || !event.target.closest) return;
    clearTimeout(timer);
    const link = event.target.closest(".bb-opens");
    const card = link && cardOf(link);
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

  // The browser closes a card as the pointer goes up beside it, on its number too: a
  // click there must not open again what it closed. What the mouse had opened, whoever
  // clicks the number wants to stay.
  document.addEventListener("pointerdown", () => {
    pressed = [...openCards()].find((card) => card !== hovered) ?? null;
  }, true);
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    const before = event.detail === 0 ? undefined : pressed; // 0: by key
    pressed = undefined;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const card = link.matches(".bb-opens") ? cardOf(link) : link.closest(".bb-card");
    const stands = isOpen(card) && card !== hovered;
    const stood = before === undefined ? stands : card === before;
    if (card === hovered) hovered = null;
    if (stood || link.matches(".bb-card-close")) card.hidePopover();
    else if (!isOpen(card)) card.showPopover();
  }, true);
  document.addEventListener("focusin", (event) => {
    if (hovered && hovered.contains(event.target)) hovered = null;
  });

  // A number that was clicked before this script ran, or opened in a tab of its own.
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches(".bb-card")) {
    linkOf(named).scrollIntoView({ block: "center" });
    named.showPopover();
  }
})();
