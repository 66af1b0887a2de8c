// The search itself, over the sections of the book (book.js, written by the build) with
// MiniSearch. Numbers are words like others; British and American spellings are one;
// what a reader says is looked up under what the book says (book/search.yml). What is
// in no page as it was typed is looked for among words that are spelled alike.
(() => {
  "use strict";
  const { pages, sections, says, spellings, small } = window.bbBook;
  const WORDS = /\d+(?:[.,]\d+)*|[\p{L}\p{M}\p{N}]+/gu;
  const rules = spellings.map(([from, to]) => [new RegExp(from, "gu"), to]);
  const SHOWN = 30; // hits
  const A_PAGE = 3; // of one page
  const BEFORE = 60; // characters of an excerpt before the first word that was found
  const LONG = 230; // and in all

  // A word as it is compared.
  const fold = (word) => {
    if (/^\d/.test(word)) {
      if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(word)) return word.replaceAll(",", "");
      return word.replace(",", ".");
    }
    let text = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (const [from, to] of rules) text = text.replace(from, to);
    if (text.length > 4 && /(?:s|x|ch|sh)es$/.test(text)) return text.slice(0, -2);
    if (text.length > 3 && /[^siu]s$/.test(text)) return text.slice(0, -1);
    return text;
  };
  const words = (text) => (text.match(WORDS) ?? []).map(fold);
  const phrase = (text) => words(text).join(" ");
  const means = new Map(
    Object.entries(says).map(([said, meant]) => [phrase(said), meant.map(phrase)]));
  const empty = new Set(small.map(fold));

  const index = new window.MiniSearch({
    fields: ["heading", "title", "number", "text"],
    tokenize: (text) => text.match(WORDS) ?? [],
    processTerm: fold,
    extractField: (section, name) => {
      if (name === "id") return section.id;
      const [, , heading, text] = section.all;
      const { title, number } = pages[section.all[0]];
      const said = { heading, text, title, number };
      return said[name] ?? "";
    },
  });
  // Pages first; the lists of sources, half of all text, come while somebody reads.
  const numbered = sections.map((all, id) => ({ id, all }));
  const add = (listed) => {
    const these = numbered.filter(({ all }) => all[4] === listed);
    return index.addAllAsync(these, { chunkSize: 100 });
  };
  const ready = add(0);
  const whole = ready.then(() => add(1));

  // What was typed as a tree: each word, or each run of words that the book says
  // otherwise, must be there in one of its ways.
  const asked = (query) => {
    const typed = words(query);
    const units = [];
    for (let at = 0; at < typed.length;) {
      let many = Math.min(4, typed.length - at);
      while (many > 1 && !means.has(typed.slice(at, at + many).join(" "))) many -= 1;
      const said = typed.slice(at, at + many).join(" ");
      const ways = [said, ...(means.get(said) ?? [])];
      units.push({ said, ways, plain: ways.length === 1 });
      at += many;
    }
    const full = units.filter((unit) => !unit.plain || !empty.has(unit.said));
    return full.length ? full : units;
  };
  const all = (way) => ({ combineWith: "AND", queries: way.split(" ") });
  const tree = (units, combineWith) => ({
    combineWith,
    queries: units.map(({ ways }) => ({ combineWith: "OR", queries: ways.map(all) })),
  });
  const number = (term) => /^\d/.test(term);
  const exact = { prefix: (term) => term.length > 2 && !number(term) };
  const alike = {
    fuzzy: (term) => !number(term) && term.length > 4 && 1 + (term.length > 8),
  };
  const settings = {
    boost: { heading: 4, title: 2, number: 6 },
    boostDocument: (id) => (sections[id][4] ? .15 : 1),
  };

  // [hits, how they were found]
  const search = (query) => {
    const units = asked(query);
    for (const [how, combine, options] of [
        ["", "AND", exact],
        ["alike", "AND", { ...exact, ...alike }],
        ["some", "OR", exact],
        ["some", "OR", { ...exact, ...alike }],
      ]) {
      if (how === "some" && combine === "OR" && units.length < 2) continue;
      const hits = index.search(tree(units, combine), { ...settings, ...options });
      if (hits.length) return [ordered(hits, units), how];
    }
    return [[], ""];
  };

  // Words that stand together as they were typed count more; no page fills the list.
  const ordered = (hits, units) => {
    const ways = units.flatMap((unit) => unit.ways);
    const typed = units.map((unit) => unit.said).join(" ");
    const runs = ways.filter((way) => way.includes(" "));
    const near = hits.slice(0, 150);
    for (const hit of near) {
      const [, , heading, text] = sections[hit.id];
      if (!runs.length && !typed.includes(" ")) break;
      const [head, body] = [phrase(heading), phrase(text)];
      if (head.includes(typed)) hit.score *= 3;
      else if (body.includes(typed)) hit.score *= 2;
      else if (runs.some((run) => head.includes(run))) hit.score *= 2;
      else if (runs.some((run) => body.includes(run))) hit.score *= 1.4;
    }
    near.sort((one, other) => other.score - one.score);
    const counts = new Map();
    return near.filter((hit) => {
      const page = sections[hit.id][0];
      counts.set(page, (counts.get(page) ?? 0) + 1);
      return counts.get(page) <= A_PAGE;
    }).slice(0, SHOWN);
  };

  // The place of a text where most of what was found stands closest, as nodes.
  const excerpt = (text, terms) => {
    const found = [...text.matchAll(WORDS)].filter((word) => terms.has(fold(word[0])));
    let [best, most] = [0, 0];
    found.forEach((word, at) => {
      const last = word.index + LONG - BEFORE;
      const near = found.slice(at).filter((one) => one.index < last);
      const many = new Set(near.map((one) => fold(one[0]))).size + near.length / 100;
      if (many > most)[best, most] = [word.index, many];
    });
    let start = Math.max(0, best - BEFORE);
    if (start) start = text.indexOf(" ", start) + 1;
    let end = Math.min(text.length, start + LONG);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), best + 1);
    const nodes = [start ? "… " : ""];
    let at = start;
    for (const word of found) {
      if (word.index < start || word.index + word[0].length > end) continue;
      nodes.push(text.slice(at, word.index), made("mark", word[0]));
      at = word.index + word[0].length;
    }
    nodes.push(text.slice(at, end), end < text.length ? " …" : "");
    return nodes;
  };
  const made = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const item = (hit, root) => {
    const [at, id, heading, text] = sections[hit.id];
    const page = pages[at];
    const link = made("a", heading || page.title);
    link.href = `${root}${page.path}${id ? `#${id}` : ""}`;
    const where = made("p", "", "bb-hit-where");
    const tier = made("span", page.where);
    if (page.tier) tier.dataset.tier = page.tier;
    where.append(tier, heading && heading !== page.title ? ` · ${page.title}` : "");
    const said = made("p");
    said.append(...excerpt(text, new Set(hit.terms)));
    const entry = made("li");
    entry.append(link, where, said);
    return entry;
  };
  const count = (many) => (many === 1 ? "1 place" : `${many} places`);
  const told = (query, hits, how) => {
    if (!hits.length) {
      return `Nothing in the book has “${query}”, nor anything spelled like it.`;
    }
    const alikes = [...new Set(hits.slice(0, 5).flatMap((hit) => hit.terms))];
    if (how === "alike") {
      return `Nothing has “${query}” as it is spelled here. Spelled alike: ` +
        `${alikes.slice(0, 4).join(", ")}.`;
    }
    if (how === "some") return `No place has all of “${query}”. These have some of it.`;
    return hits.length < SHOWN ? count(hits.length) : `The best ${SHOWN} places`;
  };

  window.bbFind = (form, place, root) => {
    if (place.dataset.ready) return;
    place.dataset.ready = "yes";
    const input = form.querySelector("input[type=search]");
    const note = place.querySelector("[role=status]");
    const list = place.appendChild(made("ol", "", "bb-hits"));
    const page = place.closest("#bb-search-page");
    const show = () => {
      const query = input.value.trim();
      const [hits, how] = words(query).length ? search(query) : [[], ""];
      note.textContent = words(query).length ? told(query, hits, how) : "";
      list.replaceChildren(...hits.map((hit) => item(hit, root)));
      place.dataset.shown = query;
    };
    note.textContent = "A moment: the search reads the book.";
    let timer;
    const typed = page && new URLSearchParams(location.search).get("q");
    if (typed && !input.value) input.value = typed;
    whole.then(() => {
      place.dataset.whole = "yes";
      if (!list.contains(document.activeElement)) show();
    });
    ready.then(() => {
      show();
      input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(show, 120);
      });
    });
    // Arrow keys walk from the field through the hits and back, Esc closes at once.
    const walk = (event) => {
      const dialog = place.closest("dialog");
      if (event.key === "Escape" && dialog) {
        event.preventDefault(); // which would empty the field
        dialog.close();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 } [event.key];
      if (!step) return;
      const stops = [input, ...list.querySelectorAll("a")];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    for (const part of [form, list]) part.addEventListener("keydown", walk);
  };
})();
