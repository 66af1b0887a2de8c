// For the search of the book and for the table to ask: how typed words are read, and
// how what the build has cut into parts (press/indexed.py) is loaded and looked up.
(() => {
  "use strict";
  const WORDS = /\d+(?:[.,]\d+)*|[\p{L}\p{M}\p{N}]+/gu;

  // What a reader says is looked up under what the book says, British and American
  // spellings are one, and so are one and many (book/search.yml).
  const reading = ({ says, spellings }) => {
    const rules = spellings.map(([from, to]) => [new RegExp(from, "gu"), to]);
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
    // What was typed: each word, or each run of words that the book says otherwise,
    // with the ways to say it.
    const units = (query) => {
      const typed = words(query);
      const found = [];
      for (let at = 0; at < typed.length;) {
        let many = Math.min(4, typed.length - at);
        while (many > 1 && !means.has(typed.slice(at, at + many).join(" "))) many -= 1;
        const said = typed.slice(at, at + many).join(" ");
        found.push({ said, ways: [said, ...(means.get(said) ?? [])] });
        at += many;
      }
      return found;
    };
    return { fold, words, phrase, units };
  };

  // Loads a part of a folder by its name, once. A part of another build, which the
  // browser or the host may have kept, has another mark and is not taken.
  const loader = (folder, mark) => {
    const coming = new Map();
    const load = (name) => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const key = `${name}?v=${mark}`;
      const lost = () => {
        coming.delete(name);
        reject(new Error(key));
      };
      script.src = `${folder}${name}.js?v=${mark}`;
      script.onload = () => {
        const part = window.bbParts?.[key];
        if (part) resolve(part);
        else lost();
      };
      script.onerror = lost;
      document.head.append(script);
    });
    return (name) => {
      if (!coming.has(name)) coming.set(name, load(name));
      return coming.get(name);
    };
  };

  // The index that stands in parts words-0, words-1 and so on, in the order of its
  // words. Each line is a word and where it stands; firsts: the first word of each.
  const index = (load, firsts) => {
    const held = [];
    const last = (word) => firsts.findLastIndex((first) => first <= word);
    const part = (word) => Math.max(0, last(word));
    const range = (word, begins) => {
      const [from, to] = [part(word), part(begins ? `${word}\uffff` : word)];
      return Array.from({ length: to - from + 1 }, (_, more) => from + more);
    };
    return {
      // Loads what has a word and, if it begins others, these.
      ready: (word, begins) => Promise.all(range(word, begins).map(async (number) => {
        held[number] ??= await load(`words-${number}`);
      })),
      // Of what is loaded, the lines of a word and, if it begins others, of these.
      lines: (word, begins) => range(word, begins).flatMap((number) =>
        (held[number] ?? []).filter(([one]) =>
          (begins ? one.startsWith(word) : one === word))),
    };
  };

  // Where a word stands, from "3 0 14,1 2": Map {3: [0, 14], 4: [2]}.
  const places = (text) => {
    const found = new Map();
    let number = 0;
    for (const each of text ? text.split(",") : []) {
      const [more, ...gaps] = each.split(" ").map(Number);
      let place = 0;
      number += more;
      found.set(number, gaps.map((gap) => (place += gap)));
    }
    return found;
  };

  window.bbWords = { WORDS, reading, loader, index, places };
})();
