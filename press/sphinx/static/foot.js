// A report names the section that its writer was reading: the last heading above the
// middle of the window, when the link is about to be followed.
(() => {
  "use strict";
  const link = document.querySelector(".bb-report");
  if (!link) return;
  const address = new URL(link.href);
  const field = address.searchParams.has("body") ? "body" : "issue[description]";
  const body = address.searchParams.get(field);
  let reading = "";
  const look = () => {
    const top = document.querySelector(".bb-foot").getBoundingClientRect().top;
    if (top < innerHeight / 2 && reading) return; // at the foot nobody reads on
    const heads = [...document.querySelectorAll("article section[id] > :is(h2, h3)")];
    const above = heads.filter((one) =>
      one.getBoundingClientRect().top < innerHeight / 2);
    const last = above.at(-1);
    if (!last) return;
    const said = last.cloneNode(true);
    said.querySelectorAll(".headerlink").forEach((mark) => mark.remove());
    reading = `${said.textContent.trim()} (#${last.parentElement.id})`;
  };
  const tell = () => {
    if (!reading) return;
    const line = body.replace(/^Section: .*$/m, () => `Section: ${reading}`);
    address.searchParams.set(field, line);
    link.href = address.href;
  };
  addEventListener("scroll", look, { passive: true });
  addEventListener("load", look);
  for (const kind of ["pointerdown", "focus", "click"]) {
    link.addEventListener(kind, tell);
  }
})();
