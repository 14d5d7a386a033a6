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
 * near each other, and a thousand blocks or so stand for any number of events.
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
  const block = blockOf(cells);
  const {begun, away} = block;
  const all = momentList(cells);
  const pairs = Array.from({length: width}, () => momentList(2));
  // How far a cell may move before the next block must begin.
  const most = new Float64Array(cells).fill(-1);
  const least = new Float64Array(cells);
  const [now, dead] = [new Float64Array(cells), new Float64Array(cells)];
  const both = (of: Float64Array, l: number) => Float64Array.of(of[l], of[l + width]);
  const begin = () => {
    closeAll(block, all);
    for (let l = 0; l < width; l++) closePair(block, l, pairs[l]);
    next(block);
    for (let c = 0; c < cells; c++) {
      most[c] = begun[c] * SPREAD;
      least[c] = -most[c];
    }
  };

  let far = true;
  let leaving = entryOrder?.length ?? 0;
  for (let k = order.length - 1; k >= 0;) {
    const time = slot[k];
    while (entryOrder && entrySlot && leaving > 0 && entrySlot[leaving - 1] > time) {
      const c = cell[entryOrder[--leaving]];
      if (c === NO_CELL) continue;
      step(block, c, -1);
      if (away[c] < least[c]) far = true;
    }
    let deaths = 0;
    let last = 0;
    for (; k >= 0 && slot[k] === time; k--) {
      const c = cell[order[k]];
      if (c === NO_CELL) continue;
      step(block, c, 1);
      if (away[c] > most[c]) far = true;
      if (event[k] === 0) continue;
      if (++deaths === 2) dead[last]++;
      if (deaths > 1) dead[c]++;
      last = c;
    }
    if (deaths === 0) continue;
    if (far) begin();
    far = false;
    if (deaths === 1) {
      block.events++;
      block.own[last < width ? last : last - width]++;
      continue;
    }
    for (let c = 0; c < cells; c++) now[c] = begun[c] + away[c];
    if (widest(now, dead) > SPREAD) {
      begin();
      addWide(all, now, dead, deaths);
      for (let l = 0; l < width; l++) addWide(pairs[l], both(now, l), both(dead, l), dead[l] + dead[l + width]);
    } else {
      addTied(block, dead, deaths);
      for (let l = 0; l < width; l++) if (dead[l] + dead[l + width] > 0) addTiedPair(block, l, dead);
    }
    for (let c = 0; c < cells; c++) dead[c] = 0;
  }
  begin();
  return {n, events, all: momentsOf(all), pairs: pairs.map(momentsOf)};
}

/**
 * A block of events, of all cells and of each pair. Somebody who comes under risk after `e` of its events counts in all but
 * these; so sums over the events are what they would be if everybody had been there, less what came late. All are whole
 * numbers.
 */
interface Block {
  readonly cells: number;
  /** Cells rounded up to a multiple of four: loops of a few steps are slow unless several are made at once. */
  readonly stride: number;
  /** By cell: at risk when the block began, and how many more are now. */
  readonly begun: Float64Array;
  readonly away: Float64Array;
  events: number;
  /** By cell: Σ of the events missed by each who came, less those who went. */
  readonly late: Float64Array;
  /** cells × stride: the same times how far the second cell was away then, midway through the step. */
  readonly cross: Float64Array;
  /** By pair: its events; by cell the same sums over these, crossed with the cell itself and with the other of its pair. */
  readonly own: Float64Array;
  readonly ownLate: Float64Array;
  readonly ownCross: Float64Array;
  readonly otherCross: Float64Array;
  /** By cell: its pair, and the other cell of it. */
  readonly pair: Uint8Array;
  readonly other: Uint8Array;
}

function blockOf(cells: number): Block {
  const stride = 4 * Math.ceil(cells / 4);
  const width = cells / 2;
  const [begun, late, ownLate, ownCross, otherCross] = Array.from({length: 5}, () => new Float64Array(cells));
  const pair = Uint8Array.from(begun, (_, c) => c % width);
  const other = Uint8Array.from(begun, (_, c) => (c + width) % cells);
  const [away, cross, own] = [stride, cells * stride, width].map((length) => new Float64Array(length));
  return {cells, stride, begun, away, events: 0, late, cross, own, ownLate, ownCross, otherCross, pair, other};
}

/** Somebody comes under risk in a cell (1), or was not yet (−1). */
function step(block: Block, c: number, by: number): void {
  const {events, stride, away, late, cross, own, ownLate, ownCross, otherCross} = block;
  const before = away[c];
  away[c] = before + by / 2;
  const lost = events * by;
  late[c] += lost;
  const row = c * stride;
  for (let e = 0; e < stride; e += 4) {
    const at = row + e;
    cross[at] += lost * away[e];
    cross[at + 1] += lost * away[e + 1];
    cross[at + 2] += lost * away[e + 2];
    cross[at + 3] += lost * away[e + 3];
  }
  const ownLost = own[block.pair[c]] * by;
  ownLate[c] += ownLost;
  ownCross[c] += ownLost * away[c];
  otherCross[c] += ownLost * away[block.other[c]];
  away[c] = before + by;
}

/** Σ over the events l = 0 … m − 1 at one time of l/m, the part that after Efron has left before each; and of its square. */
const leftBefore = (m: number) => (m - 1) / 2;
const squaresBefore = (m: number) => ((m - 1) * (2 * m - 1)) / (6 * m);

/** Events at one time. @param dead - by cell */
function addTied(block: Block, dead: Float64Array, together: number): void {
  const {cells, stride, away, late, cross} = block;
  const out = leftBefore(together);
  const squares = squaresBefore(together);
  for (let c = 0; c < cells; c++) {
    if (dead[c] === 0) continue;
    late[c] += out * dead[c];
    for (let e = 0; e < cells; e++) cross[c * stride + e] += dead[c] * (out * away[e] - (squares / 2) * dead[e]);
  }
  block.events += together;
}

/** The same of a pair. */
function addTiedPair(block: Block, l: number, dead: Float64Array): void {
  const {away, own, ownLate, ownCross, otherCross, other} = block;
  const together = dead[l] + dead[other[l]];
  const out = leftBefore(together);
  const squares = squaresBefore(together);
  for (let k = 0, c = l; k < 2; k++, c = other[l]) {
    const o = other[c];
    ownLate[c] += out * dead[c];
    ownCross[c] += dead[c] * (out * away[c] - (squares / 2) * dead[c]);
    otherCross[c] += dead[c] * (out * away[o] - (squares / 2) * dead[o]);
  }
  own[l] += together;
}

/** Moments as they are gathered. */
interface MomentList {
  readonly cells: number;
  readonly deaths: number[];
  readonly mean: number[];
  readonly products: number[];
}

const momentList = (cells: number): MomentList => ({cells, deaths: [], mean: [], products: []});

/** Events at one time of which a cell loses many: in as many blocks as it takes. */
function addWide(into: MomentList, atRisk: Float64Array, dead: Float64Array, together: number): void {
  const {cells, deaths, mean, products} = into;
  if (together === 0) return;
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

/** Keeps the block's moments over all events, if it has any. */
function closeAll({cells, stride, events, begun, away, late, cross}: Block, into: MomentList): void {
  if (events === 0) return;
  into.deaths.push(events);
  for (let c = 0; c < cells; c++) {
    const sum = events * away[c] - late[c];
    into.mean.push(begun[c] + sum / events);
    for (let e = 0; e <= c; e++) {
      const less = cross[c * stride + e] + cross[e * stride + c];
      const other = events * away[e] - late[e];
      into.products.push(events * away[c] * away[e] - less - (sum * other) / events);
    }
  }
}

/** The same over the events of a pair. */
function closePair({begun, away, own, ownLate, ownCross, otherCross, other}: Block, l: number, into: MomentList): void {
  const events = own[l];
  if (events === 0) return;
  const o = other[l];
  const [a, b] = [events * away[l] - ownLate[l], events * away[o] - ownLate[o]];
  into.deaths.push(events);
  into.mean.push(begun[l] + a / events, begun[o] + b / events);
  into.products.push(
    events * away[l] ** 2 - 2 * ownCross[l] - (a * a) / events,
    events * away[l] * away[o] - otherCross[l] - otherCross[o] - (a * b) / events,
    events * away[o] ** 2 - 2 * ownCross[o] - (b * b) / events
  );
}

/** Begins the next block with those at risk now. */
function next(block: Block): void {
  const {cells, begun, away, late, cross, own, ownLate, ownCross, otherCross} = block;
  for (let c = 0; c < cells; c++) begun[c] += away[c];
  block.events = 0;
  for (const sums of [away, late, cross, own, ownLate, ownCross, otherCross]) sums.fill(0);
}

function momentsOf({cells, deaths, mean, products}: MomentList): CellMoments {
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
