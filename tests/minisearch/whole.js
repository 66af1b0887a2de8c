// What a search over the whole book finds with MiniSearch, for tests/test_search.py: the
// site's own search (static/search/find.js) loads parts of an index and has to find the
// same in the same order. `within`: whether a run of words may begin inside of a word
// and end in one, as it may not on the site.
window.bbWhole = (book, sections, within = false) => {
  const { WORDS, reading } = window.bbWords;
  const { fold, phrase, units } = reading(book);
  const pageOf = book.pages.flatMap((page) => Array(page.sections).fill(page));
  const empty = new Set(book.small.map(fold));
  const index = new window.MiniSearch({
    fields: ["heading", "title", "number", "text"],
    tokenize: (text) => text.match(WORDS) ?? [],
    processTerm: fold,
    extractField: ({ id }, name) => {
      if (name === "id") return id;
      const [, heading, text] = sections[id];
      const { title, number } = pageOf[id];
      return { heading, text, title, number } [name];
    },
  });
  index.addAll(sections.map((_, id) => ({ id })));

  const all = (way) => ({ combineWith: "AND", queries: way.split(" ") });
  const tree = (asked, combineWith) => ({
    combineWith,
    queries: asked.map(({ ways }) => ({ combineWith: "OR", queries: ways.map(all) })),
  });
  const number = (word) => /^\d/.test(word);
  const begins = (word) => word.length > 2 && !number(word);
  const exact = { prefix: begins };
  const alike = {
    fuzzy: (word) => !number(word) && word.length > 4 && 1 + (word.length > 8),
  };
  const settings = {
    boost: { heading: 4, title: 2, number: 6 },
    boostDocument: (id) => (pageOf[id].listed ? .15 : 1),
  };
  const has = (text, run) => {
    if (within) return text.includes(run);
    if (begins(run.split(" ").at(-1))) return ` ${text}`.includes(` ${run}`);
    return ` ${text} `.includes(` ${run} `);
  };
  const ordered = (hits, asked) => {
    const runs = asked.flatMap(({ ways }) => ways).filter((way) => way.includes(" "));
    const typed = asked.map(({ said }) => said).join(" ");
    const near = hits.slice(0, 150);
    for (const hit of near) {
      if (!runs.length && !typed.includes(" ")) break;
      const [head, body] = sections[hit.id].slice(1).map(phrase);
      if (has(head, typed)) hit.score *= 3;
      else if (has(body, typed)) hit.score *= 2;
      else if (runs.some((run) => has(head, run))) hit.score *= 2;
      else if (runs.some((run) => has(body, run))) hit.score *= 1.4;
    }
    near.sort((one, other) => other.score - one.score);
    const counts = new Map();
    return near.filter(({ id }) => {
      const page = pageOf[id];
      counts.set(page, (counts.get(page) ?? 0) + 1);
      return counts.get(page) <= 3;
    }).slice(0, 30);
  };
  return (query) => {
    const typed = units(query);
    const full = typed.filter(({ said, ways }) => ways.length > 1 || !empty.has(said));
    const asked = full.length ? full : typed;
    for (const [how, combine, options] of [
        ["", "AND", exact],
        ["alike", "AND", { ...exact, ...alike }],
        ["some", "OR", exact],
        ["some", "OR", { ...exact, ...alike }],
      ]) {
      if (how === "some" && asked.length < 2) continue;
      const hits = index.search(tree(asked, combine), { ...settings, ...options });
      if (hits.length) return [ordered(hits, asked), how];
    }
    return [[], ""];
  };
};
