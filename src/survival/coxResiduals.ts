import {coxIncrements} from "./coxIncrements.js";
import type {CoxModel} from "./coxph.js";
import {positionResiduals} from "./coxScoreResiduals.js";

/** By row of the cohort, in the order given; NaN where the row was not used. */
export interface RowResiduals {
  /** Event minus expected number of events. */
  readonly martingale: Float64Array;
  /** Symmetrised martingale residuals: signed square roots of the deviance. */
  readonly deviance: Float64Array;
  /** A column a coefficient: the row's term of the score. */
  readonly score: readonly Float64Array[];
  /** A column a coefficient: approximate change of the coefficient if the row were left out. */
  readonly dfbeta: readonly Float64Array[];
}

/**
 * Residuals of a Cox model, a value a row. Weights do not enter the residuals, but dfbeta (as in R).
 *
 * @see R `residuals(fit, type = "martingale" | "deviance" | "score" | "dfbeta")` 3.5-3
 */
export function coxResiduals(fit: CoxModel): RowResiduals {
  const {data, maximum, design} = fit.internal;
  const {n, p, row, event, weight} = data;
  const size = design.columns[0].length;
  const residuals = positionResiduals(data, maximum.risk, fit.ties);
  const column = () => new Float64Array(size).fill(NaN);
  const [martingale, deviance] = [column(), column()];
  const score = fit.names.map(column);
  const dfbeta = fit.names.map(column);
  for (let k = 0; k < n; k++) {
    const [i, m] = [row[k], residuals.martingale[k]];
    martingale[i] = m;
    const expected = event[k] - m;
    const half = m + (event[k] === 1 ? Math.log(expected) : 0);
    deviance[i] = Math.sign(m) * Math.sqrt(Math.max(0, -2 * half)); // rounding may leave −0
    for (let j = 0; j < p; j++) {
      score[j][i] = residuals.score[k * p + j];
      let change = 0;
      for (let h = 0; h < p; h++) change += maximum.variance[j * p + h] * residuals.score[k * p + h];
      dfbeta[j][i] = change * (weight ? weight[k] : 1);
    }
  }
  return {martingale, deviance, score, dfbeta};
}

/** One row an event, by ascending time within a stratum, strata one after another. */
export interface SchoenfeldResiduals {
  readonly time: Float64Array;
  /** Row of the cohort. */
  readonly row: Uint32Array;
  /** A column a coefficient: covariate minus its mean over the risk set. */
  readonly schoenfeld: readonly Float64Array[];
  /** The same on the scale of the coefficient: their smooth shows β(t). */
  readonly scaled: readonly Float64Array[];
}

/**
 * Schoenfeld residuals, without case weights; scaled ones are coef + events × variance × residual.
 *
 * @see R `residuals(fit, "schoenfeld" | "scaledsch")` 3.5-3; Grambsch and Therneau (1994), Biometrika 81:515–526
 */
export function schoenfeldResiduals(fit: CoxModel): SchoenfeldResiduals {
  const {data, maximum, distinctTime} = fit.internal;
  const {p, x, row, slot, event, start} = data;
  const steps = coxIncrements(data, maximum.risk, fit.ties);
  const positions: number[] = [];
  const step: number[] = [];
  for (let s = 0; s + 1 < start.length; s++)
    for (let k = start[s], e = steps.start[s]; k < start[s + 1]; k++) {
      if (event[k] === 0) continue;
      while (steps.slot[e] < slot[k]) e++;
      positions.push(k);
      step.push(e);
    }
  const residual = (k: number, e: number, j: number) => x[k * p + j] - steps.mean[e * p + j];
  const schoenfeld = fit.names.map((_, j) => Float64Array.from(positions, (k, q) => residual(k, step[q], j)));
  const events = positions.length;
  const scaled = fit.names.map((_, j) =>
    Float64Array.from(positions, (_k, q) => {
      let sum = 0;
      for (let h = 0; h < p; h++) sum += maximum.variance[j * p + h] * schoenfeld[h][q];
      return maximum.beta[j] + events * sum;
    })
  );
  return {
    time: Float64Array.from(positions, (k) => distinctTime[slot[k]]),
    row: Uint32Array.from(positions, (k) => row[k]),
    schoenfeld,
    scaled
  };
}
