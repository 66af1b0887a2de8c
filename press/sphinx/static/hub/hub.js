// The link to the JupyterHub of a class. The hub's address is asked for once, kept in
// this browser, and sent nowhere. A link has the class bb-hub; what stands behind its #
// follows the address.
(() => {
  "use strict";
  const KEY = "bb-hub";
  let remembered = ""; // where storage is forbidden, as long as the page is open

  const read = () => {
    try {
      return localStorage.getItem(KEY) || remembered;
    } catch {
      return remembered;
    }
  };
  const keep = (address) => {
    remembered = address;
    try {
      localStorage.setItem(KEY, address);
    } catch {
      // nothing is kept, and the link works
    }
  };

  /** The address of a hub as people paste it; "" if it is none. */
  const hub = (typed) => {
    try {
      const text = typed.trim();
      const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
      if (!/^https?:$/.test(url.protocol) || url.username || url.password) return "";
      if (!/^[\w.-]+$|^\[/.test(url.hostname)) return ""; // a name, or an IPv6 address
      const place = url.pathname.replace(/\/(hub|user|lab|tree)(\/.*)?$/, "");
      return url.origin + place.replace(/\/*$/, "/");
    } catch {
      return "";
    }
  };

  const NOTE = "It is kept in this browser and asked for once.";
  const WRONG = "This is no address of a hub. It looks like https://hub.example.edu.";

  const ask = (then) => {
    const dialog = document.createElement("dialog");
    dialog.className = "bb-hub-ask";
    dialog.setAttribute("aria-labelledby", "bb-hub-title");
    dialog.innerHTML = `<form method="dialog">
      <h2 id="bb-hub-title">Your JupyterHub</h2>
      <p><label for="bb-hub-address">Its address, as your teacher gave it</label></p>
      <input id="bb-hub-address" type="text" inputmode="url" spellcheck="false"
        placeholder="https://hub.example.edu" aria-describedby="bb-hub-note">
      <p id="bb-hub-note" role="status">${NOTE}</p>
      <p><button value="go">Open the page there</button>
      <button value="">Cancel</button></p>
    </form>`;
    const input = dialog.querySelector("input");
    input.value = read();
    dialog.addEventListener("submit", (event) => {
      if (event.submitter?.value !== "go") return;
      const address = hub(input.value);
      if (!address) {
        event.preventDefault();
        dialog.querySelector("#bb-hub-note").textContent = WRONG;
        input.focus();
        return;
      }
      keep(address);
      then(address);
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  for (const link of document.querySelectorAll("a.bb-hub")) {
    const rest = link.getAttribute("href").slice(1);
    const go = (address) => window.open(address + rest, "_blank", "noopener");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const known = read();
      if (known) go(known);
      else ask(go);
    });
    const other = document.createElement("button");
    other.type = "button";
    other.className = "dropdown-item btn btn-sm bb-hub-other";
    other.textContent = "Another JupyterHub";
    other.addEventListener("click", () => ask(go));
    const item = document.createElement("li");
    item.append(other);
    link.closest("li")?.after(item);
  }
})();
