/* Turn the key, the twin of model.py; the equations are those of bonebook.receptor. */
window.explorables.models["turn-the-key"] = (settings, given) => {
  const ends = [];
  const words = [];
  const numbers = {};
  const say = [];
  const efficacy = (kappa, balance) =>
    (given.tau_max * kappa * balance) / (1 + kappa * balance);
  for (const [tissue, name] of Object.entries(given.tissues)) {
    const alpha = settings.estradiol + given.supply[tissue];
    const tauA = efficacy(given.kappa_estradiol, settings[tissue]);
    const tauB = efficacy(settings.kappa, settings[tissue]);
    const response = (beta) => {
      const stimulus = (tauA * alpha + tauB * beta) / (1 + alpha + beta);
      return (100 * stimulus ** given.slope) / (1 + stimulus ** given.slope);
    };
    const before = response(0);
    const after = response(settings.dose);
    const way = after > before ? "up" : after < before ? "down" : "same";
    const label = Math.abs(after - before) < given.hardly ? "hardly" : way;
    ends.push({ tissue: name, before, after, kind: way });
    words.push({ tissue: name, x: Math.max(before, after), label });
    numbers[`${tissue}-before`] = before;
    numbers[`${tissue}-after`] = after;
    const turns = tauB / (tauA - tauB);
    /* none for a key that is estradiol itself */
    numbers[`${tissue}-switch`] = Number.isFinite(turns) ? turns : null;
    say.push(`${tissue}-${label}`);
  }
  const added = settings.kappa === given.kappa_estradiol ? "estradiol" : "drug";
  return {
    rows: { ends, words },
    numbers,
    say: settings.dose > 0 ? [added, ...say] : ["no-drug"],
  };
};
