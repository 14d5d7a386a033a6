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
 * With late entry a patient counts among those at risk after the entry only; all start free of every event. Should everyone
 * under observation have an event while others have yet to enter, the incidences stand still from there, as R's do.
 *
 * @param input - time and status (0 censored; 1, 2, … kinds of event), perhaps entry, or a prepared cohort and status
 * @throws {SurvivalInputError} if a status is no code or no row is complete
 * @see R `survival::survfit(Surv(time, factor(status)) ~ 1)` 3.5-3, with late entry
 *   `survfit(Surv(entry, time, factor(status)) ~ 1, id = patient)`; Aalen and Johansen (1978), Scand J Stat 5:141–150
 */
export function cumulativeIncidence(
  input: CompetingInput,
  {confidence = 0.95}: {readonly confidence?: number} = {}
): CumulativeIncidence {
  const {rows, causes} = competingRows(input, "cumulativeIncidence", {entry: true});
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

/** What happens at each distinct time, and how many come under observation just before it. */
export interface CauseCounts {
  time: Float64Array;
  atRisk: Float64Array;
  entered: Float64Array;
  censored: Float64Array;
  any: Float64Array;
  byCause: Float64Array[];
  /** By row in time order: index of its time, that of the first time it is at risk, and its cause (−1 censored). */
  left: Uint32Array;
  first: Uint32Array;
  cause: Int32Array;
}

export function countCauses(rows: CompleteRows, status: ArrayLike<number>, causes: readonly number[]): CauseCounts {
  const {surv, row, slot} = rows;
  const n = row.length;
  const left = new Uint32Array(n);
  let m = 0;
  for (let k = 0; k < n; k++) left[k] = k === 0 || slot[k] !== slot[k - 1] ? m++ : m - 1;
  const [time, atRisk, entered, censored, any] = [0, 0, 0, 0, 0].map(() => new Float64Array(m));
  const byCause = causes.map(() => new Float64Array(m));
  const cause = new Int32Array(n);
  const first = firstTimes(rows, left, m);
  for (let k = 0; k < n; k++) {
    const j = left[k];
    time[j] = surv.distinctTime[slot[k]];
    entered[first[k]]++;
    const c = (cause[k] = causes.indexOf(status[row[k]]));
    if (c < 0) censored[j]++;
    else {
      any[j]++;
      byCause[c][j]++;
    }
  }
  for (let j = 0, present = 0; j < m; j++) {
    atRisk[j] = present += entered[j];
    present -= any[j] + censored[j];
  }
  return {time, atRisk, entered, censored, any, byCause, left, first, cause};
}

/** By row in time order: index among the curve's times of the first at which the row is at risk. */
function firstTimes({row, slot, entryRow, entrySlot}: CompleteRows, left: Uint32Array, m: number): Uint32Array {
  const first = new Uint32Array(row.length);
  if (!entryRow || !entrySlot) return first;
  const slotOf = new Uint32Array(m);
  for (let k = 0; k < slot.length; k++) slotOf[left[k]] = slot[k];
  const firstOf = new Map<number, number>();
  let j = 0;
  entryRow.forEach((patient, k) => {
    while (slotOf[j] < entrySlot[k]) j++;
    firstOf.set(patient, j);
  });
  row.forEach((patient, k) => (first[k] = firstOf.get(patient)!));
  return first;
}

/** Sums over patients of u, a, u², a² and u a. */
interface Sums {
  u: number;
  a: number;
  uu: number;
  aa: number;
  ua: number;
}

const noSums = (): Sums => ({u: 0, a: 0, uu: 0, aa: 0, ua: 0});

/**
 * Incidence F and its variance Σᵢ Dᵢ(t)², Dᵢ the derivative of F(t) by the weight of patient i.
 *
 * With A = Σ d/(n (n − d)) over all events and B(t) = Σ S⁻ h (A⁻ − 1/n), a patient who entered when A was a, and B − a F was
 * u, and is still followed at t has D = B(t) − u − a F(t). One who left at T has D = settled + c (F(t) − F(T)) with
 * c = A(T) − a − [event]/(n − d): what the rest of the curve owes to them; "settled" is D at T, with S⁻/n more for an event
 * of this cause. Sums of squares and products of (u, a) and of (settled − c F(T), c) give the variance at every time in O(n).
 */
function incidenceOf(counts: CauseCounts, cause: number, eventFree: Float64Array) {
  const {atRisk, any, byCause, censored, left, first} = counts;
  const m = atRisk.length;
  const n = left.length;
  const incidence = new Float64Array(m);
  const standardError = new Float64Array(m);
  const [u, a] = [new Float64Array(n), new Float64Array(n)];
  const byEntry = inOrderOf(first, m);
  const [present, gone] = [noSums(), noSums()];
  let [f, A, B] = [0, 0, 0];
  for (let j = 0, next = 0, k = 0; j < m; j++) {
    for (; next < n && first[byEntry[next]] === j; next++) {
      const entrant = byEntry[next];
      a[entrant] = A;
      u[entrant] = B - A * f;
      add(present, u[entrant], A, 1);
    }
    const before = j > 0 ? eventFree[j - 1] : 1;
    const [r, d] = [atRisk[j], any[j]];
    const step = (before * byCause[cause][j]) / r;
    B += step * (A - 1 / r);
    f += step;
    // Once nobody is event-free the incidence stands still, so what the future owes is 0.
    const goesOn = r > d;
    if (d > 0 && goesOn) A += d / (r * (r - d));
    for (; k < n && left[k] === j; k++) {
      const event = counts.cause[k] >= 0;
      const settled = B - u[k] - a[k] * f + (counts.cause[k] === cause ? before / r : 0);
      const slope = goesOn ? A - a[k] - (event ? 1 / (r - d) : 0) : 0;
      add(present, u[k], a[k], -1);
      add(gone, settled - slope * f, slope, 1);
    }
    incidence[j] = f;
    const rest = r - d - censored[j];
    const still =
      rest === 0
        ? 0
        : rest * B * B - 2 * B * (present.u + present.a * f) + present.uu + 2 * present.ua * f + present.aa * f * f;
    standardError[j] = Math.sqrt(Math.max(0, still + gone.uu + 2 * gone.ua * f + gone.aa * f * f));
  }
  return {incidence, standardError};
}

function add(sums: Sums, u: number, a: number, times: 1 | -1): void {
  sums.u += times * u;
  sums.uu += times * u * u;
  sums.a += times * a;
  sums.aa += times * a * a;
  sums.ua += times * u * a;
}

/** Indices 0 … n − 1 by ascending value below m, equal ones in order. */
function inOrderOf(values: Uint32Array, m: number): Uint32Array {
  const starts = new Uint32Array(m + 1);
  for (const value of values) starts[value + 1]++;
  for (let j = 0; j < m; j++) starts[j + 1] += starts[j];
  const order = new Uint32Array(values.length);
  values.forEach((value, k) => (order[starts[value]++] = k));
  return order;
}
