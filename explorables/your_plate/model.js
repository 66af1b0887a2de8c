/* Your plate, your day, the twin of model.py. */
window.explorables.models["your-plate"] = (settings, given) => {
  const totals = Object.fromEntries(given.nutrients.map((nutrient) => [nutrient, 0]));
  for (const [food, content] of Object.entries(given.foods)) {
    for (const [nutrient, amount] of Object.entries(content)) {
      totals[nutrient] += settings[food] * amount;
    }
  }
  for (const [tablet, nutrient] of Object.entries(given.tablets)) {
    totals[nutrient] += settings[tablet];
  }
  const needs = {
    ...given.needs[settings.group],
    protein: given.protein * settings.weight,
  };
  const limits = given.limits[settings.group];
  const bars = [];
  const marks = [];
  const numbers = {};
  const say = ["start"];
  for (const [nutrient, total] of Object.entries(totals)) {
    const need = needs[nutrient];
    const limit = limits[nutrient] ?? null;
    const past = limit !== null && total > limit;
    const share = (100 * total) / need;
    bars.push({ nutrient, share, past });
    numbers[`${nutrient}-total`] = total;
    numbers[`${nutrient}-need`] = need;
    numbers[`${nutrient}-share`] = share;
    if (limit !== null) {
      marks.push({ nutrient, share: (100 * limit) / need });
      numbers[`${nutrient}-limit`] = limit;
    }
    say.push(past ? `${nutrient}-past` : nutrient);
  }
  return { rows: { bars, limits: marks, full: [{ share: 100 }] }, numbers, say };
};
