// What every page does beside its text: its menus and the sheets of contents close, it
// prints, and paper is light.
(() => {
  "use strict";

  // The menus of the page head open by themselves. One is left by Esc, by a click on
  // one of its entries or beside it, and by the key that goes on to what follows.
  const leave = (stays) => {
    for (const menu of document.querySelectorAll(".bb-menu[open]")) {
      if (!stays(menu)) menu.open = false;
    }
  };
  document.addEventListener("click", ({ target }) => {
    leave((menu) => menu.contains(target) && !target.closest?.(".dropdown-item"));
    if (target.closest?.("[data-bb-print]")) print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest(".bb-menu[open]");
    leave(() => false);
    menu?.querySelector("summary").focus();
  });
  document.addEventListener("focusin", ({ target }) => {
    leave((menu) => menu.contains(target));
  });

  // On a narrow screen the contents of book and page are sheets over the text (the
  // theme's dialogs). Who follows a link has left them, inside the page too, and
  // finds none open after Back.
  const sheets = () => document.querySelectorAll("dialog[open]");
  const close = () => sheets().forEach((sheet) => sheet.close());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("dialog a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The theme gives the focus back to its button once the sheet has closed; who went
    // to a section goes on from there.
    const section = link.hash && document.getElementById(decodeURI(link.hash.slice(1)));
    const sheet = link.closest("dialog");
    if (section) {
      sheet.addEventListener("close", () => {
        section.tabIndex = -1;
        section.focus({ preventScroll: true });
      }, { once: true });
    }
    sheet.close();
  });
  addEventListener("hashchange", close);
  addEventListener("pagehide", close);

  // Dark never reaches paper, whatever sheet or script a color comes from. (beforeprint
  // alone would leave out browsers that print without asking the page.)
  const page = document.documentElement;
  const paper = matchMedia("print");
  let screen = null; // the color mode to return to
  const turn = (printing) => {
    if (printing && screen === null) {
      screen = page.dataset.theme;
      page.dataset.theme = "light";
    } else if (!printing && screen !== null) {
      page.dataset.theme = screen;
      screen = null;
    }
  };
  paper.addEventListener("change", () => turn(paper.matches));
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
})();
