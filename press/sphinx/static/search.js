// The way to the search, on every page: it opens the dialog and only then loads what
// the search needs. It asks nothing of the reader's storage, and it works where the
// theme's own script has stopped.
(() => {
  "use strict";
  const root = document.documentElement.dataset.content_root ?? "./";
  const parts = ["search/words.js", "search/book.js", "search/find.js"];
  const load = (part) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: `${root}_static/${part}`, async: false });
    script.onload = resolve;
    script.onerror = () => reject(new Error(part));
    document.head.append(script);
  });
  let loading;
  const start = (form, place) => {
    loading ??= Promise.all(parts.map(load));
    const note = place.querySelector("[role=status]");
    loading.then(
      () => window.bbFind.start(form, place, root),
      () => {
        note.textContent = "The search could not be loaded. The contents are at hand.";
      });
  };
  const results = () => {
    const place = document.createElement("div");
    place.className = "bb-found";
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    place.append(note);
    return place;
  };

  const dialog = document.getElementById("pst-search-dialog");
  const opens = dialog?.querySelector("form");
  const open = () => {
    if (!dialog.querySelector(".bb-found")) dialog.append(results());
    if (!dialog.open) dialog.showModal();
    const input = opens.querySelector("input");
    input.focus();
    input.select();
    start(opens, dialog.querySelector(".bb-found"));
  };
  addEventListener("click", (event) => {
    if (!opens || event.ctrlKey || event.metaKey) return;
    if (!event.target.closest?.(".search-button__button")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }, true);
  addEventListener("keydown", (event) => {
    const keys = `${event.ctrlKey || event.metaKey} ${event.key}`.toLowerCase();
    if (!opens || keys !== "true k" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (dialog.open) dialog.close();
    else open();
  }, true);

  // The page of the search, and the one that stands in for a page that is not there.
  const page = document.getElementById("bb-search-page");
  if (page) start(page.querySelector("form"), page.appendChild(results()));
})();
