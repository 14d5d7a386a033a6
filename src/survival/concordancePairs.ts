import {radixOrder} from "../numeric/radixOrder.js";
import type {CompleteRows} from "./completeRows.js";

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

/**
 * Counts comparable pairs in O(n log n): an event and a patient still at risk after it (a censoring at its time is).
 *
 * Back in time, a tree over the ranks of the score holds who is at risk after an event; forward in time, another holds
 * the events so far, for what a patient contributes as the longer survivor.
 *
 * @param influence - false: leaves out the second walk, and with it the rows' own pairs
 */
export function concordancePairs(
  rows: CompleteRows,
  score: Float64Array,
  timeWeight: Float64Array | null,
  {influence = true}: {readonly influence?: boolean} = {}
): ConcordancePairs {
  const {surv, row, slot} = rows;
  const n = row.length;
  const {event} = surv;
  const rank = ranks(score, row);
  const size = n === 0 ? 0 : rank.reduce((a, b) => Math.max(a, b), 0) + 1;
  const weightOf = (k: number) => (surv.weight ? surv.weight[row[k]] : 1);
  const result: ConcordancePairs = {
    concordant: 0,
    discordant: 0,
    tiedScore: 0,
    tiedTime: 0,
    tiedBoth: 0,
    sign: new Float64Array(n),
    pairs: new Float64Array(n)
  };
  const [tree, here] = [rankTree(size), new Float64Array(size)];
  const entry = entryPositions(rows);
  let leaving = n;
  for (let end = n; end > 0;) {
    let first = end - 1;
    while (first > 0 && slot[first - 1] === slot[end - 1]) first--;
    for (; entry && leaving > 0 && entry.slot[leaving - 1] > slot[first]; leaving--) {
      const k = entry.at[leaving - 1];
      tree.add(rank[k], -weightOf(k));
      here[rank[k]] -= weightOf(k);
    }
    for (let k = first; k < end; k++) {
      if (event[row[k]] === 1) continue;
      tree.add(rank[k], weightOf(k));
      here[rank[k]] += weightOf(k);
    }
    let tied = 0;
    for (let k = first; k < end; k++) {
      if (event[row[k]] === 0) continue;
      const below = tree.below(rank[k]);
      const equal = here[rank[k]];
      const above = tree.total() - below - equal;
      const w = weightOf(k) * (timeWeight ? timeWeight[slot[k]] : 1);
      result.concordant += w * below;
      result.discordant += w * above;
      result.tiedScore += w * equal;
      result.sign[k] += (w / weightOf(k)) * (below - above);
      result.pairs[k] += (w / weightOf(k)) * (below + above + equal);
      tied++;
    }
    if (tied > 1) countTied(first, end, result, rank, timeWeight ? timeWeight[slot[first]] : 1, rows, weightOf);
    for (let k = first; k < end; k++) {
      if (event[row[k]] === 0) continue;
      tree.add(rank[k], weightOf(k));
      here[rank[k]] += weightOf(k);
    }
    end = first;
  }
  if (influence) addLongerSurvivors(rows, rank, size, timeWeight, weightOf, entry, result);
  return result;
}

/** What each patient contributes to the pairs of earlier events: a second walk, forward in time. */
function addLongerSurvivors(
  {surv, row, slot}: CompleteRows,
  rank: Uint32Array,
  size: number,
  timeWeight: Float64Array | null,
  weightOf: (k: number) => number,
  entry: ReturnType<typeof entryPositions>,
  {sign, pairs}: ConcordancePairs
): void {
  const {event} = surv;
  const [tree, here] = [rankTree(size), new Float64Array(size)];
  const count = (k: number, times: 1 | -1) => {
    const below = tree.below(rank[k]);
    const equal = here[rank[k]];
    const above = tree.total() - below - equal;
    sign[k] += times * (above - below); // an earlier event with the higher score is concordant
    pairs[k] += times * (above + below + equal);
  };
  let entered = 0;
  let end: number;
  for (let first = 0; first < row.length; first = end) {
    // Events up to the entry are not the patient's.
    for (; entry && entered < row.length && entry.slot[entered] <= slot[first]; entered++) count(entry.at[entered], -1);
    for (end = first; end < row.length && slot[end] === slot[first]; end++) if (event[row[end]] === 1) count(end, 1);
    for (let k = first; k < end; k++) {
      if (event[row[k]] === 0) continue;
      const w = weightOf(k) * (timeWeight ? timeWeight[slot[k]] : 1);
      tree.add(rank[k], w);
      here[rank[k]] += w;
    }
    for (let k = first; k < end; k++) if (event[row[k]] === 0) count(k, 1);
  }
}

/** Pairs of events at one time. */
function countTied(
  first: number,
  end: number,
  result: ConcordancePairs,
  rank: Uint32Array,
  timeWeight: number,
  {surv, row}: CompleteRows,
  weightOf: (k: number) => number
): void {
  let sum = 0;
  const byRank = new Map<number, number>();
  for (let k = first; k < end; k++) {
    if (surv.event[row[k]] === 0) continue;
    const w = weightOf(k);
    const same = byRank.get(rank[k]) ?? 0;
    result.tiedTime += timeWeight * w * (sum - same);
    result.tiedBoth += timeWeight * w * same;
    sum += w;
    byRank.set(rank[k], same + w);
  }
}

/** Dense ranks of the scores of the rows, equal scores sharing one. */
function ranks(score: Float64Array, row: Uint32Array): Uint32Array {
  const values = new Float64Array(row.length);
  const positions = new Uint32Array(row.length);
  for (let k = 0; k < row.length; k++) {
    values[k] = score[row[k]];
    positions[k] = k;
  }
  const ascending = radixOrder(values, positions);
  const rank = new Uint32Array(row.length);
  for (let q = 1, r = 0; q < ascending.length; q++) {
    if (values[ascending[q]] !== values[ascending[q - 1]]) r++;
    rank[ascending[q]] = r;
  }
  return rank;
}

/** A Fenwick tree of weights over ranks. */
function rankTree(size: number) {
  const node = new Float64Array(size + 1);
  let sum = 0;
  return {
    total: () => sum,
    add(rank: number, weight: number): void {
      sum += weight;
      for (let i = rank + 1; i <= size; i += i & -i) node[i] += weight;
    },
    /** Weight at lower ranks. */
    below(rank: number): number {
      let below = 0;
      for (let i = rank; i > 0; i -= i & -i) below += node[i];
      return below;
    }
  };
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
