// The search itself, over the sections of the book (press/sphinx/search.py). A query
// loads the parts of the index that have its words, and of the sections those that are
// shown. Numbers are words like others. What is in no page as it was typed is looked
// for among words that are spelled alike.
(() => {
  "use strict";
  const { WORDS, reading, loader, index, places } = window.bbWords;
  const FOLDER = new URL(".", document.currentScript.src).href;
  const SHOWN = 30; // hits
  const STEP = 5; // hits that are shown at once, and more as one reads on
  const A_PAGE = 3; // of one page
  const BEFORE = 60; // characters of an excerpt before the first word that was found
  const LONG = 230; // and in all

  const number = (word) => /^\d/.test(word);
  // Whether a word finds those that it begins, and how many letters may be wrong in it.
  const begins = (word) => word.length > 2 && !number(word);
  const slips = (word) =>
    (number(word) || word.length < 5 ? 0 : 1 + (word.length > 8));

  // How many letters two words differ in; more than `most` is one more than that.
  const differ = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let above = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= one.length; row += 1) {
      const line = [row];
      for (let at = 1; at <= other.length; at += 1) {
        const same = one[row - 1] === other[at - 1] ? 0 : 1;
        line.push(Math.min(above[at - 1] + same, above[at] + 1, line[at - 1] + 1));
      }
      if (Math.min(...line) > most) return most + 1;
      above = line;
    }
    return above.at(-1);
  };

  // A book as it was built: what it finds for a query, and its sections.
  const opened = (book) => {
    const { pages, lengths } = book;
    const { fold, words, units } = reading(book);
    const load = loader(`${FOLDER}parts/`, book.mark);
    const { ready, lines } = index(load, book.words);
    const empty = new Set(book.small.map(fold));
    const starts = [];
    const pageOf = pages.flatMap((page, at) => {
      starts.push(at ? starts[at - 1] + pages[at - 1].sections : 0);
      return Array(page.sections).fill(at);
    });

    // A section: [anchor, heading, text], once the part that has it is there.
    const section = async (id) => {
      let [part, first] = [0, 0];
      while (id >= first + book.shown[part]) first += book.shown[part++];
      return (await load(`text-${part}`))[id - first];
    };

    // Where a line of the index stands. Its fields in the order in which they are
    // weighed: headings and texts tell sections, titles and numbers pages.
    const unique = (text) => new Set(text.match(WORDS)).size;
    const each = (lengthOf) => pages.flatMap(
      (page) => Array(page.sections).fill(lengthOf(page)));
    const FIELDS = [
      { at: 1, boost: 4, long: lengths[0] },
      { at: 3, boost: 2, long: each(({ title }) => unique(title)) },
      { at: 4, boost: 6, long: each((page) => unique(page.number)) },
      { at: 2, boost: 1, long: lengths[1] },
    ];
    for (const field of FIELDS) {
      field.mean = field.long.reduce((sum, one) => sum + one, 0) / pageOf.length;
    }
    const known = new Map();
    const ofPage = ([page, there]) => {
      const many = Array(pages[page].sections).fill(there);
      return many.map((same, more) => [starts[page] + more, same]);
    };
    const stands = (line, at) => {
      const key = `${at} ${line[0]}`;
      if (known.has(key)) return known.get(key);
      const found = places(line[at]);
      known.set(key, at < 3 ? found : new Map([...found].flatMap(ofPage)));
      return known.get(key);
    };

    // BM25+, as MiniSearch weighs (tests/minisearch compares): a word counts more the
    // fewer sections have it, the oftener it stands in one, and the shorter that is.
    const weigh = (found, line, asked, weight) => {
      for (const { at, boost, long, mean } of FIELDS) {
        const there = stands(line, at);
        const [all, some] = [pageOf.length, there.size];
        const rare = Math.log(1 + (all - some + .5) / (some + .5));
        for (const [id, { length }] of there) {
          const share = length + 1.2 * (1 - .7 + .7 * long[id] / mean);
          const raw = rare * (.5 + length * (1.2 + 1) / share);
          const score = weight * boost * (pages[pageOf[id]].listed ? .15 : 1) * raw;
          const hit = found.get(id) ?? { score: 0, asked: new Set(), terms: new Set() };
          hit.score += score;
          hit.asked.add(asked);
          hit.terms.add(line[0]);
          found.set(id, hit);
        }
      }
    };
    // What a word finds: itself, then what it begins, then what is spelled like it.
    const one = (word, alike) => {
      const found = new Map();
      const all = lines(word, begins(word));
      for (const line of all)
        if (line[0] === word) weigh(found, line, word, 1);
      for (const line of all) {
        const { length } = line[0];
        const more = length - word.length;
        if (more) weigh(found, line, word, .375 * length / (length + .3 * more));
      }
      for (const [like, far] of alike?.get(word) ?? []) {
        if (all.some(([begun]) => begun === like)) continue;
        const weight = .45 * like.length / (like.length + far);
        for (const line of lines(like)) weigh(found, line, word, weight);
      }
      return found;
    };
    const joined = (hit, other) => ({
      score: hit.score + other.score,
      asked: new Set([...hit.asked, ...other.asked]),
      terms: new Set([...hit.terms, ...other.terms]),
    });
    const both = (some, others) => new Map([...others].flatMap(
      ([id, hit]) => (some.has(id) ? [[id, joined(some.get(id), hit)]] : [])));
    const either = (some, others) => {
      const all = new Map(some);
      for (const [id, hit] of others) {
        all.set(id, some.has(id) ? joined(some.get(id), hit) : hit);
      }
      return all;
    };
    const twice = (way) => words(way).filter(Boolean);
    const all = (found, combine) => (found.length ? found.reduce(combine) : new Map());
    const weighed = (asked, combine, alike) => {
      const way = (said) => all(twice(said).map((word) => one(word, alike)), both);
      const unit = ({ ways }) => all(ways.map(way), either);
      return [...all(asked.map(unit), combine)]
        .map(([id, hit]) => ({ id, ...hit, score: hit.score * hit.asked.size }))
        .sort((a, b) => b.score - a.score);
    };

    // The sections in whose field (1 heading, 2 text) a run of words stands. The last
    // of them may go on, as a word does that is being typed.
    const run = (said, at) => {
      const typed = said.split(" ");
      const there = (word, last) => {
        const found = new Map();
        for (const line of lines(word, last && begins(word))) {
          for (const [id, some] of stands(line, at)) {
            found.set(id, [...(found.get(id) ?? []), ...some]);
          }
        }
        return found;
      };
      return typed.reduce((before, word, nth) => {
        const here = there(word, nth === typed.length - 1);
        if (!nth) return here;
        return new Map([...before].flatMap(([id, some]) => {
          const next = new Set(here.get(id));
          const left = some.filter((place) => next.has(place + 1));
          return left.length ? [[id, left.map((place) => place + 1)]] : [];
        }));
      }, null);
    };
    // Words that stand together as they were typed count more; no page fills the list.
    const ordered = (hits, asked) => {
      const typed = asked.map(({ said }) => said).join(" ");
      const runs = asked.flatMap(({ ways }) => ways).filter((way) => way.includes(" "));
      const near = hits.slice(0, 150);
      if (runs.length || typed.includes(" ")) {
        const has = (said) => [run(said, 1), run(said, 2)];
        const [whole, parts] = [has(typed), runs.map(has)];
        for (const hit of near) {
          if (whole[0].has(hit.id)) hit.score *= 3;
          else if (whole[1].has(hit.id)) hit.score *= 2;
          else if (parts.some(([heading]) => heading.has(hit.id))) hit.score *= 2;
          else if (parts.some(([, text]) => text.has(hit.id))) hit.score *= 1.4;
        }
      }
      near.sort((a, b) => b.score - a.score);
      const counts = new Map();
      return near.filter(({ id }) => {
        const page = pageOf[id];
        counts.set(page, (counts.get(page) ?? 0) + 1);
        return counts.get(page) <= A_PAGE;
      }).slice(0, SHOWN);
    };

    // Map {word: [[word spelled like it, letters that differ]]}
    const spelledLike = async (typed) => {
      const all = (await load("spelled")).split(" ");
      const found = new Map(typed.filter(slips).map((word) => {
        const most = slips(word);
        const like = all.map((other) => [other, differ(word, other, most)]);
        return [word, like.filter(([, far]) => far && far <= most)];
      }));
      const like = [...found.values()].flat();
      await Promise.all(like.map(([other]) => ready(other)));
      return found;
    };
    // [hits, how they were found]. What was typed has to be there in one of its ways:
    // all of it as it is spelled, or spelled alike; else some of it.
    const search = async (query) => {
      const typed = units(query);
      const full = typed.filter(
        ({ said, ways }) => ways.length > 1 || !empty.has(said));
      const asked = full.length ? full : typed;
      const once = asked.flatMap(({ ways }) => ways.flatMap((way) => way.split(" ")));
      const wanted = [...new Set([...once, ...once.flatMap(twice)])];
      await Promise.all(wanted.map((word) => ready(word, begins(word))));
      let hits = weighed(asked, both);
      if (hits.length) return [ordered(hits, asked), ""];
      const alike = await spelledLike(wanted);
      for (const [how, combine, like] of [
          ["alike", both, alike],
          ["some", either],
          ["some", either, alike],
        ]) {
        if (how === "some" && asked.length < 2) continue;
        hits = weighed(asked, combine, like);
        if (hits.length) return [ordered(hits, asked), how];
      }
      return [[], ""];
    };

    return { pages, pageOf, section, words, fold, search };
  };

  let book = opened(window.bbBook);

  // A host that was given a new build, and a browser that has kept the old list of
  // parts: the list is loaded again, past what was kept.
  const renew = () => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${FOLDER}book.js?again=${Date.now()}`;
    script.onload = () => resolve((book = opened(window.bbBook)));
    script.onerror = reject;
    document.head.append(script);
  });

  // The place of a text where most of what was found stands closest, as nodes.
  const excerpt = (text, terms) => {
    const { fold } = book;
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
  const item = async (hit, root) => {
    const [id, heading, text] = await book.section(hit.id);
    const page = book.pages[book.pageOf[hit.id]];
    const link = made("a", heading || page.title);
    link.href = `${root}${page.path}${id ? `#${id}` : ""}`;
    const where = made("p", "", "bb-hit-where");
    const tier = made("span", page.where);
    if (page.tier) tier.dataset.tier = page.tier;
    where.append(tier, heading && heading !== page.title ? ` · ${page.title}` : "");
    const said = made("p");
    said.append(...excerpt(text, hit.terms));
    const entry = made("li");
    entry.append(link, where, said);
    return entry;
  };
  const count = (many) => (many === 1 ? "1 place" : `${many} places`);
  const told = (query, hits, how) => {
    if (!hits.length) {
      return `Nothing in the book has “${query}”, nor anything spelled like it.`;
    }
    const alikes = [...new Set(hits.slice(0, 5).flatMap((hit) => [...hit.terms]))];
    if (how === "alike") {
      return `Nothing has “${query}” as it is spelled here. Spelled alike: ` +
        `${alikes.slice(0, 4).join(", ")}.`;
    }
    if (how === "some") return `No place has all of “${query}”. These have some of it.`;
    return hits.length < SHOWN ? count(hits.length) : `The best ${SHOWN} places`;
  };

  const start = (form, place, root) => {
    if (place.dataset.ready) return;
    place.dataset.ready = "yes";
    const input = form.querySelector("input[type=search]");
    const note = place.querySelector("[role=status]");
    const list = place.appendChild(made("ol", "", "bb-hits"));
    const page = place.closest("#bb-search-page");
    let asked = 0;
    let rest = [];
    const entries = (hits) => Promise.all(hits.map((hit) => item(hit, root)));
    // Whoever comes near the end of what is shown is shown more.
    const end = new IntersectionObserver(async ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      end.disconnect();
      const mine = asked;
      const more = await entries(rest.splice(0, STEP)).catch(() => []);
      if (mine === asked) put(...more);
    });
    const put = (...more) => {
      list.append(...more);
      if (more.length && rest.length) end.observe(list.lastElementChild);
    };
    const look = async (query) => {
      const any = book.words(query).length;
      const [hits, how] = any ? await book.search(query) : [[], ""];
      const first = await entries(hits.slice(0, STEP));
      return [hits, first, any ? told(query, hits, how) : ""];
    };
    const show = async () => {
      const query = input.value.trim();
      const mine = ++asked;
      end.disconnect();
      const slow = setTimeout(() => {
        note.textContent = "A moment: the search reads the book.";
      }, 500);
      try {
        const [hits, first, said] = await look(query)
          .catch(() => renew().then(() => look(query)));
        if (mine !== asked) return;
        rest = hits.slice(STEP);
        list.replaceChildren();
        put(...first);
        note.textContent = said;
        place.dataset.shown = query;
      } catch {
        if (mine !== asked) return;
        list.replaceChildren();
        note.textContent = "A part of the search could not be loaded. Try once more.";
      } finally {
        clearTimeout(slow);
      }
    };
    let timer;
    const typed = page && new URLSearchParams(location.search).get("q");
    if (typed && !input.value) input.value = typed;
    show();
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(show, 180);
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

  window.bbFind = { search: (query) => book.search(query), start };
})();
