import {inParts} from "../numeric/inParts.js";
import type {CoxData} from "./coxData.js";
import {oneCovariate, twoPasses} from "./coxLikelihoodPasses.js";

export type Ties = "efron" | "breslow";

/** The partial likelihood at some coefficients; made once, filled again at each iteration. */
export interface CoxLikelihood {
  logLikelihood: number;
  /** Length p. */
  readonly score: Float64Array;
  /** p × p, row by row. */
  readonly information: Float64Array;
  /** With one covariate, and where it costs nothing: what the information grows by with β. Else null. */
  skewness: number | null;
  /** exp(x′β) of every position or cell; length n. */
  readonly risk: Float64Array;
}

/** What an event time adds, handed to whoever walks the event times. Arrays are reused: copy what you keep. */
export interface EventTime {
  /** Positions [first, end) are the rows with this time, events and censorings alike. */
  first: number;
  end: number;
  stratum: number;
  /** Number of events and their mean weight. */
  deaths: number;
  meanWeight: number;
  /** Σ w r over those at risk; Σ w r x; Σ w r x x′ (lower triangle). */
  s0: number;
  readonly s1: Float64Array;
  readonly s2: Float64Array;
  /** The same over the events at this time. */
  d0: number;
  readonly d1: Float64Array;
  readonly d2: Float64Array;
}

/** What is maximised: the partial likelihood of n positions, or cells of equal covariates, as a function of β. */
export interface PartialLikelihood {
  readonly p: number;
  readonly events: number;
  /** By column: 1 if it does not vary. */
  readonly constant: Uint8Array;
  /** By column: largest distance from the mean. */
  readonly largest: Float64Array;
  empty(): CoxLikelihood;
  evaluate(beta: Float64Array, into: CoxLikelihood): void;
  /** Largest change of a log hazard that a step of β brings. */
  largestChange(step: Float64Array): number;
  /** Moves risks along with a tiny step of β. */
  follow(step: Float64Array, risk: Float64Array): void;
}

/** The partial likelihood of a model whose covariates are given row by row. */
export function rowLikelihood(data: CoxData, ties: Ties): PartialLikelihood {
  const {n, p, constant, largest, event} = data;
  return {
    p,
    events: event.reduce((sum, e) => sum + e, 0),
    constant,
    largest,
    empty: () => emptyLikelihood(n, p),
    evaluate: (beta, into) => coxLikelihood(data, beta, ties, into),
    ...changesByRow(data.x, n)
  };
}

/** What a step of β does to n log hazards x′β; `x` is n × p. */
export function changesByRow(x: Float64Array, n: number) {
  return {
    largestChange(step: Float64Array): number {
      let largest = 0;
      inParts(n, (from, to) => (largest = Math.max(largest, largestIn(step, x, from, to))));
      return largest;
    },
    follow(step: Float64Array, risk: Float64Array): void {
      inParts(n, (from, to) => moveRisks(risk, step, x, from, to));
    }
  };
}

function largestIn(step: Float64Array, x: Float64Array, from: number, to: number): number {
  const p = step.length;
  let largest = 0;
  for (let k = from, at = from * p; k < to; k++) {
    let change = 0;
    for (let j = 0; j < p; j++, at++) change += step[j] * x[at];
    if (Math.abs(change) > largest) largest = Math.abs(change);
  }
  return largest;
}

function moveRisks(risk: Float64Array, step: Float64Array, x: Float64Array, from: number, to: number): void {
  const p = step.length;
  for (let k = from, at = from * p; k < to; k++) {
    let change = 1;
    for (let j = 0; j < p; j++, at++) change += step[j] * x[at];
    risk[k] *= change;
  }
}

export function emptyLikelihood(n: number, p: number): CoxLikelihood {
  return {
    logLikelihood: 0,
    score: new Float64Array(p),
    information: new Float64Array(p * p),
    skewness: null,
    risk: new Float64Array(n)
  };
}

/**
 * Walks the event times of every stratum from the last to the first, with the sums over those at risk.
 *
 * Going back in time those at risk are only added, one by one; with left truncation they are taken out again at entry.
 *
 * @param risk - exp(x′β) by position
 */
export function walkEventTimes(data: CoxData, risk: Float64Array, visit: (at: EventTime) => void): void {
  const {p, x, weight, event, slot, start, entryAt, entrySlot} = data;
  const [s1, d1] = [new Float64Array(p), new Float64Array(p)];
  const [s2, d2] = [new Float64Array(p * p), new Float64Array(p * p)];
  const at: EventTime = {first: 0, end: 0, stratum: 0, deaths: 0, meanWeight: 0, s0: 0, s1, s2, d0: 0, d1, d2};
  for (let stratum = 0; stratum + 1 < start.length; stratum++) {
    let s0 = 0;
    s1.fill(0);
    s2.fill(0);
    let leaving = start[stratum + 1];
    for (let end = start[stratum + 1]; end > start[stratum];) {
      const time = slot[end - 1];
      while (entryAt && entrySlot && leaving > start[stratum] && entrySlot[leaving - 1] > time) {
        const k = entryAt[--leaving];
        const wr = (weight ? weight[k] : 1) * risk[k];
        s0 -= wr;
        accumulate(s1, s2, x, k * p, p, -wr);
      }
      let [deaths, d0, deathWeight] = [0, 0, 0];
      let first = end;
      for (; first > start[stratum] && slot[first - 1] === time; first--) {
        const k = first - 1;
        const w = weight ? weight[k] : 1;
        const wr = w * risk[k];
        s0 += wr;
        accumulate(s1, s2, x, k * p, p, wr);
        if (event[k] === 0) continue;
        if (deaths === 0) {
          d1.fill(0);
          d2.fill(0);
        }
        deaths++;
        d0 += wr;
        deathWeight += w;
        accumulate(d1, d2, x, k * p, p, wr);
      }
      if (deaths > 0) {
        at.first = first;
        at.end = end;
        at.stratum = stratum;
        at.deaths = deaths;
        at.meanWeight = deathWeight / deaths;
        at.s0 = s0;
        at.d0 = d0;
        visit(at);
      }
      end = first;
    }
  }
}

/** Adds a row's share to Σ w r x and to the lower triangle of Σ w r x x′. */
function accumulate(s1: Float64Array, s2: Float64Array, x: Float64Array, from: number, p: number, wr: number): void {
  for (let i = 0; i < p; i++) {
    const v = wr * x[from + i];
    s1[i] += v;
    for (let j = 0; j <= i; j++) s2[i * p + j] += v * x[from + j];
  }
}

/**
 * Share of the events' own risk taken out of the risk set for the l-th of d tied events: l/d (Efron) or none (Breslow).
 */
export function tiedShare(ties: Ties, l: number, deaths: number): number {
  return ties === "efron" ? l / deaths : 0;
}

/**
 * Log partial likelihood, score and information at β, into `into`.
 *
 * @see R `survival:::coxph.fit`; Efron (1977), J Am Stat Assoc 72:557–565; Breslow (1974), Biometrics 30:89–99
 */
export function coxLikelihood(data: CoxData, beta: Float64Array, ties: Ties, into: CoxLikelihood): void {
  const {n, p, x, weight, event} = data;
  if (!data.entryAt)
    return p === 1 && !weight ? oneCovariate(data, beta[0], ties, into) : twoPasses(data, beta, ties, into);
  const {score, information, risk} = into;
  score.fill(0);
  information.fill(0);
  let logLikelihood = 0;
  for (let k = 0; k < n; k++) {
    let eta = 0;
    for (let j = 0; j < p; j++) eta += beta[j] * x[k * p + j];
    risk[k] = Math.exp(eta);
    if (event[k] === 0) continue;
    const w = weight ? weight[k] : 1;
    logLikelihood += w * eta;
    for (let j = 0; j < p; j++) score[j] += w * x[k * p + j];
  }
  const mean = new Float64Array(p);
  walkEventTimes(data, risk, ({deaths, meanWeight, s0, s1, s2, d0, d1, d2}) => {
    for (let l = 0; l < deaths; l++) {
      const share = tiedShare(ties, l, deaths);
      const denominator = s0 - share * d0;
      logLikelihood -= meanWeight * Math.log(denominator);
      for (let i = 0; i < p; i++) {
        mean[i] = (s1[i] - share * d1[i]) / denominator;
        score[i] -= meanWeight * mean[i];
        for (let j = 0; j <= i; j++)
          information[i * p + j] +=
            meanWeight * ((s2[i * p + j] - share * d2[i * p + j]) / denominator - mean[i] * mean[j]);
      }
    }
  });
  for (let i = 0; i < p; i++) for (let j = i + 1; j < p; j++) information[i * p + j] = information[j * p + i];
  into.logLikelihood = logLikelihood;
}
