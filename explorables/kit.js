/* The figures with sliders: what their models share (the twin of kit.py), and what
   joins the controls on a page to their model and their chart (Vega). Only pages that
   have such a figure load it, and after it the model.js of each figure on them. */
(() => {
  "use strict";

  /* A number as a reader sees it, see kit.written. */
  const written = (value, digits = 0) => {
    if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be shown.`);
    const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return value
      .toLocaleString("en-US", { ...places, signDisplay: "negative" })
      .replace("-", "−");
  };

  /* A number in a sentence, see kit.rounded. */
  const rounded = (value, digits) =>
    written(value, digits && value && Math.abs(value) < 9.95 ? 1 : 0);

  /* What stands under a key. A key that is not there is an error, never "undefined". */
  const entry = (store, key) => {
    if (store[key] === undefined) {
      throw new RangeError(`No "${key}" among: ${Object.keys(store).join(", ")}.`);
    }
    return store[key];
  };

  /* The setting of a control in words. */
  const spoken = ({ options, digits }, value) =>
    options ? entry(options, value) : written(value, digits);

  /* What is shown, in words, see Explorable.sentence. */
  function sentence(shown, settings, { numbers, say }) {
    const words = {};
    for (const [name, control] of Object.entries(shown.controls)) {
      words[name] = spoken(control, entry(settings, name));
    }
    for (const { key, digits } of shown.numbers) {
      const value = entry(numbers, key);
      if (value !== null) words[key] = rounded(value, digits);
    }
    const fill = (text) => text.replace(/\{(.+?)\}/g, (_, key) => entry(words, key));
    const told = say.map((key) => fill(entry(shown.sentences, key)));
    return told.filter(Boolean).join(" ");
  }

  /* The table of numbers: [label, text] for each that there is. */
  const table = (shown, { numbers }) => {
    const there = shown.numbers.filter(({ key }) => entry(numbers, key) !== null);
    return there.map(({ key, label, unit, digits }) => [
      label,
      `${written(numbers[key], digits)} ${unit}`.trim(),
    ]);
  };

  /* {name: answer(settings, given)}; each model.js adds its own. */
  const models = {};
  window.explorables = { models, sentence, table };

  const FAILED = "Nothing could be computed at these settings, so nothing is shown.";

  /* A color of a chart is a variable that falls back to the color of the light page: a
     chart follows the mode without a redraw, and on paper it is light. */
  const HEX = /#[0-9a-fA-F]{6}\b/g;
  const ink = (color) => `--ink-${color.slice(1).toLowerCase()}`;
  const inked = (text) => text.replace(HEX, (color) => `var(${ink(color)}, ${color})`);
  const night = { sheet: new CSSStyleSheet(), inks: new Map() };

  function knowDark(partners) {
    for (const [color, partner] of Object.entries(partners)) {
      night.inks.set(ink(color), partner);
    }
    const inks = [...night.inks].map((each) => `${each.join(": ")};`).join(" ");
    const dark = `html[data-theme="dark"] .bb-chart { ${inks} }`;
    night.sheet.replaceSync(`@media screen { ${dark} }`);
    if (document.adoptedStyleSheets.includes(night.sheet)) return;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, night.sheet];
  }

  function tableRow([label, text]) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    const cell = document.createElement("td");
    head.scope = "row";
    head.textContent = label;
    cell.textContent = text;
    row.append(head, cell);
    return row;
  }

  function open(box) {
    const about = box.querySelector("script[type='application/json']").textContent;
    const shown = JSON.parse(about);
    const datasets = shown.chart.data.filter(({ values }) => values);
    const controls = [...box.querySelectorAll("[data-control]")];
    const words = box.querySelector(".bb-live .bb-say");
    let view;
    let waiting = 0;
    let answered = "";

    /* A slider rounds to its steps. While it stands where it was set to (by the page or
       by a preset, not moved to), its value is the exact one. */
    const exact = new Map();
    const write = (control, value) => {
      const { log } = shown.controls[control.dataset.control];
      control.value = log ? Math.log2(value) : value;
      exact.set(control, { stands: control.value, value });
    };
    const read = (control) => {
      if (control.tagName === "SELECT") return control.value;
      const set = exact.get(control);
      if (set.stands === control.value) return set.value;
      const [low, value, high] = [control.min, control.value, control.max].map(Number);
      const inside = Math.min(Math.max(value, low), high);
      if (control.type === "number") return Math.round(inside);
      return shown.controls[control.dataset.control].log ? 2 ** inside : inside;
    };
    /* A view has no controls: there the buttons alone say where it stands. */
    const stands = { ...shown.opens };
    const settings = () => ({
      ...stands,
      ...Object.fromEntries(controls.map((each) => [each.dataset.control, read(each)])),
    });

    const label = (control) => {
      const output = box.querySelector(`output[for="${control.id}"]`);
      if (!output) return;
      const { digits, unit } = shown.controls[control.dataset.control];
      output.value = `${written(read(control), digits)} ${unit}`.trim();
      control.setAttribute("aria-valuetext", output.value);
    };

    /* A field shows what is counted with, and says so if something else was typed. */
    function keep(control) {
      const typed = control.value;
      const used = String(read(control));
      const beyond = Number(typed) > Number(control.max) ? "most" : "least";
      const note = control.parentNode.querySelector(".bb-note");
      note.textContent = "";
      if (typed === used) return;
      write(control, used);
      const outside = String(Math.round(Number(typed))) !== used;
      note.textContent = outside ? `${used} is the ${beyond}` : `taken as ${used}`;
    }

    /* What is shown at a state of the controls; when it fails, that it failed, and
       nothing beside it that might be taken for an answer. Before anything has been
       drawn, the still figure is the better answer. */
    function compute() {
      try {
        const now = settings();
        const found = entry(models, box.dataset.explorable)(now, shown.given);
        return {
          rows: found.rows,
          lines: table(shown, found),
          text: sentence(shown, now, found),
        };
      } catch (error) {
        if (!box.dataset.drawn) throw error;
        console.error(error);
        return { rows: {}, lines: [], text: FAILED };
      }
    }

    const state = () => JSON.stringify(controls.map(({ value }) => value));

    /* The button whose settings are those that stand is the pressed one. */
    const buttons = [...box.querySelectorAll("[data-preset]")];

    function press() {
      const now = settings();
      for (const button of buttons) {
        const preset = Object.entries(JSON.parse(button.dataset.preset));
        const here = preset.every(([name, value]) => now[name] === value);
        button.setAttribute("aria-pressed", here);
      }
    }

    /* Rows that stay are changed where they stand, and what is drawn of them is kept:
       only what is another is drawn anew. */
    const stand = {};

    function change(name, rows) {
      const kept = (stand[name] ??= []);
      const changes = vega.changeset();
      rows.slice(0, kept.length).forEach((row, place) => {
        for (const field of Object.keys({ ...kept[place], ...row })) {
          if (kept[place][field] === row[field]) continue;
          changes.modify(kept[place], field, row[field]);
        }
      });
      changes.remove(kept.splice(rows.length)).insert(rows.slice(kept.length));
      kept.push(...rows.slice(kept.length));
      view.change(name, changes);
    }

    async function update() {
      answered = state();
      controls.forEach(label);
      press();
      const { rows, lines, text } = compute();
      words.textContent = text;
      box.querySelector("tbody")?.replaceChildren(...lines.map(tableRow));
      for (const { name } of datasets) change(name, rows[name] ?? []);
      await view.runAsync();
      /* How often it has answered; the bench and the tests wait for it. */
      box.dataset.drawn = Number(box.dataset.drawn ?? 0) + 1;
    }

    /* The chart is drawn once; afterwards only its data change. Its expressions go to
       Vega's interpreter: a page may turn no text into a script. */
    async function draw() {
      const chart = JSON.parse(inked(JSON.stringify(shown.chart)));
      const place = box.querySelector(".bb-chart");
      const named = { role: "", "aria-label": "" };
      for (const name in named) named[name] = place.getAttribute(name);
      view = new vega.View(vega.parse(chart, null, { ast: true }), {
        expr: vega.expressionInterpreter,
        renderer: "svg",
        container: place,
        hover: false,
        logLevel: vega.Error,
      });
      /* Vega takes the role for its own, and the name away. */
      for (const name in named) place.setAttribute(name, named[name]);
      await update();
    }

    /* However fast a slider is dragged, one redraw a frame. */
    const soon = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        update();
      });
    };

    for (const control of controls) {
      control.addEventListener("input", soon);
      if (control.tagName === "SELECT") continue;
      /* After Back or a reload it may already stand where the reader had left it. */
      const restored = control.value;
      write(control, shown.opens[control.dataset.control]);
      control.value = restored;
      if (control.type !== "number") continue;
      control.addEventListener("change", () => keep(control));
      keep(control);
    }
    for (const button of buttons) {
      button.addEventListener("click", () => {
        const preset = JSON.parse(button.dataset.preset);
        Object.assign(stands, preset);
        for (const control of controls) {
          const value = preset[control.dataset.control];
          if (value === undefined) continue;
          if (control.tagName === "SELECT") control.value = value;
          else write(control, value);
        }
        soon();
      });
    }
    /* Some browsers put the controls back where they stood only now. */
    window.addEventListener("pageshow", () => {
      controls.filter(({ type }) => type === "number").forEach(keep);
      if (state() !== answered) soon();
    });
    /* The still figure stays until the live one has been drawn: behind it, where the
       chart finds its width. After an error in between, it is what there is. */
    const still = box.querySelector(".bb-off");
    const live = box.querySelector(".bb-live");
    const swap = (drawn) => {
      still.hidden = drawn;
      live.hidden = !drawn;
      live.classList.remove("bb-waits");
    };
    live.classList.add("bb-waits");
    live.hidden = false;
    knowDark(shown.partners);
    return draw().then(
      () => swap(true),
      (error) => {
        swap(false);
        console.error(error);
      },
    );
  }

  /* Vega is large: it is fetched when a figure comes near the screen, once a page, and
     with it its interpreter, which lies beside it. */
  let library;
  const fetched = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      const onerror = () => failed(new Error(`${address} could not be loaded.`));
      Object.assign(script, { src: address, async: false, onload: done, onerror });
      document.head.append(script);
    });
  const load = (vega) =>
    (library ??= Promise.all(
      [vega, vega.replace("vega.min", "vega-interpreter")].map(fetched),
    ));

  /* By then the models, whose scripts follow this one, have been read. */
  document.addEventListener("DOMContentLoaded", () => {
    const look = (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        load(target.dataset.vega).then(() => open(target), console.error);
      }
    };
    const near = new IntersectionObserver(look, { rootMargin: "800px" });
    for (const box of document.querySelectorAll("[data-explorable]")) near.observe(box);
  });
})();
