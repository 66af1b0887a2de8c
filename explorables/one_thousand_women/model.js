/* One thousand women, the twin of model.py. */
(() => {
  "use strict";

  /* Risk with the drug from the risk without it, bonebook.effects.from_ratio. */
  const FROM_RATIO = {
    "relative risk": (risk, ratio) => risk * ratio,
    "rate ratio": (risk, ratio) => risk * ratio,
    "hazard ratio": (risk, ratio) => 1 - (1 - risk) ** ratio,
    "odds ratio": (risk, ratio) => (ratio * risk) / (1 - risk + ratio * risk),
  };

  /* SVG path of a square of an icon array, or of its part from `low` to `high`. */
  function square(place, low, high, columns) {
    const side = 2 / columns;
    const gap = 0.16 * side;
    const edge = side - gap;
    const top = ((-1000 / columns) * side) / 2;
    const x = -1 + (place % columns) * side + gap / 2 + low * edge;
    const y = top + Math.floor(place / columns) * side + gap / 2;
    const width = (high - low) * edge;
    const [left, upper, right, down, back] = [x, y, width, edge, -width].map((number) =>
      number.toFixed(4),
    );
    return `M${left},${upper}h${right}v${down}h${back}z`;
  }

  /* Whole squares are asked for again and again: {columns: their paths}. */
  const WHOLE = {};

  /* SVG path of the squares number `first` to `last` of an icon array. */
  function squares(first, last, columns = 50) {
    const whole = (WHOLE[columns] ??= Array.from({ length: 1000 }, (_, place) =>
      square(place, 0, 1, columns),
    ));
    let path = "";
    for (let place = Math.floor(first); place < Math.ceil(last); place++) {
      const low = Math.max(first - place, 0);
      const high = Math.min(last - place, 1);
      const part = low > 0 || high < 1;
      path += part ? square(place, low, high, columns) : whole[place];
    }
    return path || "M0,0z";
  }

  /* One array of 1,000 squares, as three paths of one color each. */
  const panel = (y, x, sure, most, kind) => [
    { y, x, path: squares(most, 1000), kind: "neither" },
    { y, x, path: squares(sure, most), kind: "perhaps" },
    { y, x, path: squares(0, sure), kind },
  ];

  window.explorables.models["one-thousand-women"] = (settings, given) => {
    const rows = { panels: [], words: [], none: [] };
    const numbers = {};
    const say = ["start"];
    Object.entries(given.outcomes).forEach(([outcome, about], y) => {
      const before = settings[outcome];
      const effect = given.trials[settings.trial][outcome];
      rows.words.push({ y, label: about.name });
      rows.panels.push(...panel(y, "without", before, before, about.side));
      numbers[`${outcome}-without`] = before;
      if (effect === null) {
        rows.none.push({ y });
        for (const end of ["with", "low", "high"]) numbers[`${outcome}-${end}`] = null;
        say.push(`${outcome}-none`);
        return;
      }
      const treated = FROM_RATIO[effect.measure];
      const [after, low, high] = [effect.ratio, effect.low, effect.high].map(
        (ratio) => 1000 * treated(before / 1000, ratio),
      );
      rows.panels.push(...panel(y, "with", after, high, about.side));
      numbers[`${outcome}-with`] = after;
      numbers[`${outcome}-low`] = low;
      numbers[`${outcome}-high`] = high;
      say.push(outcome);
    });
    return { rows, numbers, say };
  };
})();
