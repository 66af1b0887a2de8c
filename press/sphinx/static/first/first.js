// Before anything is drawn, and so no deferred script: a policy that lets a page have
// its own files, a store that always answers, and the color mode that the reader chose.
(() => {
  "use strict";

  // In a frame that takes a page's origin from it, as some learning platforms have it,
  // 'self' is nothing to WebKit, or any host by https (until 2026: bugs.webkit.org,
  // 316847 and 308756). There the same policy with the name of the site takes the place
  // of the page's own, which follows this script and ends up in a comment.
  if (self.origin === "null" && location.protocol.startsWith("http")) {
    const { policy } = document.currentScript.dataset;
    const named = policy.replaceAll("'self'", location.origin);
    const meta = `<meta http-equiv="Content-Security-Policy" content="${named}">`;
    document.write(`${meta}<!--`);
  }

  // Where a browser stores nothing (cookies off, a frame of a learning platform), the
  // scripts that follow get a store that forgets as the page is left, and says so
  // (`forgets`): asking for the real one is an error, and the theme stops half-way.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].setItem("bb", "");
      window[name].removeItem("bb");
    } catch {
      let held = {};
      const value = {
        forgets: true,
        getItem: (key) => (Object.hasOwn(held, key) ? held[key] : null),
        setItem: (key, text) => {
          held[key] = String(text);
        },
        removeItem: (key) => delete held[key],
        clear: () => {
          held = {};
        },
        key: (place) => Object.keys(held)[place] || null,
        get length() {
          return Object.keys(held).length;
        },
      };
      Object.defineProperty(window, name, { configurable: true, value });
    }
  }

  // The page names the mode of those who chose none.
  const page = document.documentElement.dataset;
  page.mode = localStorage.getItem("mode") || page.theme || "auto";
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  const dark = page.mode === "dark" || (page.mode !== "light" && system);
  page.theme = dark ? "dark" : "light";
})();
