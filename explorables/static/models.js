/* What the explorables compute in the browser: the twins of `answer` in explorables/*.py.
   tests/test_explorables.py compares the two over a grid of settings, to 1e-6. */
(() => {
  "use strict";

  const number = (label, value, unit = "", digits = 0) => ({ label, value, unit, digits });

  /* Squares of an icon array as an SVG path, see kit.squares. */
  function squares(first, last, columns = 50) {
    const side = 2 / columns, gap = (0.16 * 2) / columns, edge = side - gap, top = ((-1000 / columns) * side) / 2;
    let path = "";
    for (let place = Math.floor(first); place < Math.ceil(last); place++) {
      const low = Math.max(first - place, 0), high = Math.min(last - place, 1);
      const row = Math.floor(place / columns), column = place % columns;
      const x = -1 + column * side + gap / 2 + low * edge, y = top + row * side + gap / 2;
      path += `M${x.toFixed(4)},${y.toFixed(4)}h${((high - low) * edge).toFixed(4)}v${edge.toFixed(4)}h${(-(high - low) * edge).toFixed(4)}z`;
    }
    return path || "M0,0z";
  }

  /* Complementary error function: a series near zero, a continued fraction beyond (Abramowitz & Stegun 7.1.5 and 7.1.14). */
  function erfc(x) {
    if (x < 0) return 2 - erfc(-x);
    if (x < 2.5) {
      let term = x, sum = x;
      for (let n = 1; n < 80; n++) { term *= (-x * x) / n; sum += term / (2 * n + 1); }
      return 1 - (2 / Math.sqrt(Math.PI)) * sum;
    }
    let fraction = 0;
    for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction);
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }

  const below = (x, mean, sd) => 0.5 * erfc((mean - x) / (sd * Math.SQRT2));
  const density = (x, mean, sd) => Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));

  function sureScan({ precision, change }) {
    const SPAN = 12, POINTS = 241, Z = 1.959963984540054;      // z: the 97.5 % point of the normal distribution
    const limit = Z * Math.SQRT2 * precision, sd = Math.SQRT2 * precision;
    const gain = below(-limit, -change, sd), loss = below(-limit, change, sd);
    const wrong = change === 0 ? 0 : below(0, Math.abs(change), sd);
    const curve = [];
    for (let step = 0; step < POINTS; step++) {
      const x = -SPAN + (2 * SPAN * step) / (POINTS - 1);
      curve.push({ x, y: density(x, change, sd), zone: x > limit ? "a gain shows" : x < -limit ? "a loss shows" : "inside the error" });
    }
    return {
      rows: { curve, marks: [{ x: change, label: "true change" }], limits: [{ x: -limit }, { x: limit }] },
      numbers: [
        number("Least significant change", limit, "%", 1),
        number("Pairs of scans that show a gain beyond the error", 1000 * gain, "of 1,000"),
        number("Pairs that show a loss beyond the error", 1000 * loss, "of 1,000"),
        number("Pairs that stay inside the error", 1000 * (1 - gain - loss), "of 1,000"),
        number("Pairs whose sign is the wrong one, by any amount", 1000 * wrong, "of 1,000"),
      ],
    };
  }

  const FROM_RATIO = {
    "relative risk": (risk, ratio) => risk * ratio,
    "rate ratio": (risk, ratio) => risk * ratio,
    "hazard ratio": (risk, ratio) => 1 - (1 - risk) ** ratio,
    "odds ratio": (risk, ratio) => (ratio * risk) / (1 - risk + ratio * risk),
  };

  function oneThousandWomen(settings, given) {
    const panels = [], words = [], numbers = [];
    const panel = (place, side, sure, most, kind) =>
      panels.push(
        { y: place, x: side, path: squares(most, 1000), kind: "neither" },
        { y: place, x: side, path: squares(sure, most), kind: "perhaps" },
        { y: place, x: side, path: squares(0, sure), kind },
      );
    Object.entries(given.outcomes).forEach(([key, about], place) => {
      const before = settings[key], effect = given.trials[settings.trial][key];
      words.push({ y: place, label: about.name });
      panel(place, "without", before, before, about.side);
      numbers.push(number(`${about.name}, without the drug`, before, "of 1,000", 1));
      if (!effect) {
        words.push({ y: place, label: "", none: "no figure from this trial" });
        return;
      }
      const [after, low, high] = [effect.ratio, effect.low, effect.high].map((ratio) => 1000 * FROM_RATIO[effect.measure](before / 1000, ratio));
      panel(place, "with", after, high, about.side);
      numbers.push(
        number(`${about.name}, with the drug`, after, "of 1,000", 1),
        number(`${about.name}, lower end`, low, "of 1,000", 1),
        number(`${about.name}, upper end`, high, "of 1,000", 1),
      );
    });
    return { rows: { panels, words }, numbers };
  }

  function yourPlate(settings, given) {
    const nutrients = ["calcium", "vitamin D", "magnesium", "protein"];
    const sums = Object.fromEntries(nutrients.map((nutrient) => [nutrient, 0]));
    for (const [food, content] of Object.entries(given.foods))
      for (const [nutrient, amount] of Object.entries(content)) sums[nutrient] += settings[food] * amount;
    sums.calcium += settings.tablet_calcium;
    sums["vitamin D"] += settings.tablet_d;
    const needs = { ...given.needs[settings.group], protein: given.protein * settings.weight }, limits = given.limits[settings.group];
    const bars = [], marks = [], numbers = [];
    for (const nutrient of nutrients) {
      const total = sums[nutrient], need = needs[nutrient], limit = limits[nutrient], unit = given.units[nutrient];
      bars.push({ nutrient, share: (100 * total) / need, kind: limit !== undefined && total > limit ? "past the upper limit" : "adds up to" });
      numbers.push(number(`${nutrient}: on the plate`, total, unit), number(`${nutrient}: reference amount a day`, need, unit));
      if (limit !== undefined) {
        marks.push({ nutrient, share: (100 * limit) / need });
        numbers.push(number(`${nutrient}: upper limit a day`, limit, unit));
      }
    }
    return { rows: { bars, limits: marks, full: [{ share: 100 }] }, numbers };
  }

  /* Two ligands at one receptor, operational model; the source of the equations is bonebook/receptor.py. */
  function turnTheKey(settings, given) {
    const ends = [], words = [], numbers = [];
    const efficacy = (kappa, balance) => (given.tau_max * kappa * balance) / (1 + kappa * balance);
    for (const [tissue, name] of Object.entries(given.tissues)) {
      const alpha = settings.estradiol + (tissue === "breast" ? given.local : 0);
      const tauA = efficacy(given.kappa_estradiol, settings[tissue]), tauB = efficacy(settings.kappa, settings[tissue]);
      const response = (beta) => {
        const signal = ((tauA * alpha + tauB * beta) / (1 + alpha + beta)) ** given.slope;
        return (100 * signal) / (1 + signal);
      };
      const before = response(0), after = response(settings.dose), change = after - before;
      ends.push({ tissue: name, before, after, kind: change > 0 ? "up" : change < 0 ? "down" : "same" });
      words.push({ tissue: name, x: Math.max(before, after), label: Math.abs(change) < 1 ? "hardly" : change > 0 ? "up" : "down" });
      numbers.push(
        number(`${name}: estradiol alone`, before, "% of maximum", 1),
        number(`${name}: with the SERM`, after, "% of maximum", 1),
        number(`${name}: estradiol at which the sign turns`, tauB / (tauA - tauB), "", 3),
      );
    }
    return { rows: { ends, words }, numbers };
  }

  /* Spine density through menopause: bonebook.remodeling.simulate, in steps of at most 0.01 years. */
  function simulate(times, treatments, { g, a, tau_f: tauF, tau_r: tauR, rho, w, a_late: aLate, late }) {
    const estrogen = (time) => 1 / (1 + Math.exp(time / w));
    const inside = times.length - 1;
    const edges = treatments.flatMap(([start, stop]) => [start, stop]).filter((edge) => edge > times[0] && edge < times[inside]);
    const breaks = [...new Set([...times, ...edges])].sort((one, other) => one - other);
    const drugAt = (where) => (treatments.find(([start, stop]) => start <= where && where < stop) ?? [0, 0, 0])[2];
    const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    let resorption = 1 + rho * (1 - drugAt(times[0])) * (1 - estrogen(times[0])), formation = resorption;
    const first = formation, found = new Map([[times[0], formation]]);
    for (let n = 1; n < breaks.length; n++) {
      const start = breaks[n - 1], stop = breaks[n], steps = Math.max(1, Math.ceil((stop - start) / 0.01 - 1e-9)), h = (stop - start) / steps;
      const free = 1 - drugAt((start + stop) / 2);
      const target = (k) => 1 + rho * free * (1 - estrogen(start + (h / 2) * k));
      for (let k = 0; k < steps; k++) {
        const now = target(2 * k), half = target(2 * k + 1), end = target(2 * k + 2);
        const r1 = (now - resorption) / tauR, f1 = (resorption - formation) / tauF;
        const r2 = (half - resorption - (h / 2) * r1) / tauR, f2 = (resorption + (h / 2) * r1 - formation - (h / 2) * f1) / tauF;
        const r3 = (half - resorption - (h / 2) * r2) / tauR, f3 = (resorption + (h / 2) * r2 - formation - (h / 2) * f2) / tauF;
        const r4 = (end - resorption - h * r3) / tauR, f4 = (resorption + h * r3 - formation - h * f3) / tauF;
        resorption += (h / 6) * (r1 + 2 * r2 + 2 * r3 + r4);
        formation += (h / 6) * (f1 + 2 * f2 + 2 * f3 + f4);
      }
      found.set(stop, formation);
    }
    const since = w * softplus(times[0] / w), until = w * softplus(late / w);
    return times.map((time) => {
      const elapsed = w * softplus(time / w), early = Math.min(elapsed, until);
      return 100 - ((g * tauF) / rho) * (found.get(time) - first) - a * (early - since) - aLate * (elapsed - early);
    });
  }

  function thirtyYears(settings, given) {
    const FIRST = 40, LAST = 82, QUARTERS = 4, { menopause, start, stop, drug } = settings;
    const ages = Array.from({ length: (LAST - FIRST) * QUARTERS + 1 }, (_, n) => FIRST + n / QUARTERS);
    const times = ages.map((age) => age - menopause), signal = given.signals[drug];
    const treatments = stop > start && signal ? [[start - menopause, stop - menopause, signal]] : [];
    const plain = simulate(times, [], given), treated = treatments.length ? simulate(times, treatments, given) : plain;
    const young = given.mean + settings.tscore * given.sd;
    const tscore = (bmd) => ((young * bmd) / 100 - given.mean) / given.sd;
    const at = (course, age) => {
      const place = Math.min(Math.max((age - FIRST) * QUARTERS, 0), ages.length - 1), low = Math.min(Math.floor(place), ages.length - 2);
      return course[low] + (place - low) * (course[low + 1] - course[low]);
    };
    const curve = ages.map((age, n) => ({ age, bmd: plain[n], kind: "untreated" }));
    if (treatments.length) curve.push(...ages.map((age, n) => ({ age, bmd: treated[n], kind: "treated" })));
    const points = [
      { age: menopause + 2, bmd: at(plain, menopause - 1) + given.cohort.transition, kind: "cohort" },
      { age: menopause + 5, bmd: at(plain, menopause - 5) + given.cohort.decade, kind: "cohort" },
      ...given.survey.map(([age, bmd]) => ({ age, bmd, kind: "survey" })),
    ];
    if (treatments.length && start >= menopause + 3)
      for (const [years, gain] of given.trials[drug])
        if (start + years <= stop) points.push({ age: start + years, bmd: at(plain, start + years) + gain, kind: "trial" });
    const bands = [[-1, "T-score −1"], [-2.5, "T-score −2.5"]].map(([cut, label]) => ({ bmd: (100 * (given.mean + cut * given.sd)) / young, label }));
    const numbers = [];
    for (const age of [60, 70, 80])
      for (const [name, course] of [["without treatment", plain], ["with it", treated]])
        numbers.push(
          number(`Age ${age}, ${name}`, at(course, age), "% of before", 1),
          number(`Age ${age}, ${name}: T-score`, tscore(at(course, age)), "", 1),
        );
    return { rows: { curve, points, bands }, numbers };
  }

  /* Sentences that a screen reader hears after a change, and that stand under the chart. */
  const whole = (value) => Math.round(value).toLocaleString("en-US");
  const near = (value) => (Math.abs(value) < 9.95 ? value.toFixed(1) : whole(value)).replace("-", "−");
  const find = (answer, label) => answer.numbers.find((line) => line.label === label)?.value;

  const say = {
    "thirty-years"(settings, answer) {
      const at = (age, name) => near(find(answer, `Age ${age}, ${name}`));
      const drug = { none: "", raloxifene: "raloxifene", estrogen: "hormone therapy" }[settings.drug];
      const start = `Without treatment the average spine keeps ${at(60, "without treatment")} % of its density at 60 and ${at(80, "without treatment")} % at 80.`;
      if (!drug || settings.stop <= settings.start) return `${start} No treatment is drawn.`;
      return `${start} With ${drug} from ${settings.start} to ${settings.stop} it keeps ${at(60, "with it")} % at 60 and ${at(80, "with it")} % at 80. What a drug adds levels off within about two years and is lost again after it is stopped.`;
    },
    "turn-the-key"(settings, answer) {
      const parts = answer.rows.ends.map(({ tissue, before, after }, place) => {
        const way = { up: "up, estrogen-like", down: "down, blocking", hardly: "hardly at all" }[answer.rows.words[place].label];
        return `${tissue}: ${way}, from ${whole(before)} to ${whole(after)}`;
      });
      return settings.dose === 0
        ? `No drug. Signal in % of the most a tissue can give: ${answer.rows.ends.map(({ tissue, before }) => `${tissue.toLowerCase()} ${whole(before)}`).join(", ")}.`
        : `With the drug the signal moves. ${parts.join(". ")}.`;
    },
    "sure-scan"(settings, answer) {
      const gain = find(answer, "Pairs of scans that show a gain beyond the error"), loss = find(answer, "Pairs that show a loss beyond the error");
      const wrong = find(answer, "Pairs whose sign is the wrong one, by any amount");
      const start = `With an error of ${near(settings.precision)} % a scan, two scans must differ by ${near(find(answer, "Least significant change"))} % before the difference counts.`;
      const middle = ` The bone ${settings.change === 0 ? "did not change" : `truly ${settings.change > 0 ? "gained" : "lost"} ${near(Math.abs(settings.change))} %`}: of 1,000 such pairs of scans ${whole(gain)} show a gain and ${whole(loss)} a loss beyond the error.`;
      return start + middle + (settings.change === 0 ? "" : ` ${whole(wrong)} point the wrong way, by any amount.`);
    },
    "one-thousand-women"(settings, answer, given) {
      const parts = Object.values(given.outcomes).map(({ name }) => {
        const after = find(answer, `${name}, with the drug`);
        const before = near(find(answer, `${name}, without the drug`));
        if (after === undefined) return `${name}: ${before} without; no figure from this trial with it.`;
        return `${name}: ${before} without, ${near(after)} with (from ${near(find(answer, `${name}, lower end`))} to ${near(find(answer, `${name}, upper end`))}).`;
      });
      return `Out of 1,000 women in five years. ${parts.join(" ")}`;
    },
    "your-plate"(settings, answer, given) {
      const parts = answer.rows.bars.map(({ nutrient, share, kind }) => {
        const total = whole(find(answer, `${nutrient}: on the plate`));
        return `${nutrient} ${total} ${given.units[nutrient]}, ${whole(share)} % of the reference amount${kind === "past the upper limit" ? ", past the upper limit" : ""}`;
      });
      return `This day adds up to: ${parts.join("; ")}.`;
    },
  };

  window.bonebookModels = {
    answer: { "turn-the-key": turnTheKey, "thirty-years": thirtyYears, "sure-scan": sureScan, "one-thousand-women": oneThousandWomen, "your-plate": yourPlate },
    say,
  };
})();
