import type {CompleteRows} from "./completeRows.js";
import {bitCounter, scoreOrder, weightCounter} from "./scoreOrder.js";
import type {PlaceCounter, ScoreOrder} from "./scoreOrder.js";

/** Weighted pairs, and each row's own: by position in the rows given. */
export interface ConcordancePairs {
  concordant: number;
  discordant: number;
  tiedScore: number;
  /** Both events at one time: not comparable; with equal scores, `tiedBoth`. */
  tiedTime: number;
  tiedBoth: number;
  /** By position: concordant minus discordant weight of the pairs it is in, and weight of all comparable pairs. */
  readonly sign: Float64Array;
  readonly pairs: Float64Array;
}

/** What both walks need, by position. */
interface Walk {
  readonly n: number;
  readonly slot: Uint32Array;
  readonly event: Uint8Array;
  readonly weight: Float64Array | null;
  readonly timeWeight: Float64Array | null;
  readonly order: ScoreOrder;
  /** With left truncation: positions by ascending entry, and the first slot at risk. */
  readonly entry: {readonly at: Uint32Array; readonly slot: Uint32Array} | null;
  readonly counter: () => PlaceCounter;
}

/**
 * Counts comparable pairs in O(n log n): an event and a patient still at risk after it (a censoring at its time is).
 *
 * Back in time, a counter over the places of the score holds who is at risk after an event; forward in time, another holds
 * the events so far, for what a patient contributes as the longer survivor.
 *
 * @param timeWeight - by slot: weight of the pairs of an event at that time; null is 1
 * @param influence - false: leaves out the second walk, and with it the rows' own pairs
 */
export function concordancePairs(
  rows: CompleteRows,
  score: Float64Array,
  timeWeight: Float64Array | null,
  {influence = true}: {readonly influence?: boolean} = {}
): ConcordancePairs {
  const walk = walkOf(rows, score, timeWeight);
  const {n} = walk;
  const result: ConcordancePairs = {
    concordant: 0,
    discordant: 0,
    tiedScore: 0,
    tiedTime: 0,
    tiedBoth: 0,
    sign: new Float64Array(influence ? n : 0),
    pairs: new Float64Array(influence ? n : 0)
  };
  pairsOfEvents(walk, result, influence);
  if (influence) pairsOfLongerSurvivors(walk, result);
  return result;
}

function walkOf(rows: CompleteRows, score: Float64Array, timeWeight: Float64Array | null): Walk {
  const {surv, row, slot} = rows;
  const n = row.length;
  const event = new Uint8Array(n);
  for (let k = 0; k < n; k++) event[k] = surv.event[row[k]];
  const weight = surv.weight && Float64Array.from(row, (i) => surv.weight![i]);
  // Events are weighted by their time in the second walk.
  const counter = () => (weight || timeWeight ? weightCounter(n) : bitCounter(n));
  return {n, slot, event, weight, timeWeight, order: scoreOrder(score, row), entry: entryPositions(rows), counter};
}

/** Back in time: each event against those at risk after it. */
function pairsOfEvents(walk: Walk, result: ConcordancePairs, influence: boolean): void {
  const {n, slot, event, weight, timeWeight, order, entry} = walk;
  const {place, ties} = order;
  const atRisk = walk.counter();
  let leaving = n;
  for (let end = n, first: number; end > 0; end = first) {
    first = end - 1;
    while (first > 0 && slot[first - 1] === slot[end - 1]) first--;
    for (; entry && leaving > 0 && entry.slot[leaving - 1] > slot[first]; leaving--) {
      const k = entry.at[leaving - 1];
      atRisk.add(place[k], weight ? -weight[k] : -1);
    }
    for (let k = first; k < end; k++) if (event[k] === 0) atRisk.add(place[k], weight ? weight[k] : 1);
    const byTime = timeWeight ? timeWeight[slot[first]] : 1;
    let events = 0;
    for (let k = first; k < end; k++) {
      if (event[k] === 0) continue;
      events++;
      const below = atRisk.before(ties ? ties.from[k] : place[k]);
      const equal = ties && ties.to[k] - ties.from[k] > 1 ? atRisk.before(ties.to[k]) - below : 0;
      const above = atRisk.total() - below - equal;
      const w = weight ? weight[k] * byTime : byTime;
      result.concordant += w * below;
      result.discordant += w * above;
      result.tiedScore += w * equal;
      if (!influence) continue;
      result.sign[k] += byTime * (below - above);
      result.pairs[k] += byTime * (below + above + equal);
    }
    if (events > 1) countTied(walk, first, end, byTime, result);
    for (let k = first; k < end; k++) if (event[k] === 1) atRisk.add(place[k], weight ? weight[k] : 1);
  }
}

/** Forward in time: each patient against the events before. */
function pairsOfLongerSurvivors(
  {n, slot, event, weight, timeWeight, order, entry, counter}: Walk,
  result: ConcordancePairs
) {
  const {place, ties} = order;
  const {sign, pairs} = result;
  const events = counter();
  const count = (k: number, times: 1 | -1) => {
    const below = events.before(ties ? ties.from[k] : place[k]);
    const equal = ties && ties.to[k] - ties.from[k] > 1 ? events.before(ties.to[k]) - below : 0;
    const total = events.total();
    sign[k] += times * (total - equal - 2 * below); // an earlier event with the higher score is concordant
    pairs[k] += times * total;
  };
  let entered = 0;
  let end: number;
  for (let first = 0; first < n; first = end) {
    // Events up to the entry are not the patient's.
    for (; entry && entered < n && entry.slot[entered] <= slot[first]; entered++) count(entry.at[entered], -1);
    for (end = first; end < n && slot[end] === slot[first]; end++) if (event[end] === 1) count(end, 1);
    for (let k = first; k < end; k++)
      if (event[k] === 1) events.add(place[k], (weight ? weight[k] : 1) * (timeWeight ? timeWeight[slot[k]] : 1));
    for (let k = first; k < end; k++) if (event[k] === 0) count(k, 1);
  }
}

/** Pairs of events at one time. */
function countTied({event, weight, order}: Walk, first: number, end: number, byTime: number, result: ConcordancePairs) {
  const {ties} = order;
  let sum = 0;
  let square = 0;
  const byScore = ties ? new Map<number, number>() : null;
  for (let k = first; k < end; k++) {
    if (event[k] === 0) continue;
    const w = weight ? weight[k] : 1;
    sum += w;
    square += w * w;
    if (byScore) byScore.set(ties!.from[k], (byScore.get(ties!.from[k]) ?? 0) + w);
  }
  // Pairs of a set of weights: half of (Σw)² − Σw².
  let same = 0;
  if (byScore) for (const w of byScore.values()) same += w * w;
  const both = byScore ? (same - square) / 2 : 0;
  result.tiedBoth += byTime * both;
  result.tiedTime += byTime * ((sum * sum - square) / 2 - both);
}

/** With left truncation: positions of the rows by ascending entry. */
function entryPositions({surv, row, entryRow, entrySlot}: CompleteRows) {
  if (!entryRow || !entrySlot) return null;
  const position = new Uint32Array(surv.size);
  row.forEach((i, k) => (position[i] = k));
  return {at: entryRow.map((i) => position[i]), slot: entrySlot};
}

/** By slot: 1 / G(t−)², G the Kaplan–Meier estimate of being uncensored, deaths leaving before censorings of their time. */
export function uncensoredWeights({surv, row, slot}: CompleteRows): Float64Array {
  const {event, weight, distinctTime} = surv;
  const [died, censored] = [new Float64Array(distinctTime.length), new Float64Array(distinctTime.length)];
  let atRisk = 0;
  for (let k = 0; k < row.length; k++) {
    const w = weight ? weight[row[k]] : 1;
    (event[row[k]] === 1 ? died : censored)[slot[k]] += w;
    atRisk += w;
  }
  let uncensored = 1;
  return died.map((d, s) => {
    const before = uncensored;
    if (censored[s] > 0) uncensored *= 1 - censored[s] / (atRisk - d);
    atRisk -= d + censored[s];
    return 1 / (before * before);
  });
}
