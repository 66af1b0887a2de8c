// The table to ask (press/sphinx/ask.py), on its page only. It loads what rows are
// found by as one script, and in parts what is shown of them. It shows the rows that
// the form asks for, and keeps what is asked in the part of the address that no server
// is sent. Rows that are ratios of one kind are drawn.
(() => {
  "use strict";
  const form = document.querySelector("form.bb-ask");
  if (!form) return;
  const result = document.querySelector(".bb-ask-result");
  const part = (name) => document.querySelector(`.bb-ask-${name}`);
  const BATCH = 30; // rows that are shown at first, and more at a time
  const ALL = 500; // rows that may be shown at once
  const TYPED = ["q", "who"];
  const PICKED = [...form.querySelectorAll("select")].map((each) => each.name);
  const NAMES = [...TYPED, ...PICKED];
  const TICKS = [.02, .05, .1, .2, .3, .5, .7, 1, 1.5, 2, 3, 5, 10, 20, 50];
  const SVG = "http://www.w3.org/2000/svg";
  const root = form.dataset.rows.replace(/_static\/.*/, "");

  function lost() {
    form.hidden = form.inert; // nothing can be asked
    delete result.dataset.waits;
    result.removeAttribute("aria-busy");
    for (const name of ["found", "more"]) part(name).replaceChildren();
    part("said").textContent =
      "The rows could not be loaded. The tables stand below as files.";
  }

  function made(tag, name = "", ...inside) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside);
    return element;
  }

  function drawn(tag, attributes, ...inside) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
  }

  function button(text, does) {
    const element = made("button", "", text);
    element.type = "button";
    element.addEventListener("click", does);
    return element;
  }

  const counted = (number, word) =>
    `${number.toLocaleString("en-US")} ${word}${number === 1 ? "" : "s"}`;

  function start() {
    const { tables, facets, drugs, studies, seen, search } = window.bbRows;
    const { shown: names, parts, words: firsts, mark } = window.bbRows;
    const { reading, loader, index, places } = window.bbWords;
    const { units } = reading(search);
    const load = loader(`${root}_static/ask/parts/`, mark);
    const lookup = index(load, firsts);
    const label = Object.fromEntries(
      NAMES.map((name) => [name, form.elements[name].labels[0].textContent]));

    // The rows

    const values = {
      drugs: Object.keys(drugs),
      about: window.bbRows.about,
      kind: window.bbRows.kinds,
      studies: Object.keys(studies),
      seen: Object.keys(seen),
    };
    const listed = (name, number) => {
      return [facets[name][number]].flat().map((at) => values[name][at]);
    };
    const tableOf = tables.flatMap((table) => Array(table.rows).fill(table));
    const rows = tableOf.map((table, number) => ({
      table,
      number,
      at: facets.at[number],
      ratio: facets.ratio[number] === 1,
      drugs: listed("drugs", number),
      about: listed("about", number),
      kind: listed("kind", number)[0],
      studies: listed("studies", number),
      seen: listed("seen", number)[0],
    }));
    const facetsOf = {
      table: (row) => [row.table.name],
      drug: (row) => row.drugs,
      about: (row) => row.about,
      kind: (row) => (row.kind ? [row.kind] : []),
      study: (row) => row.studies,
      seen: (row) => [row.seen],
    };
    // What is shown of a row, once the part that has it is there.
    async function filled(row) {
      let [part, first] = [0, 0];
      while (row.number >= first + parts[part]) first += parts[part++];
      const all = await load(`rows-${part}`);
      const said = all[row.number - first].map((text, at) => [names[at], text]);
      return Object.assign(row, Object.fromEntries(said));
    }
    const studyName = (id) => {
      const [authors, name] = studies[id] ?? [id, ""];
      return name && name !== authors ? `${authors}: ${name}` : authors;
    };
    const titles = Object.fromEntries(tables.map(({ name, title }) => [name, title]));
    const spoken = {
      table: (name) => titles[name] ?? name,
      drug: (id) => drugs[id]?.[0] ?? id,
      study: studyName,
      seen: (word) => seen[word] ?? word,
      about: (word) => word,
      kind: (word) => word,
    };
    const known = Object.fromEntries(
      PICKED.map((name) => [name, new Set(rows.flatMap(facetsOf[name]))]));

    // The numbers of the rows that have, in a field of the index (1 all words, 2 those
    // of the people), each word, or run of words that the book says otherwise, in one
    // of its ways. Words find those that they begin, too.
    async function having(query, field) {
      const asked = units(query);
      const ways = asked.flatMap((unit) => unit.ways);
      await Promise.all(ways.map((way) => lookup.ready(way, true)));
      const numbers = (way) => lookup.lines(way, true)
        .flatMap((line) => [...places(line[field]).keys()]);
      const found = asked.map((unit) => new Set(unit.ways.flatMap(numbers)));
      return (row) => found.every((some) => some.has(row.number));
    }

    // What is asked, in the form, in the address and in words

    const asked = () => Object.fromEntries(
      NAMES.map((name) => [name, form.elements[name].value.trim()])
      .filter(([, value]) => value));

    function address(filter) {
      const text = new URLSearchParams(filter).toString();
      return text ? `#${text}` : location.pathname + location.search;
    }

    // [what the address asks, what of it nobody understands]
    function read() {
      const hash = location.hash.slice(1);
      const table = hash.startsWith("ask-") ? hash.slice(4) : "";
      const filter = {};
      const strange = [];
      const text = table ? `table=${table}` : hash;
      for (const [name, value] of new URLSearchParams(text.includes("=") ? text : "")) {
        const fits = TYPED.includes(name) || known[name]?.has(value);
        if (fits) filter[name] = value;
        else strange.push(`${name} “${value}”`);
      }
      return [filter, strange];
    }

    let [last, when] = ["", 0];

    // A step back is a filter back: words as they are typed are one step, and so are
    // choices that follow each other at once, as with the keys of arrows in a list.
    function remember(name) {
      const now = Date.now();
      const same = name === last && (TYPED.includes(name) || now - when < 1000);
      [last, when] = [name, now];
      try {
        history[same ? "replaceState" : "pushState"](null, "", address(asked()));
      } catch {
        // A frame may forbid it; the filter works without its address.
      }
    }

    function fill(filter) {
      for (const name of PICKED) {
        const value = filter[name] ?? "";
        const field = form.elements[name];
        if (value && ![...field.options].some((one) => one.value === value)) {
          field.add(new Option(spoken[name](value), value));
        }
        field.value = value;
      }
      for (const name of TYPED) form.elements[name].value = filter[name] ?? "";
    }

    const inWords = (filter) => Object.entries(filter)
      .map(([name, value]) => `${label[name]}: ${spoken[name]?.(value) ?? value}`)
      .join("; ");

    // Each list offers what would leave rows with all else that is asked, and how many.
    function offer(filter, typed) {
      for (const name of PICKED) {
        const others = PICKED.filter((other) => other !== name && filter[other]);
        const counts = new Map();
        for (const row of typed) {
          const fits = others.every(
            (other) => facetsOf[other](row).includes(filter[other]));
          if (!fits) continue;
          for (const value of new Set(facetsOf[name](row))) {
            counts.set(value, (counts.get(value) ?? 0) + 1);
          }
        }
        if (filter[name] && !counts.has(filter[name])) counts.set(filter[name], 0);
        const field = form.elements[name];
        const sorted = [...counts].map(([value, n]) => [spoken[name](value), value, n]);
        const order = { table: Object.keys(titles), seen: Object.keys(seen) } [name];
        if (order) {
          sorted.sort((a, b) => order.indexOf(a[1]) - order.indexOf(b[1]));
        } else {
          sorted.sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true }));
        }
        const texts = sorted.map(([text, value, n]) => {
          return [`${text} (${n.toLocaleString("en-US")})`, value];
        });
        const state = JSON.stringify(texts);
        if (field.dataset.state !== state) {
          field.dataset.state = state;
          field.replaceChildren(new Option("any", ""),
            ...texts.map(([text, value]) => new Option(text, value)));
        }
        field.value = filter[name] ?? "";
      }
    }

    // Ratios of one kind

    const kindsOf = (found) => {
      const counts = new Map();
      for (const row of found.filter((row) => row.ratio)) {
        counts.set(row.kind, (counts.get(row.kind) ?? 0) + 1);
      }
      return counts;
    };
    const number = (row, column) => Number.parseFloat(row[`drawn_${column}`]);

    // The axis of rows: [place of a ratio in percent, its ticks]
    function axis(shown) {
      const numbers = ["value", "ci_low", "ci_high"];
      const ends = shown
        .flatMap((row) => numbers.map((column) => number(row, column)))
        .filter((value) => value > 0);
      const low = Math.max(Math.min(...ends, .8), TICKS[0]) / 1.12;
      const high = Math.min(Math.max(...ends, 1.25), TICKS.at(-1)) * 1.12;
      const span = Math.log(high / low);
      const place = (value) => Math.log(value / low) / span * 100;
      // Those nearest to one first; no two closer than a tenth of the axis.
      const kept = [];
      const far = (tick) => Math.abs(Math.log(tick));
      const inside = TICKS.filter((tick) => place(tick) > 4 && place(tick) < 96);
      for (const tick of inside.sort((a, b) => far(a) - far(b))) {
        const free = kept.every((one) => Math.abs(place(one) - place(tick)) > 15);
        if (free) kept.push(tick);
      }
      return { low, high, place, ticks: kept };
    }

    function strip(row, { low, high, place, ticks }) {
      const along = (value) => `${place(value).toFixed(2)}%`;
      const upright = (value, name) => {
        const [x1, x2] = [along(value), along(value)];
        return drawn("line", { class: name, x1, x2, y1: 0, y2: "100%" });
      };
      const picture = drawn("svg", { "aria-hidden": "true", focusable: "false" },
        ...ticks.map((tick) => upright(tick, tick === 1 ? "bb-one" : "bb-tick")));
      const [, light, dark, shape] = drugs[row.drugs[0]] ?? drugs[""];
      const ink = drawn("g", { class: "bb-drug" });
      ink.style.setProperty("--bb-day", light);
      ink.style.setProperty("--bb-night", dark);
      const [from, to] = [number(row, "ci_low"), number(row, "ci_high")];
      if (from > 0 && to > 0) {
        const [x1, x2] = [along(Math.max(from, low)), along(Math.min(to, high))];
        const ends = { x1, x2, y1: "50%", y2: "50%" };
        ink.append(drawn("line", { class: "bb-whisker", ...ends }));
      }
      const value = number(row, "value");
      if (value >= low && value <= high) {
        const hollow = row.drawn_approx === "true" ? "bb-hollow" : "bb-solid";
        ink.append(drawn("svg", { x: along(value), y: "50%", overflow: "visible" },
          drawn("path", { class: hollow, d: shape })));
      }
      picture.append(ink);
      return picture;
    }

    function scale({ place, ticks }) {
      return ticks.map((tick) => {
        const one = made("span", "", String(tick));
        one.style.left = `${place(tick).toFixed(2)}%`;
        return one;
      });
    }

    // The rows in sight

    function to(href, text) {
      const link = made("a", "", text);
      link.href = href;
      return link;
    }

    // Studies, how it was read, table and id: one line under a row.
    function source(row) {
      const study = (id) => to(
        `${root}book/reference/studies.html#study-${id}`, studies[id]?.[0] ?? id);
      const where = row.address;
      const words = seen[row.seen];
      const way = made("span", row.seen === "unverified" ? "bb-unverified" : "",
        where ? to(where, words) : words);
      const table = to(
        `${root}book/reference/data-dictionary.html#table-${row.table.name}`,
        row.table.name);
      const parts = [...row.studies.map(study), way, table, made("code", "", row.id)];
      return made("p", "bb-ask-source",
        ...parts.flatMap((each, at) => (at ? [" · ", each] : [each])));
    }

    function cell(tag, role, name, ...inside) {
      const element = made(tag, name, ...inside);
      element.setAttribute("role", role);
      return element;
    }

    function line(row, scaled) {
      const small = (name, text) => (text ? [made("p", name, text)] : []);
      const { note } = row;
      const cells = [
        cell("th", "rowheader", "", made("p", "bb-ask-what", row.what),
          ...small("", row.who), ...small("", row.detail),
          ...small("", note && `Remark: ${note}`), source(row)),
        cell("td", "cell", "bb-ask-value", ...small("", row.value),
          ...small("bb-ask-error", row.error)),
      ];
      cells[0].scope = "row";
      if (scaled) cells.push(cell("td", "cell", "bb-ask-strip", strip(row, scaled)));
      return cell("tr", "row", "", ...cells);
    }

    function head(scaled) {
      const titles = ["What was found", "Value"];
      const cells = titles.map((title) => cell("th", "columnheader", "", title));
      if (scaled) {
        const drawing = cell("th", "columnheader", "bb-ask-scale",
          made("span", "bb-ask-hidden", "Drawn on a logarithmic axis"));
        const ticks = made("span", "bb-ask-ticks", ...scale(scaled));
        ticks.setAttribute("aria-hidden", "true");
        drawing.append(ticks);
        cells.push(drawing);
      }
      cells.forEach((each) => (each.scope = "col"));
      return cell("thead", "rowgroup", "", cell("tr", "row", "", ...cells));
    }

    let [found, many, turn] = [[], BATCH, 0];

    // Shows the rows in sight once they are there; whether no other question has come.
    async function show() {
      const mine = ++turn;
      const shown = found.slice(0, many);
      const kinds = kindsOf(found);
      const one = kinds.size === 1 && found.every((row) => row.ratio);
      offerKinds(one, kinds);
      result.setAttribute("aria-busy", "true");
      try {
        await Promise.all(shown.map(filled));
      } catch {
        if (mine === turn) lost();
        return false;
      }
      if (mine !== turn) return false;
      result.removeAttribute("aria-busy");
      const scaled = one && axis(shown);
      const table = cell("table", "table", one ? "bb-ask-drawn" : "");
      if (one) {
        const [kind] = kinds.keys();
        table.append(made("caption", "", made("span", "bb-caption",
          `Each ${kind} with its interval as published, on a logarithmic axis. The ` +
          "upright line is 1, no difference; left of it the outcome came less often " +
          "with what the row names first. Hollow marks are approximate, and a mark " +
          "without a line has no published interval. The rows are not pooled, and " +
          "the same people may stand in several of them.")));
      } else {
        table.setAttribute("aria-label", "Rows in sight");
      }
      const body = cell("tbody", "rowgroup", "");
      body.append(...shown.map((row) => line(row, scaled)));
      table.append(head(scaled), body);
      part("found").replaceChildren(...(shown.length ? [table] : []));
      delete result.dataset.waits;
      offerMore(shown.length);
      return true;
    }

    function offerMore(shown) {
      const left = found.length - shown;
      const more = [];
      const go = (number) => async () => {
        const before = shown;
        many = number;
        say();
        if (!await show()) return;
        // The focus goes to the first of the rows that came.
        const next = part("found").querySelectorAll("tbody > tr")[before];
        next.querySelector(".bb-ask-source a")?.focus();
      };
      if (left > 0) {
        more.push(button(`Show ${Math.min(BATCH, left)} more`, go(many + BATCH)));
      }
      if (left > BATCH && found.length <= ALL) {
        more.push(button(`Show all ${found.length}`, go(found.length)));
      }
      part("more").replaceChildren(...more);
    }

    // Ratios among other rows: one press, and they are drawn.
    function offerKinds(one, kinds) {
      const ways = one ? [] : [...kinds].map(([kind, n]) =>
        button(`${kind} (${n})`, () => {
          form.elements.kind.value = kind;
          remember("kind");
          ask();
          part("said").scrollIntoView({ block: "nearest" });
          form.elements.kind.focus({ preventScroll: true });
        }));
      const words = "Ratios of one kind are drawn. Of these rows: ";
      part("kinds").replaceChildren(...(ways.length ? [words, ...ways] : []));
    }

    function say(strange = []) {
      const shown = Math.min(many, found.length);
      const number = found.length.toLocaleString("en-US");
      const of = `${number} of ${counted(rows.length, "row")}`;
      const below = shown < found.length ? ` The first ${shown} are in sight.` : "";
      const none = found.length ? "" : " Take something out of what you ask.";
      const lost = strange.length ?
        ` The address asks for ${strange.join(", ")}, which no row has.` : "";
      part("said").textContent = `${of}.${below}${none}${lost}`;
      const words = inWords(asked());
      part("filter").textContent = words && `Asked for ${words}.`;
    }

    // To take away: the rows of one table, with its columns, as data/ has them

    const quoted = (text) =>
      /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;

    async function take(table, these) {
      const [columns, ...cells] = await load(`cells-${table.name}`);
      const lines = [columns, ...these.map((row) => cells[row.at])];
      const text = lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
      // The mark at the beginning has Excel read UTF-8, and letters stay what they are.
      const link = made("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
      link.download = `${table.name}-${these.length}-of-${table.rows}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }

    function offerFiles() {
      const files = tables.flatMap((table) => {
        const these = found.filter((row) => row.table === table)
          .sort((a, b) => a.at - b.at);
        if (!these.length) return [];
        const all = table.rows.toLocaleString("en-US");
        const words = `${table.name}: ${these.length} of ${all} rows`;
        return [button(words, () => take(table, these))];
      });
      const told = made("p", "",
        "A file for each table, with all its columns, in UTF-8 with a mark by which " +
        "Excel knows it. The whole tables, without the mark, stand below.");
      part("files").replaceChildren(told, ...files);
    }

    async function ask(strange) {
      const mine = ++turn;
      const filter = asked();
      let typed = rows;
      for (const [name, field] of [["q", 1], ["who", 2]]) {
        if (!filter[name]) continue;
        result.setAttribute("aria-busy", "true");
        try {
          typed = typed.filter(await having(filter[name], field));
        } catch {
          if (mine === turn) lost();
          return;
        }
        if (mine !== turn) return;
      }
      offer(filter, typed);
      const picked = PICKED.filter((name) => filter[name]);
      found = typed.filter((row) =>
        picked.every((name) => facetsOf[name](row).includes(filter[name])));
      found.sort((a, b) => order.get(a) - order.get(b));
      many = BATCH;
      say(strange);
      offerFiles();
      await show();
    }

    // Rows on the same thing stand together, and of these the rows of the same drug.
    const sorted = [...rows].sort((a, b) =>
      tables.indexOf(a.table) - tables.indexOf(b.table) ||
      (a.about[0] ?? "").localeCompare(b.about[0] ?? "", "en") ||
      (a.kind).localeCompare(b.kind, "en") ||
      (a.drugs[0] ?? "").localeCompare(b.drugs[0] ?? "", "en") || a.at - b.at);
    const order = new Map(sorted.map((row, at) => [row, at]));

    function follow() {
      const [filter, strange] = read();
      fill(filter);
      ask(strange);
      last = "";
      if (location.hash.startsWith("#ask-")) {
        try {
          history.replaceState(null, "", address(filter));
        } catch {
          // as above
        }
        form.scrollIntoView();
      }
    }

    let waiting;
    const changed = (name) => {
      clearTimeout(waiting);
      remember(name);
      ask();
    };
    form.addEventListener("change", ({ target }) => {
      if (PICKED.includes(target.name)) changed(target.name);
    });
    form.addEventListener("input", ({ target }) => {
      if (!TYPED.includes(target.name)) return;
      clearTimeout(waiting);
      waiting = setTimeout(changed, 250, target.name);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { name } = document.activeElement;
      if (TYPED.includes(name)) changed(name);
    });
    form.querySelector("[data-do='clear']").addEventListener("click", () => {
      fill({});
      changed("clear");
    });
    addEventListener("hashchange", () => {
      // A heading of the page is no question, and what was asked stays.
      if (/^(?:#ask-.*|#.*=.*|)$/.test(location.hash)) follow();
    });
    form.inert = false;
    follow();
  }

  // In this order; the second is what the page knew when it was built.
  const last = [`${root}_static/search/words.js`, form.dataset.rows].map((address) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, async: false });
    script.onerror = lost;
    return document.head.appendChild(script);
  }).at(-1);
  last.onload = () => (window.bbWords ? start() : lost());
})();
