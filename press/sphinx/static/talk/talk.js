// The list for the appointment (press/sphinx/talk.py). Without this script the whole
// list stands on the page. With it a reader ticks topics, and sees, prints and copies
// those and her own questions. They are kept in localStorage, if the browser allows it,
// and go nowhere.
(() => {
  "use strict";
  const KEY = "bb-talk";
  const form = document.querySelector(".bb-talk");
  const topics = [...document.querySelectorAll(".bb-talk-topic")];
  if (!form || !topics.length) return;
  const root = document.documentElement;
  const part = (name) => form.querySelector(`.bb-talk-${name}`);
  const sheet = document.querySelector(".bb-talk-sheet");
  const field = form.querySelector("#bb-talk-own");
  const ticks = [...form.elements.topic];
  const nameOf = (topic) => topic.id.replace("talk-", "");
  let own = []; // the questions of her own

  function make(tag, name, text = "") {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  }

  // What is kept. Anything may stand there, or nothing may be allowed to.
  function kept() {
    try {
      if (localStorage.forgets) cannotKeep(); // what layout.html puts in its place
      const found = JSON.parse(localStorage.getItem(KEY)) || {};
      const words = (list) =>
        Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
      const { topics, own, lines } = found;
      return { topics: words(topics), own: words(own), lines: !!lines };
    } catch (fault) {
      if (!(fault instanceof SyntaxError)) cannotKeep();
      return { topics: [], own: [], lines: false };
    }
  }

  function keep() {
    const lines = form.elements.lines.checked;
    const list = { topics: ticked().map(nameOf), own, lines };
    try {
      if (list.topics.length || own.length || lines) {
        localStorage.setItem(KEY, JSON.stringify(list));
      } else {
        localStorage.removeItem(KEY);
      }
    } catch {
      cannotKeep();
    }
  }

  function cannotKeep() {
    part("kept").textContent = "Your browser does not let this page keep anything, " +
      "so print or copy your list before you leave. Nothing is sent anywhere.";
  }

  // Her list, on the page
  const ownList = make("ul", "bb-talk-mine");
  const ownTopic = make("section", "bb-talk-own");
  ownTopic.append(make("h3", "", "My own questions"), ownList, lines());
  const empty = make("p", "bb-talk-empty", "Nothing is on your list yet. " +
    "Tick something above, or write a question of your own.");

  function lines() {
    const made = make("div", "bb-talk-lines");
    made.setAttribute("aria-hidden", "true");
    made.append(make("span", "", "Notes"), make("i", ""), make("i", ""), make("i", ""));
    return made;
  }

  function ticked() {
    return topics.filter((topic) => tickOf(topic).checked);
  }

  function tickOf(topic) {
    return ticks.find((tick) => tick.value === nameOf(topic));
  }

  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function inWords() {
    const chosen = ticked();
    const asked = chosen.flatMap((topic) => [...topic.querySelectorAll("li")]).length;
    const parts = [];
    if (chosen.length) {
      parts.push(`${count(chosen.length, "topic")} with ${count(asked, "question")}`);
    }
    if (own.length) parts.push(`${count(own.length, "question")} of your own`);
    return parts.length ?
      `On your list: ${parts.join(", and ")}. It stands below.` :
      "Nothing is on your list yet.";
  }

  function say(words) {
    part("said").textContent = words;
  }

  function show() {
    const chosen = ticked();
    const filled = chosen.length + own.length > 0;
    topics.forEach((topic) => {
      topic.classList.toggle("bb-talk-unticked", !chosen.includes(topic));
    });
    ownList.replaceChildren(...own.map(ownItem));
    ownTopic.hidden = !own.length;
    empty.hidden = filled;
    // The style sheet for print reads this: her list alone, or all.
    root.toggleAttribute("data-bb-talk", filled);
    root.toggleAttribute("data-bb-talk-lines", form.elements.lines.checked);
    part("text").hidden = true;
  }

  function ownItem(question, place) {
    const item = make("li", "");
    const remove = make("button", "bb-talk-remove", "Remove");
    remove.type = "button";
    remove.setAttribute("aria-label", `Remove: ${question}`);
    remove.addEventListener("click", () => {
      own.splice(place, 1);
      update(`Removed. ${inWords()}`);
      // The focus goes to what is next to the one that is gone.
      const left = ownList.querySelectorAll("button");
      (left[Math.min(place, left.length - 1)] || field).focus();
    });
    item.append(make("span", "", question), " ", remove);
    return item;
  }

  function update(words) {
    show();
    keep();
    say(words || inWords());
  }

  // Her list, as text
  function words(node) {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".bb-card, .headerlink, button.bb-talk-remove")
      .forEach((each) => each.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function asText() {
    const day = new Date().toLocaleDateString("en", { dateStyle: "long" });
    const noted = form.elements.lines.checked ? ["", "Notes:", "", ""] : [];
    const out = [words(sheet.querySelector(".bb-talk-heading")), day];
    const bullet = (node) => `- ${words(node)}`;
    if (own.length) {
      out.push("", "My own questions".toUpperCase(), ...own.map((each) => `- ${each}`));
      out.push(...noted);
    }
    const pages = new Map();
    ticked().forEach((topic) => {
      out.push("", words(topic.querySelector("h2, h3, h4")).toUpperCase());
      out.push(words(topic.querySelector(".bb-talk-ask")));
      out.push(...[...topic.querySelectorAll("li")].map(bullet));
      out.push(words(topic.querySelector(".bb-talk-know")));
      const facts = [...topic.querySelectorAll(".bb-talk-fact")];
      out.push(...facts.map(bullet), ...noted);
      facts.forEach((fact) => {
        // The last link of a fact is its page; a source or a term is no page.
        const links = [...fact.querySelectorAll("a.internal")];
        const leads = (each) => !each.closest(".bb-card") && !/#cite-/.test(each.href);
        const link = links.filter(leads).pop();
        if (link) pages.set(link.href.replace(/#.*/, ""), words(link));
      });
    });
    out.push("", words(sheet.querySelector(".bb-talk-origin")));
    if (/^https?:$/.test(location.protocol)) {
      out.push(...[...pages].map(([address, title]) => `${title}: ${address}`));
    }
    return `${out.join("\n")}\n`;
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // not allowed, or an address without https
    }
  }

  async function copy() {
    const text = asText();
    if (await copied(text)) {
      say("Copied. You can paste your list into a message or a document.");
      return;
    }
    const shown = part("text").querySelector("textarea");
    shown.value = text;
    part("text").hidden = false;
    shown.focus();
    shown.select();
    say("Your browser does not let this page copy: copy the selected text by hand.");
  }

  const deeds = {
    all() {
      ticks.forEach((tick) => (tick.checked = true));
      update();
    },
    copy() {
      return filled() && copy();
    },
    print() {
      return filled() && window.print();
    },
    clear() {
      form.reset();
      own = [];
      update("Your list is empty, and this browser has forgotten it.");
    },
  };

  function filled() {
    const any = root.hasAttribute("data-bb-talk");
    if (!any) say("Nothing is on your list yet: tick something first.");
    return any;
  }

  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") update();
  });
  form.addEventListener("click", (event) => {
    const deed = event.target.closest("[data-do]");
    if (deed) deeds[deed.dataset.do]();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter on a tick submits a form, too.
    if (document.activeElement.type === "checkbox") return;
    const question = field.value.replace(/\s+/g, " ").trim();
    field.focus();
    if (!question) {
      say("Write your question first.");
      return;
    }
    own.push(question);
    field.value = "";
    update(`Added. ${inWords()}`);
  });

  // A link to a topic that is not ticked ticks it: otherwise it would lead nowhere.
  function follow(address) {
    const topic = topics.find((each) => address && each.id === address.slice(1));
    if (!topic) return;
    if (!tickOf(topic).checked) {
      tickOf(topic).checked = true;
      update();
    }
    topic.scrollIntoView();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#talk-']");
    if (link) follow(link.getAttribute("href"));
  });

  // Print shows her list alone: what stands beside it, on the way up, is marked.
  function markRest() {
    const mine = [...topics, ownTopic, sheet];
    for (let at = topics[0]; !at.matches("article, body"); at = at.parentElement) {
      [...at.parentElement.children]
      .filter((each) => !mine.some((part) => each.contains(part)))
        .forEach((each) => each.classList.add("bb-talk-rest"));
    }
  }

  const found = kept();
  own = found.own;
  ticks.forEach((tick) => (tick.checked = found.topics.includes(tick.value)));
  form.elements.lines.checked = found.lines;
  topics[0].before(empty, ownTopic);
  topics.forEach((topic) => topic.append(lines()));
  markRest();
  document.querySelector(".bb-talk-all").hidden = true;
  form.hidden = false;
  sheet.hidden = false;
  show();
  say(inWords());
  follow(location.hash);
})();
