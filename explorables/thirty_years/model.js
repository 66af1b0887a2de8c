/* Thirty years of bone, the twin of model.py. */
(() => {
  "use strict";

  /* Spine density through menopause: bonebook.remodeling.simulate. */
  function simulate(times, treatments, model, longest) {
    const { G, a, tau_f: tauF, tau_r: tauR, rho, w, a_late: aLate, late } = model;
    const last = times.at(-1);
    const edges = treatments
      .flatMap(([start, stop]) => [start, stop])
      .filter((edge) => edge > times[0] && edge < last);
    const breaks = [...new Set([...times, ...edges])].sort((one, two) => one - two);
    const estrogen = (time) => 1 / (1 + Math.exp(time / w));
    const drugAt = (time) =>
      treatments.find(([start, stop]) => start <= time && time < stop)?.[2] ?? 0;

    const opens = 1 + rho * (1 - drugAt(times[0])) * (1 - estrogen(times[0]));
    const found = new Map([[times[0], opens]]);
    let resorption = opens;
    let formation = opens;
    for (let n = 1; n < breaks.length; n++) {
      const [start, stop] = [breaks[n - 1], breaks[n]];
      const steps = Math.max(1, Math.ceil((stop - start) / longest - 1e-9));
      const h = (stop - start) / steps;
      const free = 1 - drugAt((start + stop) / 2);
      const target = (k) => 1 + rho * free * (1 - estrogen(start + (h / 2) * k));
      for (let k = 0; k < steps; k++) {
        const [now, half, end] = [target(2 * k), target(2 * k + 1), target(2 * k + 2)];
        const slope = (aim, dr, df) => {
          const [r, f] = [resorption + dr, formation + df];
          return [(aim - r) / tauR, (r - f) / tauF];
        };
        const [r1, f1] = slope(now, 0, 0);
        const [r2, f2] = slope(half, (h / 2) * r1, (h / 2) * f1);
        const [r3, f3] = slope(half, (h / 2) * r2, (h / 2) * f2);
        const [r4, f4] = slope(end, h * r3, h * f3);
        resorption += (h / 6) * (r1 + 2 * r2 + 2 * r3 + r4);
        formation += (h / 6) * (f1 + 2 * f2 + 2 * f3 + f4);
      }
      found.set(stop, formation);
    }

    /* Years without estrogen: the integral of 1 - estrogen. */
    const elapsed = (time) =>
      w * (Math.max(time / w, 0) + Math.log1p(Math.exp(-Math.abs(time / w))));
    const since = elapsed(times[0]);
    return times.map((time) => {
      const early = Math.min(elapsed(time), elapsed(late));
      const space = ((G * tauF) / rho) * (found.get(time) - opens);
      return 100 - space - a * (early - since) - aLate * (elapsed(time) - early);
    });
  }

  window.explorables.models["thirty-years"] = (settings, given) => {
    const { menopause, start, stop, drug } = settings;
    const { first, quarters, mean, sd } = given;
    const signal = given.signals[drug];
    const length = (given.last - first) * quarters + 1;
    const ages = Array.from({ length }, (_, n) => first + n / quarters);
    const times = ages.map((age) => age - menopause);
    const course = (treatments) =>
      simulate(times, treatments, given.model, given.step);
    const at = (bmd, age) => {
      const place = Math.min(Math.max((age - first) * quarters, 0), length - 1);
      const low = Math.min(Math.floor(place), length - 2);
      return bmd[low] + (place - low) * (bmd[low + 1] - bmd[low]);
    };

    const courses = { untreated: course([]) };
    if (signal && stop > start) {
      courses.treated = course([[start - menopause, stop - menopause, signal]]);
    }
    const { untreated, treated } = courses;
    const young = mean + settings.tscore * sd;

    const curve = Object.entries(courses).flatMap(([kind, found]) =>
      ages.map((age, n) => ({ age, bmd: found[n], kind })),
    );
    const points = given.cohort.map(([since, until, change]) => ({
      age: menopause + until,
      bmd: at(untreated, menopause + since) + change,
      kind: "cohort",
    }));
    points.push(...given.survey.map(([age, bmd]) => ({ age, bmd, kind: "survey" })));
    if (treated && start >= menopause + given.settled) {
      for (const [years, gain] of given.trials[drug]) {
        const age = start + years;
        if (age <= stop) {
          points.push({ age, bmd: at(untreated, age) + gain, kind: "trial" });
        }
      }
    }
    const bands = given.cuts.map(({ t, label }) => ({
      bmd: (100 * (mean + t * sd)) / young,
      label,
    }));

    const numbers = {};
    const whens = [...given.ages.map((age) => [age, age]), ["stop", stop]];
    for (const [when, age] of whens) {
      for (const name of ["untreated", "treated"]) {
        const bmd = courses[name] ? at(courses[name], age) : null;
        numbers[`${name}-${when}`] = bmd;
        numbers[`${name}-${when}-t`] =
          bmd === null ? null : ((young * bmd) / 100 - mean) / sd;
      }
    }
    let say = ["untreated", "untreated-only"];
    if (treated && stop < given.ages.at(-1)) {
      say = ["untreated", "treated", "stopped", "lasting"];
    } else if (treated) {
      say = ["untreated", "treated", "lasting"];
    }
    return { rows: { curve, points, bands }, numbers, say };
  };
})();
