import type {Ties} from "./coxLikelihood.js";

/**
 * Events at one time as a partial likelihood counts them: `share[l]` of those who have the event are out of the risk, `weight[l]`
 * times. Made once, filled again at each time.
 */
export interface TiedEvents {
  count: number;
  share: Float64Array;
  weight: Float64Array;
}

export const noEvents = (): TiedEvents => ({count: 0, share: new Float64Array(8), weight: new Float64Array(8)});

/** From so many events on four stand for all, unless those with the event are more than this part of the risk. */
const FEW = 5;
const SMALL_PART = 0.05;

/**
 * After Efron the l-th of m events has the risk of all less l/m of those with the event. What is summed over them is a smooth
 * function of l/m, whose pole lies at the inverse of their part of the risk; of many events Gauss's quadrature over 0, 1/m, …,
 * (m − 1)/m with four nodes gives the sum to 1e-11 of itself while that part is below a twentieth.
 *
 * @param events - m ≥ 1
 * @param dying - risk of those with the event, and of all
 * @see Gautschi (2004), Orthogonal Polynomials: discrete Chebyshev polynomials, β_k = k² (m² − k²) / (4 (4k² − 1))
 */
export function countTied(into: TiedEvents, ties: Ties, events: number, dying: number, all: number): void {
  if (ties === "breslow") {
    into.count = 1;
    into.share[0] = 0;
    into.weight[0] = events;
  } else if (events >= FEW && dying < SMALL_PART * all) fourNodes(into, events);
  else each(into, events);
}

function each(into: TiedEvents, m: number): void {
  into.count = m;
  if (into.share.length < m) {
    into.share = new Float64Array(2 * m);
    into.weight = new Float64Array(2 * m);
  }
  for (let l = 0; l < m; l++) {
    into.share[l] = l / m;
    into.weight[l] = 1;
  }
}

function fourNodes(into: TiedEvents, m: number): void {
  const beta = (k: number) => (k * k * (m * m - k * k)) / (4 * (4 * k * k - 1));
  const [b1, b2, b3] = [beta(1), beta(2), beta(3)];
  const half = (b1 + b2 + b3) / 2;
  const root = Math.sqrt(half * half - b1 * b3);
  const [outer, inner] = [half + root, half - root];
  // Both moments of the weights: their number, and the sum of squares about the middle.
  const out = (m * (b1 - inner)) / (2 * (outer - inner));
  const [far, near] = [Math.sqrt(outer), Math.sqrt(inner)];
  const middle = (m - 1) / 2;
  into.count = 4;
  set(into, 0, (middle - far) / m, out);
  set(into, 1, (middle - near) / m, m / 2 - out);
  set(into, 2, (middle + near) / m, m / 2 - out);
  set(into, 3, (middle + far) / m, out);
}

function set({share, weight}: TiedEvents, l: number, at: number, heavy: number): void {
  share[l] = at;
  weight[l] = heavy;
}
