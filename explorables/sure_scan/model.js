/* How sure is a scan? The twin of model.py; Vega has the normal distribution. */
window.explorables.models["sure-scan"] = ({ precision, change }, given) => {
  const limit = given.least * precision;
  const sd = Math.SQRT2 * precision;
  const loss = vega.cumulativeNormal(-limit, change, sd);
  const gain = 1 - vega.cumulativeNormal(limit, change, sd);
  const wrong = change === 0 ? 0 : vega.cumulativeNormal(0, Math.abs(change), sd);
  const curve = Array.from({ length: given.points }, (_, point) => {
    const x = given.span * ((2 * point) / (given.points - 1) - 1);
    const zone = x > limit ? "gain" : x < -limit ? "loss" : "inside";
    return { x, y: vega.densityNormal(x, change, sd), zone: given.zones[zone] };
  });
  return {
    rows: { curve, marks: [{ x: change }], limits: [{ x: -limit }, { x: limit }] },
    numbers: {
      limit,
      gain: 1000 * gain,
      loss: 1000 * loss,
      inside: 1000 * (1 - gain - loss),
      wrong: 1000 * wrong,
    },
    say: ["limit", change === 0 ? "no-change" : "change"],
  };
};
