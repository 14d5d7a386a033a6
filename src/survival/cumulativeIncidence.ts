import {normalQuantile} from "../numeric/distributions.js";
import {competingRows} from "./competingRows.js";
import type {CompetingInput} from "./competingRows.js";
import type {CompleteRows} from "./completeRows.js";

/** Probability of one kind of event by each time. */
export interface CauseIncidence {
  /** The code in `status`. */
  readonly cause: number;
  readonly incidence: Float64Array;
  /** Infinitesimal jackknife. */
  readonly standardError: Float64Array;
  /** Limits on the log scale; NaN where the incidence is 0. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Events at each time. */
  readonly events: Float64Array;
}

/** Cumulative incidences in the presence of competing events: a row a distinct time, ascending. */
export interface CumulativeIncidence {
  readonly time: Float64Array;
  readonly atRisk: Float64Array;
  readonly censored: Float64Array;
  /** Free of every event; with the incidences it adds up to 1. */
  readonly eventFree: Float64Array;
  readonly causes: readonly CauseIncidence[];
  readonly n: number;
  readonly missing: number;
}

/**
 * Cumulative incidence of each kind of event by Aalen and Johansen. One minus Kaplan–Meier would count the other kinds as
 * censored and overstate it.
 *
 * @param input - time and status (0 censored; 1, 2, … kinds of event), or a prepared cohort and status
 * @throws {SurvivalInputError} if a status is no code or no row is complete
 * @see R `survival::survfit(Surv(time, factor(status)) ~ 1)` 3.5-3; Aalen and Johansen (1978), Scand J Stat 5:141–150
 */
export function cumulativeIncidence(
  input: CompetingInput,
  {confidence = 0.95}: {readonly confidence?: number} = {}
): CumulativeIncidence {
  const {rows, causes} = competingRows(input, "cumulativeIncidence");
  const counts = countCauses(rows, input.status, causes);
  const eventFree = new Float64Array(counts.time.length);
  let s = 1;
  for (let j = 0; j < eventFree.length; j++) eventFree[j] = s *= 1 - counts.any[j] / counts.atRisk[j];
  const z = normalQuantile((1 + confidence) / 2);
  return {
    time: counts.time,
    atRisk: counts.atRisk,
    censored: counts.censored,
    eventFree,
    causes: causes.map((cause, c) => {
      const {incidence, standardError} = incidenceOf(counts, c, eventFree);
      const spread = standardError.map((se, j) => Math.exp((z * se) / incidence[j]));
      return {
        cause,
        incidence,
        standardError,
        lower: incidence.map((f, j) => (f === 0 ? NaN : f / spread[j])),
        upper: incidence.map((f, j) => (f === 0 ? NaN : Math.min(1, f * spread[j]))),
        events: counts.byCause[c]
      };
    }),
    n: rows.row.length,
    missing: rows.missing
  };
}

interface CauseCounts {
  time: Float64Array;
  atRisk: Float64Array;
  censored: Float64Array;
  any: Float64Array;
  byCause: Float64Array[];
}

function countCauses(
  {surv, row, slot}: CompleteRows,
  status: ArrayLike<number>,
  causes: readonly number[]
): CauseCounts {
  let m = 0;
  for (let k = 0; k < slot.length; k++) if (k === 0 || slot[k] !== slot[k - 1]) m++;
  const [time, atRisk, censored, any] = [0, 0, 0, 0].map(() => new Float64Array(m));
  const byCause = causes.map(() => new Float64Array(m));
  for (let k = 0, j = -1; k < row.length; k++) {
    if (k === 0 || slot[k] !== slot[k - 1]) {
      time[++j] = surv.distinctTime[slot[k]];
      atRisk[j] = row.length - k;
    }
    const c = causes.indexOf(status[row[k]]);
    if (c < 0) censored[j]++;
    else {
      any[j]++;
      byCause[c][j]++;
    }
  }
  return {time, atRisk, censored, any, byCause};
}

/**
 * Incidence F and its variance Σᵢ Dᵢ(t)², Dᵢ the derivative of F(t) by the weight of patient i.
 *
 * With A = Σ d/(n (n − d)) over all events, a patient still followed at t has D = B(t) = Σ S⁻ h (A⁻ − 1/n). One who left
 * at T has D = a + c F(t) with c = A(T) − [event]/(n − d): what the rest of the curve owes to them; a keeps what was
 * settled at T. Sums of a², a c and c² give the variance at every time in O(n).
 */
function incidenceOf({atRisk, any, byCause, censored}: CauseCounts, cause: number, eventFree: Float64Array) {
  const m = atRisk.length;
  const incidence = new Float64Array(m);
  const standardError = new Float64Array(m);
  let [f, a, b] = [0, 0, 0];
  let [aa, ac, cc] = [0, 0, 0];
  const leave = (patients: number, settled: number, slope: number) => {
    const constant = settled - slope * f;
    aa += patients * constant * constant;
    ac += patients * constant * slope;
    cc += patients * slope * slope;
  };
  for (let j = 0; j < m; j++) {
    const before = j > 0 ? eventFree[j - 1] : 1;
    const [n, d, own] = [atRisk[j], any[j], byCause[cause][j]];
    const step = (before * own) / n;
    b += step * (a - 1 / n);
    f += step;
    // Once nobody is event-free the incidence stands still, so what the future owes is 0.
    const goesOn = n > d;
    if (d > 0 && goesOn) a += d / (n * (n - d));
    leave(own, b + before / n, goesOn ? a - 1 / (n - d) : 0);
    leave(d - own, b, goesOn ? a - 1 / (n - d) : 0);
    leave(censored[j], b, goesOn ? a : 0);
    incidence[j] = f;
    const rest = n - d - censored[j];
    standardError[j] = Math.sqrt(Math.max(0, aa + 2 * ac * f + cc * f * f + rest * b * b));
  }
  return {incidence, standardError};
}
