/**
 * Within a block the number at risk in a cell moves by less than this share of itself. What is left out of the logarithm of
 * the risk is of the third order in it, and odd: some 1e-10 of an event's term.
 */
export const SPREAD = 1 / 96;

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

/** Neighbouring events: sums over them of those at risk in each cell and of products of two, of all cells and of each pair. */
export interface Block {
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

export function blockOf(cells: number): Block {
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

/** The next block begins with those at risk now. */
export function begin(block: Block): void {
  close(block);
  const {cells, now, begun, away, most} = block;
  for (let c = 0; c < cells; c++) {
    begun[c] = now[c];
    most[c] = now[c] * SPREAD;
    away[c] = 0;
  }
}

/** Keeps the block's moments over its events, if it has any, and empties its sums. */
export function close({cells, begun, deaths, sum, square, ownDeaths, ownSum, ownSquare, all, pairs}: Block): void {
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
  for (const column of [sum, square, ownDeaths, ownSum, ownSquare]) empty(column);
}

/** Of some ten numbers; `fill` takes longer to be called. */
function empty(column: Float64Array): void {
  for (let k = 0; k < column.length; k++) column[k] = 0;
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

/** Events at one time of which a cell loses many: in blocks of their own. */
export function addWideTime(block: Block, together: number): void {
  const {cells, now, dead, all, pairs} = block;
  begin(block);
  addWide(all, now, dead, together);
  for (let l = 0, o = cells >> 1; o < cells; l++, o++) {
    const both = (of: Int32Array) => Int32Array.of(of[l], of[o]);
    addWide(pairs[l], both(now), both(dead), dead[l] + dead[o]);
  }
}

/** In as many blocks as it takes. */
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
export function widest(atRisk: Int32Array, dead: Int32Array): number {
  let most = 0;
  for (let c = 0; c < dead.length; c++) if (dead[c] > most * atRisk[c]) most = dead[c] / atRisk[c];
  return most;
}

export function momentsOf({cells, blocks, deaths, mean, products}: MomentList): CellMoments {
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
