import {cellTables, takeLater} from "./cellTable.js";
import type {CellTable} from "./cellTable.js";
import type {PatientCells} from "./patientCells.js";
import type {Surv} from "./surv.js";

/**
 * Within a block the number at risk in a cell moves by less than this share of itself. What is left out of the logarithm of
 * the risk is of the third order in it, and odd: some 1e-10 of an event's term.
 */
const SPREAD = 1 / 96;

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
 * @param patients - in an even number of cells
 */
export function cellMoments(surv: Surv, patients: PatientCells): PairedMoments {
  const block = blockOf(patients.cells);
  let entering = surv.entryOrder?.length ?? 0;
  for (const table of cellTables(surv, patients)) entering = addTimes(block, table, surv, patients, entering);
  close(block);
  const {n, events, all, pairs} = block;
  return {n, events, all: momentsOf(all), pairs: pairs.map(momentsOf)};
}

/** Neighbouring events: sums over them of those at risk in each cell and of products of two, of all cells and of each pair. */
interface Block {
  readonly cells: number;
  /** By cell: patients and events so far, those at risk at the time reached, and with the event at it. */
  readonly n: Uint32Array;
  readonly events: Uint32Array;
  readonly now: Int32Array;
  readonly dead: Int32Array;
  /** By cell: at risk when the block began, how many more are now, and how many more make the next block begin. */
  readonly begun: Float64Array;
  readonly away: Float64Array;
  readonly most: Float64Array;
  /** Of all events: their number, by cell Σ of `away`, by lower triangle Σ of products. All are whole numbers without ties. */
  readonly deaths: Float64Array;
  readonly sum: Float64Array;
  readonly square: Float64Array;
  /** The same of the events of each pair, cells l and l + cells / 2: the latter's products after one another. */
  readonly ownDeaths: Float64Array;
  readonly ownSum: Float64Array;
  readonly ownSquare: Float64Array;
  /** Blocks ended. */
  readonly all: MomentList;
  readonly pairs: readonly MomentList[];
}

function blockOf(cells: number): Block {
  const [begun, away, most, sum, ownSum] = Array.from({length: 5}, () => new Float64Array(cells));
  const width = cells / 2;
  return {
    cells,
    n: new Uint32Array(cells),
    events: new Uint32Array(cells),
    now: new Int32Array(cells),
    dead: new Int32Array(cells),
    begun,
    away,
    most: most.fill(-1),
    deaths: new Float64Array(1),
    sum,
    square: new Float64Array(triangle(cells)),
    ownDeaths: new Float64Array(width),
    ownSum,
    ownSquare: new Float64Array(3 * width),
    all: momentList(cells),
    pairs: Array.from({length: width}, () => momentList(2))
  };
}

/** @returns how many of those who came under observation later remain to be taken out */
function addTimes(
  block: Block,
  {from, to, left, stride}: CellTable,
  surv: Surv,
  patients: PatientCells,
  entering: number
) {
  const {cells, n, events, now, dead, begun, away, most} = block;
  for (let s = to - 1; s >= from; s--) {
    if (entering > 0) entering = takeLater(surv, patients, s, entering, now);
    let deaths = 0;
    let last = 0;
    for (let c = 0, at = 2 * (s - from) * stride; c < cells; c++, at++) {
      const died = left[at + stride];
      const both = left[at] + died;
      n[c] += both;
      now[c] += both;
      events[c] += died;
      dead[c] = died;
      deaths += died;
      last += died * c;
    }
    if (deaths === 0) continue;
    let far = false;
    for (let c = 0; c < cells; c++) {
      const more = (away[c] = now[c] - begun[c]);
      if (more > most[c] || -more > most[c]) far = true;
    }
    if (far) begin(block);
    // Of a single event the sum is its cell.
    if (deaths === 1) addOne(block, last);
    else addTied(block, deaths);
  }
  return entering;
}

/** One event, in a cell. */
function addOne({cells, away, deaths, sum, square, ownDeaths, ownSum, ownSquare}: Block, c: number): void {
  deaths[0]++;
  for (let e = 0, q = 0; e < cells; e++) {
    const a = away[e];
    sum[e] += a;
    for (let f = 0; f <= e; f++, q++) square[q] += a * away[f];
  }
  const width = cells >> 1;
  const l = c < width ? c : c - width;
  const [a, b] = [away[l], away[l + width]];
  ownDeaths[l]++;
  ownSum[l] += a;
  ownSum[l + width] += b;
  ownSquare[3 * l] += a * a;
  ownSquare[3 * l + 1] += a * b;
  ownSquare[3 * l + 2] += b * b;
}

/** Σ over the events l = 0 … m − 1 at one time of l/m, the part that after Efron has left before each; and of its square. */
const leftBefore = (m: number) => (m - 1) / 2;
const squaresBefore = (m: number) => ((m - 1) * (2 * m - 1)) / (6 * m);

/** Events at one time. */
function addTied(block: Block, together: number): void {
  const {cells, now, dead, away, deaths, sum, square, ownDeaths, ownSum, ownSquare, all, pairs} = block;
  const width = cells >> 1;
  if (widest(now, dead) > SPREAD) {
    begin(block);
    addWide(all, now, dead, together);
    for (let l = 0; l < width; l++) {
      const both = (of: Int32Array) => Int32Array.of(of[l], of[l + width]);
      addWide(pairs[l], both(now), both(dead), dead[l] + dead[l + width]);
    }
    return;
  }
  const [out, squares] = [leftBefore(together), squaresBefore(together)];
  deaths[0] += together;
  for (let c = 0, q = 0; c < cells; c++) {
    sum[c] += together * away[c] - out * dead[c];
    for (let e = 0; e <= c; e++, q++)
      square[q] +=
        together * away[c] * away[e] - out * (away[c] * dead[e] + dead[c] * away[e]) + squares * dead[c] * dead[e];
  }
  for (let l = 0, o = width; l < width; l++, o++) {
    const own = dead[l] + dead[o];
    if (own === 0) continue;
    const [a, b, ownOut, ownSquares] = [away[l], away[o], leftBefore(own), squaresBefore(own)];
    ownDeaths[l] += own;
    ownSum[l] += own * a - ownOut * dead[l];
    ownSum[o] += own * b - ownOut * dead[o];
    ownSquare[3 * l] += own * a * a - 2 * ownOut * a * dead[l] + ownSquares * dead[l] ** 2;
    ownSquare[3 * l + 1] += own * a * b - ownOut * (a * dead[o] + dead[l] * b) + ownSquares * dead[l] * dead[o];
    ownSquare[3 * l + 2] += own * b * b - 2 * ownOut * b * dead[o] + ownSquares * dead[o] ** 2;
  }
}

/** The next block begins with those at risk now. */
function begin(block: Block): void {
  close(block);
  const {cells, now, begun, away, most} = block;
  for (let c = 0; c < cells; c++) {
    begun[c] = now[c];
    most[c] = now[c] * SPREAD;
    away[c] = 0;
  }
}

/** Keeps the block's moments over its events, if it has any, and empties its sums. */
function close({cells, begun, deaths, sum, square, ownDeaths, ownSum, ownSquare, all, pairs}: Block): void {
  const events = deaths[0];
  if (events === 0) return;
  const from = all.blocks;
  addBlock(all, events);
  const {mean, products} = all;
  for (let c = 0, q = 0, at = from * cells, into = from * square.length; c < cells; c++, at++) {
    const own = sum[c] / events;
    mean[at] = begun[c] + own;
    for (let e = 0; e <= c; e++, q++, into++) products[into] = square[q] - own * sum[e];
  }
  const width = cells >> 1;
  for (let l = 0, o = width; l < width; l++, o++)
    if (ownDeaths[l] > 0) closePair(pairs[l], ownDeaths[l], begun[l], ownSum[l], begun[o], ownSum[o], ownSquare, 3 * l);
  deaths[0] = 0;
  sum.fill(0);
  square.fill(0);
  ownDeaths.fill(0);
  ownSum.fill(0);
  ownSquare.fill(0);
}

function closePair(
  list: MomentList,
  deaths: number,
  firstBegun: number,
  first: number,
  secondBegun: number,
  second: number,
  square: Float64Array,
  at: number
): void {
  const b = list.blocks;
  addBlock(list, deaths);
  const {mean, products} = list;
  mean[2 * b] = firstBegun + first / deaths;
  mean[2 * b + 1] = secondBegun + second / deaths;
  products[3 * b] = square[at] - (first * first) / deaths;
  products[3 * b + 1] = square[at + 1] - (first * second) / deaths;
  products[3 * b + 2] = square[at + 2] - (second * second) / deaths;
}

/** Moments as they are gathered, in columns that grow. */
interface MomentList {
  readonly cells: number;
  blocks: number;
  deaths: Float64Array;
  mean: Float64Array;
  products: Float64Array;
}

const momentList = (cells: number): MomentList => ({
  cells,
  blocks: 0,
  deaths: new Float64Array(0),
  mean: new Float64Array(0),
  products: new Float64Array(0)
});

export const triangle = (cells: number) => (cells * (cells + 1)) / 2;

/** Makes room for a block. */
function addBlock(list: MomentList, deaths: number): void {
  if (list.blocks === list.deaths.length) {
    const room = Math.max(2048, 2 * list.blocks);
    list.deaths = longer(list.deaths, room);
    list.mean = longer(list.mean, room * list.cells);
    list.products = longer(list.products, room * triangle(list.cells));
  }
  list.deaths[list.blocks++] = deaths;
}

function longer(column: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(column);
  return copy;
}

/** Events at one time of which a cell loses many: in as many blocks as it takes. */
function addWide(into: MomentList, atRisk: Int32Array, dead: Int32Array, together: number): void {
  const {cells} = into;
  if (together === 0) return;
  const blocks = Math.min(together, Math.ceil(widest(atRisk, dead) / SPREAD));
  for (let b = 0, from = 0; b < blocks; b++) {
    const to = Math.floor(((b + 1) * together) / blocks);
    const m = to - from;
    const out = (from + to - 1) / 2 / together;
    const spread = (m * (m * m - 1)) / 12 / together ** 2;
    let [at, q] = [into.blocks * cells, into.blocks * triangle(cells)];
    addBlock(into, m);
    for (let c = 0; c < cells; c++) {
      into.mean[at++] = atRisk[c] - out * dead[c];
      for (let e = 0; e <= c; e++) into.products[q++] = spread * dead[c] * dead[e];
    }
    from = to;
  }
}

/** Largest share of a cell that has the event at one time. */
function widest(atRisk: Int32Array, dead: Int32Array): number {
  let most = 0;
  for (let c = 0; c < dead.length; c++) if (dead[c] > most * atRisk[c]) most = dead[c] / atRisk[c];
  return most;
}

function momentsOf({cells, blocks, deaths, mean, products}: MomentList): CellMoments {
  return {
    cells,
    blocks,
    deaths: deaths.subarray(0, blocks),
    mean: mean.subarray(0, blocks * cells),
    products: products.subarray(0, blocks * triangle(cells))
  };
}

/** Moments of some cells only; nobody may have been in the others. */
export function pickMoments(moments: CellMoments, picked: readonly number[]): CellMoments {
  const {blocks, mean, products} = moments;
  const width = triangle(moments.cells);
  const place = (c: number, e: number) => (Math.max(c, e) * (Math.max(c, e) + 1)) / 2 + Math.min(c, e);
  const lower = picked.flatMap((c, k) => picked.slice(0, k + 1).map((e) => place(c, e)));
  const columns = (of: Float64Array, wide: number, kept: readonly number[]) =>
    Float64Array.from({length: blocks * kept.length}, (_, q) => {
      const b = Math.floor(q / kept.length);
      return of[b * wide + kept[q - b * kept.length]];
    });
  return {
    ...moments,
    cells: picked.length,
    mean: columns(mean, moments.cells, picked),
    products: columns(products, width, lower)
  };
}

/** Neighbouring blocks put together, `most` in all: enough to begin a fit. */
export function coarser({cells, blocks, deaths, mean, products}: CellMoments, most: number): CellMoments {
  const width = triangle(cells);
  const apart = new Float64Array(cells);
  const into = {
    deaths: new Float64Array(most),
    mean: new Float64Array(most * cells),
    products: new Float64Array(most * width)
  };
  for (let m = 0, b = 0; m < most; m++) {
    const end = Math.floor(((m + 1) * blocks) / most);
    const [at, first] = [m * cells, m * width];
    for (; b < end; b++) {
      const d = deaths[b];
      const before = into.deaths[m];
      const all = (into.deaths[m] += d);
      const spread = (before * d) / all;
      for (let c = 0; c < cells; c++) apart[c] = mean[b * cells + c] - into.mean[at + c];
      for (let c = 0, q = 0; c < cells; c++) {
        const far = spread * apart[c];
        for (let e = 0; e <= c; e++, q++) into.products[first + q] += products[b * width + q] + far * apart[e];
        into.mean[at + c] += (d / all) * apart[c];
      }
    }
  }
  return {cells, blocks: most, ...into};
}
