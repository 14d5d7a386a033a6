import {countPatients, NO_CELL, sortedEvents} from "./cellCounts.js";
import type {CellSums} from "./cellSums.js";
import type {Surv} from "./surv.js";

/**
 * Within a block the number at risk in a cell moves by less than this share of itself. What is left out of the logarithm of
 * the risk is of the third order in it, and odd: 1e-10 of an event's term.
 */
const SPREAD = 1 / 128;

/**
 * Patients at risk in cells of equal covariates at the events, neighbouring events taken together in blocks: the number of
 * events, the mean at risk and its products of deviations. That is all a partial likelihood of Efron's needs of events so
 * near each other, and some hundred blocks stand for any number of events.
 */
export interface CellMoments {
  readonly cells: number;
  readonly blocks: number;
  /** By block. */
  readonly deaths: Float64Array;
  /** blocks × cells: mean over the events of those at risk; of tied events each is out of the risk in part, after Efron. */
  readonly mean: Float64Array;
  /** blocks × cells (cells + 1) / 2, lower triangle row by row: Σ of products of deviations from the mean. */
  readonly products: Float64Array;
}

/** Moments of all cells, and of each pair by itself: its own events, and nobody else at risk. */
export interface PairedMoments {
  /** By cell: patients and events. */
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  readonly all: CellMoments;
  /** Of cells l and l + cells / 2, by l. */
  readonly pairs: readonly CellMoments[];
}

/**
 * One pass over a sorted cohort.
 *
 * @param surv - with left truncation where given; weights are not looked at
 * @param cell - by row: 0 … cells − 1, or `NO_CELL`; rows without follow-up must be in none
 * @param cells - an even number, at most 254
 */
export function cellMoments(surv: Surv, cell: Uint8Array, cells: number): PairedMoments {
  const {order, slot, entryOrder, entrySlot} = surv;
  const {event} = sortedEvents(surv);
  const {n, events} = countPatients(surv, cell, cells);
  const width = cells / 2;
  const all = blockOf(cells);
  const pairs = Array.from({length: width}, () => blockOf(2));
  const now = new Float64Array(cells);
  // How far a cell may move before the next block must begin.
  const most = new Float64Array(cells).fill(-1);
  const least = new Float64Array(cells);
  const dead = new Float64Array(cells);
  const pairOf = Uint8Array.from(now, (_, c) => c % width);
  const placeOf = Uint8Array.from(now, (_, c) => Number(c >= width));
  const both = (of: Float64Array, l: number) => Float64Array.of(of[l], of[l + width]);
  let far = true;

  const begin = () => {
    close(all, now, 0, 1);
    for (let l = 0; l < width; l++) close(pairs[l], now, l, width);
    for (let c = 0; c < cells; c++) {
      most[c] = now[c] * (1 + SPREAD);
      least[c] = now[c] * (1 - SPREAD);
    }
  };

  let leaving = entryOrder?.length ?? 0;
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > time) {
      const c = cell[entryOrder[--leaving]];
      if (c === NO_CELL) continue;
      if (--now[c] < least[c]) far = true;
      step(all, c, -1);
      stepOfTwo(pairs[pairOf[c]], placeOf[c], -1);
    }
    let deaths = 0;
    let last = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const c = cell[order[k]];
      if (c === NO_CELL) continue;
      if (++now[c] > most[c]) far = true;
      step(all, c, 1);
      stepOfTwo(pairs[pairOf[c]], placeOf[c], 1);
      if (event[k] === 0) continue;
      if (++deaths === 2) dead[last]++;
      if (deaths > 1) dead[c]++;
      last = c;
    }
    if (deaths === 0) continue;
    if (far) begin();
    far = false;
    if (deaths === 1) {
      all.events++;
      pairs[pairOf[last]].events++;
      continue;
    }
    const wide = widest(now, dead) > SPREAD;
    const add = wide ? addWide : addTied;
    if (wide) begin();
    add(all, now, dead, deaths);
    pairs.forEach((pair, l) => {
      if (dead[l] + dead[l + width] > 0) add(pair, both(now, l), both(dead, l), dead[l] + dead[l + width]);
    });
    dead.fill(0);
  }
  begin();
  return {n, events, all: momentsOf(all), pairs: pairs.map(momentsOf)};
}

/**
 * A block of events, and those before it. Somebody who comes under risk after `e` of its events counts in all but these; so
 * sums over the events are what they would be if everybody had been there, less what came late. All are whole numbers.
 */
interface Block {
  readonly cells: number;
  events: number;
  readonly begun: Float64Array;
  /** By cell: how many more are at risk than when the block began. */
  readonly away: Float64Array;
  /** By cell: Σ of the events missed by each who came, less those who went. */
  readonly late: Float64Array;
  /** cells × cells: the same times how far the second cell was away then, midway through the step. */
  readonly cross: Float64Array;
  readonly deaths: number[];
  readonly mean: number[];
  readonly products: number[];
}

function blockOf(cells: number): Block {
  const [begun, away, late] = [0, 0, 0].map(() => new Float64Array(cells));
  const cross = new Float64Array(cells * cells);
  return {cells, events: 0, begun, away, late, cross, deaths: [], mean: [], products: []};
}

/** Somebody comes under risk in a cell (1), or was not yet (−1). */
function step(block: Block, c: number, by: number): void {
  const {cells, events, away, late, cross} = block;
  const lost = events * by;
  late[c] += lost;
  away[c] += by / 2;
  const row = c * cells;
  for (let e = 0; e < cells; e++) cross[row + e] += lost * away[e];
  away[c] += by / 2;
}

/** The same in one of two cells. */
function stepOfTwo({events, away, late, cross}: Block, c: number, by: number): void {
  const lost = events * by;
  late[c] += lost;
  away[c] += by / 2;
  cross[2 * c] += lost * away[0];
  cross[2 * c + 1] += lost * away[1];
  away[c] += by / 2;
}

/** Events at one time, of which after Efron the first leaves whole, the last but one part of all. */
function addTied(block: Block, _: Float64Array, dead: Float64Array, together: number): void {
  const {cells, away, late, cross} = block;
  const out = (together - 1) / 2;
  const squares = ((together - 1) * (2 * together - 1)) / (6 * together);
  for (let c = 0, at = 0; c < cells; c++) {
    late[c] += out * dead[c];
    for (let e = 0; e < cells; e++, at++) cross[at] += dead[c] * (out * away[e] - (squares / 2) * dead[e]);
  }
  block.events += together;
}

/** The same where a cell loses many at once: in as many blocks as it takes. */
function addWide(block: Block, atRisk: Float64Array, dead: Float64Array, together: number): void {
  const {cells, deaths, mean, products} = block;
  const blocks = Math.min(together, Math.ceil(widest(atRisk, dead) / SPREAD));
  for (let b = 0, from = 0; b < blocks; b++) {
    const to = Math.floor(((b + 1) * together) / blocks);
    const m = to - from;
    const out = (from + to - 1) / 2 / together;
    const spread = (m * (m * m - 1)) / 12 / together ** 2;
    deaths.push(m);
    for (let c = 0; c < cells; c++) {
      mean.push(atRisk[c] - out * dead[c]);
      for (let e = 0; e <= c; e++) products.push(spread * dead[c] * dead[e]);
    }
    from = to;
  }
}

/** Largest share of a cell that has the event at one time. */
function widest(atRisk: Float64Array, dead: Float64Array): number {
  let most = 0;
  for (let c = 0; c < dead.length; c++) if (dead[c] > most * atRisk[c]) most = dead[c] / atRisk[c];
  return most;
}

/** Keeps the block, if it has events, and begins the next with those at risk in the cells first, first + by, … now. */
function close(block: Block, now: Float64Array, first: number, by: number): void {
  const {cells, events, begun, away, late, cross, deaths, mean, products} = block;
  if (events > 0) {
    deaths.push(events);
    for (let c = 0; c < cells; c++) {
      const sum = events * away[c] - late[c];
      mean.push(begun[c] + sum / events);
      for (let e = 0; e <= c; e++) {
        const less = cross[c * cells + e] + cross[e * cells + c];
        const other = events * away[e] - late[e];
        products.push(events * away[c] * away[e] - less - (sum * other) / events);
      }
    }
  }
  block.events = 0;
  for (let c = 0, at = 0; c < cells; c++) {
    begun[c] = now[first + c * by];
    away[c] = late[c] = 0;
    for (let e = 0; e < cells; e++, at++) cross[at] = 0;
  }
}

function momentsOf({cells, deaths, mean, products}: Block): CellMoments {
  const of = (values: number[]) => Float64Array.from(values);
  return {cells, blocks: deaths.length, deaths: of(deaths), mean: of(mean), products: of(products)};
}

/** Moments of some cells only; nobody may have been in the others. */
export function pickMoments(moments: CellMoments, picked: readonly number[]): CellMoments {
  const {blocks, mean, products} = moments;
  const width = (moments.cells * (moments.cells + 1)) / 2;
  const place = (c: number, e: number) => (Math.max(c, e) * (Math.max(c, e) + 1)) / 2 + Math.min(c, e);
  const triangle = picked.flatMap((c, k) => picked.slice(0, k + 1).map((e) => place(c, e)));
  const columns = (of: Float64Array, wide: number, kept: readonly number[]) =>
    Float64Array.from({length: blocks * kept.length}, (_, q) => {
      const b = Math.floor(q / kept.length);
      return of[b * wide + kept[q - b * kept.length]];
    });
  return {
    ...moments,
    cells: picked.length,
    mean: columns(mean, moments.cells, picked),
    products: columns(products, width, triangle)
  };
}

/**
 * Fills the sums of cells from moments: log(m + ε) is log m + ε/m − ε²/2m², and over the events of a block the ε about the mean
 * risk m add up to 0.
 */
export function sumMoments(moments: CellMoments, risk: Float64Array, into: CellSums): void {
  const {cells, blocks, deaths, mean, products} = moments;
  const {share, product} = into;
  const width = (cells * (cells + 1)) / 2;
  share.fill(0);
  product.fill(0);
  const [part, scale, row, half] = [0, 0, 0, 0].map(() => new Float64Array(cells));
  let [logs, squares] = [0, 0];
  for (let b = 0, at = 0, first = 0; b < blocks; b++, at += cells, first += width) {
    let denominator = 0;
    for (let c = 0; c < cells; c++) denominator += mean[at + c] * risk[c];
    const d = deaths[b];
    logs += d * Math.log(denominator);
    for (let c = 0; c < cells; c++) {
      scale[c] = risk[c] / denominator;
      part[c] = mean[at + c] * scale[c];
      row[c] = 0;
    }
    let square = 0;
    for (let c = 0, p = first; c < cells; c++, p++) {
      for (let e = 0; e < c; e++, p++) {
        const v = products[p] * scale[c] * scale[e];
        product[c * cells + e] += v;
        row[c] += v;
        row[e] += v;
      }
      const v = products[p] * scale[c] * scale[c];
      product[c * cells + c] += v;
      row[c] += v;
    }
    for (let c = 0; c < cells; c++) square += row[c];
    squares += square;
    for (let c = 0; c < cells; c++) {
      share[c] += (d + square) * part[c] - row[c];
      half[c] = ((d + 3 * square) / 2) * part[c] - 2 * row[c];
      for (let e = 0; e <= c; e++) product[c * cells + e] += part[c] * half[e] + half[c] * part[e];
    }
  }
  into.logDenominators = logs - squares / 2;
}

/** Blocks put together by their means alone: enough to begin a fit. */
export function coarser({cells, blocks, deaths, mean, products}: CellMoments, most: number): CellMoments {
  const merged = new Float64Array(most * cells);
  const died = new Float64Array(most);
  for (let b = 0; b < blocks; b++) {
    const into = Math.floor((b * most) / blocks);
    died[into] += deaths[b];
    for (let c = 0; c < cells; c++) merged[into * cells + c] += deaths[b] * mean[b * cells + c];
  }
  for (let q = 0; q < merged.length; q++) merged[q] /= died[Math.floor(q / cells)];
  return {
    cells,
    blocks: most,
    deaths: died,
    mean: merged,
    products: new Float64Array((most * products.length) / blocks)
  };
}
