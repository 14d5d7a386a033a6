import type {Jax, JaxArray} from "./runtime.js";

/** How tied event times are handled, as in `survival::coxph`. */
export type Ties = "breslow" | "efron";

/** Follow-up of a batch; its patients are their own risk sets. */
export interface BatchFollowUp {
  readonly time: ArrayLike<number>;
  /** 1 where the event happened. */
  readonly event: ArrayLike<number>;
  /** Left truncation: at risk on (entry, time]; null without. */
  readonly entry: ArrayLike<number> | null;
}

/** Follow-up as the loss reads it. */
export interface RiskWeights {
  /** n × n: what patient j counts for in the risk set of patient i's event; for a censored i only i itself. */
  readonly weights: Float32Array;
  /** Length n: 1 where the event happened. */
  readonly event: Float32Array;
}

/**
 * Risk sets of a batch. With Breslow's ties everybody at risk counts fully; with Efron's the l-th of d tied events has its
 * fellows at 1 − l/d.
 *
 * @throws {RangeError} when nobody has the event: such a batch says nothing
 */
export function riskWeights({time, event, entry}: BatchFollowUp, ties: Ties): RiskWeights {
  const n = time.length;
  const rows = Array.from({length: n}, (_, row) => row);
  if (!rows.some((row) => event[row] === 1)) {
    throw new RangeError("A batch holds no event, so that its partial likelihood is empty; make batches larger.");
  }
  const weights = new Float32Array(n * n);
  for (const i of rows) {
    if (event[i] !== 1) {
      weights[i * n + i] = 1;
      continue;
    }
    const tied = rows.filter((j) => event[j] === 1 && time[j] === time[i]);
    const taken = ties === "efron" ? tied.indexOf(i) / tied.length : 0;
    for (const j of rows) {
      if (!(time[j] >= time[i] && (!entry || entry[j] < time[i]))) continue;
      weights[i * n + j] = tied.includes(j) ? 1 - taken : 1;
    }
  }
  return {weights, event: Float32Array.from(rows, (row) => (event[row] === 1 ? 1 : 0))};
}

/**
 * DeepSurvLoss: the negative log partial likelihood of Cox, averaged over the events of the batch, plus
 * l2 / 2 · Σ w² over the arrays given. Consumes its arguments.
 *
 * @param risk - n: the network's output, the log relative risk
 * @param weights - n × n, of `riskWeights`
 * @param event - n
 * @see Katzman et al. (2018), DeepSurv, BMC Med Res Methodol 18:24; Efron (1977), JASA 72:557–565
 */
export function deepSurvLoss(
  {numpy: np, lax}: Jax,
  risk: JaxArray,
  weights: JaxArray,
  event: JaxArray,
  l2 = 0,
  penalised: readonly JaxArray[] = []
): JaxArray {
  const n = risk.shape[0];
  // The largest risk of each risk set comes out of the sum, which could overflow.
  const within = np.where(np.greater(weights.ref, 0), risk.ref.reshape([1, n]), -1e30);
  const largest = lax.stopGradient(np.max(within.ref, 1, {keepdims: true}));
  const sums = np.sum(weights.mul(np.exp(within.sub(largest.ref))), 1);
  const logSums = np.log(sums).add(largest.reshape([n]));
  const events = np.sum(event.ref);
  const likelihood = np
    .sum(event.mul(risk.sub(logSums)))
    .div(events)
    .mul(-1);
  if (l2 === 0) {
    for (const array of penalised) array.dispose();
    return likelihood;
  }
  return penalised.reduce((loss, array) => loss.add(np.sum(np.square(array)).mul(l2 / 2)), likelihood);
}
