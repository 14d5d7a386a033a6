import {normalDensity, normalQuantile} from "../numeric/distributions.js";
import {gaussLegendre} from "../numeric/gaussLegendre.js";
import type {Quadrature} from "../numeric/gaussLegendre.js";
import {rootBetween} from "../numeric/rootBetween.js";

/** The bridge is followed over no less than this share of b(1 − b): a narrower range would take many terms. */
const NARROWEST = 0.01;

/** A normal density this many SD wide ends where doubles do. */
const ENDS = 9;

/** Beyond it e^−x adds nothing to a sum of order 1. */
const NOTHING = 37;

/**
 * Critical value k of the Hall–Wellner band: a Brownian bridge stays within ±k from a to b with probability `confidence`.
 *
 * Where a and b are the same, or nearly so, k is of a slightly wider range, and larger.
 *
 * @param a - from 0 up to b
 * @param b - below 1
 * @see Hall and Wellner (1980), Biometrika 67:133–143; Klein and Moeschberger (2003), table C.4
 */
export function hallWellnerCritical(a: number, b: number, confidence: number): number {
  const from = Math.max(0, Math.min(a, b - NARROWEST * b * (1 - b)));
  const spread = Math.sqrt(b <= 0.5 || from >= 0.5 ? Math.max(b * (1 - b), from * (1 - from)) : 0.25);
  const least = normalQuantile((1 + confidence) / 2) * spread;
  const most = least + 4 * spread;
  const quadrature = gaussLegendre(40 + 2 * termsOf(most, b - from));
  return rootBetween((k) => bridgeWithin(k, from, b, quadrature) - confidence, least, most);
}

/**
 * Probability that a Brownian bridge stays within ±k from a to b.
 *
 * Between a and b it is Brownian motion killed at ±k, whose kernel is a sum of cosines; before a and after b it is free, so
 * that each cosine is integrated against a normal density of variance a, and one of variance 1 − b. With a = 0 and b = 1 it
 * is Kolmogorov's series.
 */
function bridgeWithin(k: number, a: number, b: number, quadrature: Quadrature): number {
  const rates = Float64Array.from({length: termsOf(k, b - a)}, (_, m) => ((2 * m + 1) * Math.PI) / (2 * k));
  const [before, after] = [a, 1 - b].map((variance) => cosineMeans(rates, k, variance, quadrature));
  const sum = rates.reduce((p, rate, m) => p + Math.exp((-rate * rate * (b - a)) / 2) * before[m] * after[m], 0);
  return (Math.sqrt(2 * Math.PI) / k) * sum;
}

const termsOf = (k: number, width: number) => Math.ceil((k / Math.PI) * Math.sqrt((2 * NOTHING) / width)) + 1;

/** ∫ cos(rate x) over ±k against the normal density of a variance, by rate. */
function cosineMeans(rates: Float64Array, k: number, variance: number, {nodes, weights}: Quadrature): Float64Array {
  const sd = Math.sqrt(variance);
  if (k > ENDS * sd) return rates.map((rate) => Math.exp((-rate * rate * variance) / 2));
  const density = nodes.map((node, i) => (weights[i] * normalDensity((k * node) / sd) * k) / sd);
  return rates.map((rate) => density.reduce((sum, d, i) => sum + d * Math.cos(rate * k * nodes[i]), 0));
}

/**
 * Critical value c of the equal-precision band, by Nair's formula for the tail of |bridge| / √(u(1 − u)) between a and b.
 *
 * The formula is the band's published definition. At 95% it is within 0.01 of the exact value where b/(1 − b) is at least
 * twice a/(1 − a), and above it where a and b are nearly the same.
 *
 * @param a - above 0, up to b
 * @param b - below 1
 * @see Nair (1984), Technometrics 26:265–275; Klein and Moeschberger (2003), table C.3
 */
export function equalPrecisionCritical(a: number, b: number, confidence: number): number {
  const range = Math.log((b * (1 - a)) / (a * (1 - b)));
  const tail = (c: number) => normalDensity(c) * (4 / c + (c - 1 / c) * range);
  // At 1 the formula gives 0.97 whatever the range; from there on it meets each smaller tail once.
  return rootBetween((c) => tail(c) - (1 - confidence), 1, 9);
}
