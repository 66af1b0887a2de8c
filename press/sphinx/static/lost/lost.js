// The page for an address that leads nowhere. It may stand at any depth, and where the
// book's own address is not known it asks for this script on each level above: the
// script knows from its own address where the book is.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("found" in page.dataset) return;
  page.dataset.found = "";
  const root = new URL("../../", document.currentScript.src).pathname;
  const form = document.querySelector("form");
  const front = document.getElementById("front");
  const last = decodeURIComponent(location.pathname).split("/").pop();
  form.q.value = last.replace(/\.html?$/, "").replace(/[-_]+/g, " ");
  form.action = `${root}search.html`;
  front.href = root + front.dataset.front;
  page.dataset.content_root = root;
  const search = document.createElement("script");
  search.src = `${root}_static/search.js`;
  document.head.append(search);
})();
