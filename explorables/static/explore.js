/* Joins the controls of an explorable to its model (models.js) and its chart (Vega). Loaded only by pages that have one. */
(() => {
  "use strict";
  const { answer: models, say } = window.bonebookModels;
  const dark = () => document.documentElement.dataset.theme === "dark";
  const format = (value, digits) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");

  function open(box) {
    const name = box.dataset.explorable;
    const { given, chart, partners } = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const controls = [...box.querySelectorAll("[data-control]")];
    const place = box.querySelector(".bb-chart"), words = box.querySelector(".bb-say"), body = box.querySelector("tbody");
    let view, waiting = 0;

    const read = (control) => {
      if (control.tagName === "SELECT") return control.value;
      if (control.dataset.exact) return Number(control.dataset.exact);
      const value = Math.min(Math.max(Number(control.value), Number(control.min)), Number(control.max));
      return control.dataset.log ? 2 ** value : value;
    };
    const settings = () => Object.fromEntries(controls.map((control) => [control.dataset.control, read(control)]));
    /* A slider rounds to its steps; what it was set to, not moved to, is kept as it is. */
    const write = (control, value) => {
      if (control.type === "range") control.dataset.exact = value;
      control.value = control.dataset.log ? Math.log2(value) : value;
    };
    const show = (control) => {
      const output = box.querySelector(`output[for="${control.id}"]`);
      if (!output) return;
      const text = `${format(read(control), Number(control.dataset.digits))} ${control.dataset.unit}`.trim();
      output.value = text;
      control.setAttribute("aria-valuetext", text);
    };

    /* The chart is drawn once for each color mode; afterwards only its data change. */
    async function draw() {
      view?.finalize();
      let text = JSON.stringify(chart);
      if (dark()) text = text.replace(/#[0-9a-fA-F]{6}\b/g, (color) => partners[color.toLowerCase()] ?? color);
      view = new vega.View(vega.parse(JSON.parse(text)), { renderer: "svg", container: place, hover: false, logLevel: vega.Error });
      await update();
    }

    async function update() {
      const now = settings(), found = models[name](now, given);
      controls.forEach(show);
      for (const [dataset, rows] of Object.entries(found.rows)) view.change(dataset, vega.changeset().remove(vega.truthy).insert(rows));
      words.textContent = say[name](now, found, given);
      body.replaceChildren(
        ...found.numbers.map(({ label, value, unit, digits }) => {
          const row = document.createElement("tr"), head = document.createElement("th"), cell = document.createElement("td");
          head.scope = "row";
          head.textContent = label;
          cell.textContent = `${format(value, digits)} ${unit}`.trim();
          row.append(head, cell);
          return row;
        }),
      );
      await view.runAsync();
      box.dataset.drawn = Number(box.dataset.drawn || 0) + 1;      // how often it has answered; the bench and the tests wait for it
    }

    /* However fast a slider is dragged, one redraw a frame. */
    const soon = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        update();
      });
    };

    controls.forEach((control) =>
      control.addEventListener("input", () => {
        delete control.dataset.exact;
        soon();
      }),
    );
    box.querySelectorAll("[data-preset]").forEach((button) =>
      button.addEventListener("click", () => {
        const preset = JSON.parse(button.dataset.preset);
        controls.filter((control) => control.dataset.control in preset).forEach((control) => write(control, preset[control.dataset.control]));
        soon();
      }),
    );
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    box.querySelector(".bb-off").hidden = true;
    box.querySelector(".bb-live").hidden = false;
    draw();
  }

  /* Vega is large: it is fetched when an explorable comes near the screen, once for the page. */
  let library;
  const load = (address) =>
    (library ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      Object.assign(script, { src: address, onload: done, onerror: failed });
      document.head.append(script);
    }));
  const near = new IntersectionObserver(
    (entries) =>
      entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
        near.unobserve(target);
        load(target.dataset.vega).then(() => open(target));
      }),
    { rootMargin: "800px" },
  );
  document.querySelectorAll("[data-explorable]").forEach((box) => near.observe(box));
})();
