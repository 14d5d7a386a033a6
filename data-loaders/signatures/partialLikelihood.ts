/** Follow-up sorted into risk sets. Make one with `riskSets`. */
export interface RiskSets {
  readonly rows: number;
  readonly events: number;
  /** By row: index of its time among the distinct times. */
  readonly slot: Int32Array;
  /** By row: the first distinct time at which it is at risk. */
  readonly firstSlot: Int32Array;
  readonly event: Uint8Array;
  /** By distinct time: events there. */
  readonly deaths: Float64Array;
}

/**
 * @param time - finite, by row
 * @param event - 1 where the event happened
 * @param entry - left truncation: at risk on (entry, time]; null without
 */
export function riskSets(time: Float64Array, event: Uint8Array, entry: Float64Array | null = null): RiskSets {
  const distinct = Float64Array.from(new Set(time)).sort();
  const slot = Int32Array.from(time, (value) => notAbove(distinct, value) - 1);
  const firstSlot = entry ? Int32Array.from(entry, (value) => notAbove(distinct, value)) : new Int32Array(time.length);
  const deaths = new Float64Array(distinct.length);
  event.forEach((happened, row) => {
    if (happened) deaths[slot[row]]++;
  });
  return {rows: time.length, events: deaths.reduce((sum, d) => sum + d, 0), slot, firstSlot, event, deaths};
}

/** Number of sorted values ≤ value. */
function notAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cox's log partial likelihood with Breslow's ties at one linear predictor, and its derivatives by that predictor. */
export interface PartialLikelihood {
  readonly value: number;
  /** Length rows: martingale residuals. */
  readonly gradient: Float64Array;
  /** The information matrix (−Hessian) times a vector, in linear time. */
  readonly information: (vector: Float64Array) => Float64Array;
}

/**
 * @param predictor - linear predictor by row
 * @see Breslow (1974), Biometrics 30:89–99; R `survival::coxph(ties = "breslow")`
 */
export function partialLikelihood(sets: RiskSets, predictor: Float64Array): PartialLikelihood {
  const {rows, event, deaths} = sets;
  // Relative risks above the largest predictor's would overflow; the likelihood does not change by a shift.
  const shift = predictor.reduce((largest, value) => Math.max(largest, value), -Infinity);
  const risk = predictor.map((value) => Math.exp(value - shift));
  const atRisk = sumsAtRisk(sets, risk);
  const hazard = deaths.map((d, s) => (d > 0 ? d / atRisk[s] : 0));
  const cumulative = sumsOverSlots(sets, hazard);
  let value = 0;
  const gradient = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    gradient[row] = event[row] - risk[row] * cumulative[row];
    if (event[row]) value += predictor[row] - shift;
  }
  deaths.forEach((d, s) => {
    if (d > 0) value -= d * Math.log(atRisk[s]);
  });
  const information = (vector: Float64Array) => {
    const weighted = sumsAtRisk(
      sets,
      risk.map((r, row) => r * vector[row])
    );
    const mean = sumsOverSlots(
      sets,
      hazard.map((h, s) => (h > 0 ? (h * weighted[s]) / atRisk[s] : 0))
    );
    return vector.map((v, row) => risk[row] * (cumulative[row] * v - mean[row]));
  };
  return {value, gradient, information};
}

/** By distinct time: the sum of `values` over the rows at risk there. */
function sumsAtRisk({slot, firstSlot, deaths}: RiskSets, values: Float64Array): Float64Array {
  const sums = new Float64Array(deaths.length);
  for (let row = 0; row < values.length; row++) {
    // A row that enters after its own time is never at risk.
    if (firstSlot[row] > slot[row]) continue;
    sums[slot[row]] += values[row];
    if (firstSlot[row] > 0) sums[firstSlot[row] - 1] -= values[row];
  }
  for (let s = deaths.length - 2; s >= 0; s--) sums[s] += sums[s + 1];
  return sums;
}

/** By row: the sum of `values` over the distinct times at which it is at risk. */
function sumsOverSlots({slot, firstSlot, deaths}: RiskSets, values: Float64Array): Float64Array {
  const before = new Float64Array(deaths.length + 1);
  for (let s = 0; s < deaths.length; s++) before[s + 1] = before[s] + values[s];
  return Float64Array.from(slot, (last, row) =>
    firstSlot[row] > last ? 0 : before[last + 1] - before[firstSlot[row]]
  );
}
