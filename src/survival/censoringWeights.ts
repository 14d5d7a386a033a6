/**
 * Distribution of the censoring time, as riskRegression estimates it for inverse-probability weights.
 *
 * Deaths tied with a censoring leave first, so the risk set of a censoring at t counts only patients still followed once
 * the deaths at t are gone. `survfit(Surv(time, 1 - event) ~ 1)` keeps them in and differs where times are tied.
 *
 * Arrays by slot (distinct time) have length `slots`.
 *
 * @see R `prodlim::prodlim(Hist(time, event) ~ 1, reverse = TRUE)`, called by `riskRegression::Score` 2022.11.28
 */
export interface CensoringDistribution {
  /** P(not censored by the time of the slot). */
  readonly survival: Float64Array;
  /** P(not censored before the time of the slot). */
  readonly survivalBefore: Float64Array;
  /** Patients at risk at the slot, deaths and censorings at it included. */
  readonly atRisk: Uint32Array;
  /** n Σ c(s) / Y(s)² up to and including the slot: the compensator in the influence function of the censoring hazard. */
  readonly compensator: Float64Array;
}

/**
 * @param event - length n, by ascending time; 1 event, 0 censored
 * @param slot - length n, ascending; equal for tied times, < slots
 * @param slots - number of distinct times; some may hold no patient
 */
export function censoringDistribution(event: Uint8Array, slot: Uint32Array, slots: number): CensoringDistribution {
  const n = event.length;
  const survival = new Float64Array(slots);
  const survivalBefore = new Float64Array(slots);
  const atRisk = new Uint32Array(slots);
  const compensator = new Float64Array(slots);
  let uncensored = 1;
  let compensated = 0;
  for (let s = 0, k = 0; s < slots; s++) {
    const first = k;
    let deaths = 0;
    while (k < n && slot[k] === s) deaths += event[k++];
    const censored = k - first - deaths;
    survivalBefore[s] = uncensored;
    atRisk[s] = n - first;
    if (censored > 0) {
      uncensored *= 1 - censored / (n - first - deaths);
      compensated += (n * censored) / (n - first) ** 2;
    }
    survival[s] = uncensored;
    compensator[s] = compensated;
  }
  return {survival, survivalBefore, atRisk, compensator};
}

/** Patients by ascending time, with the weights at one horizon. */
export interface HorizonWeights {
  /** Length n: 1 / G(T−) if the event happened by the horizon, 1 / G(horizon) if followed beyond it, else 0. */
  readonly weight: Float64Array;
  /** Number of patients whose follow-up ended by the horizon; they come first. */
  readonly ended: number;
}

/**
 * Inverse-probability-of-censoring weights at a horizon.
 *
 * @param slotsBy - number of distinct times ≤ horizon
 */
export function horizonWeights(
  event: Uint8Array,
  slot: Uint32Array,
  slotsBy: number,
  censoring: CensoringDistribution
): HorizonWeights {
  const uncensored = slotsBy > 0 ? censoring.survival[slotsBy - 1] : 1;
  let ended = 0;
  const weight = Float64Array.from(event, (e, k) => {
    if (slot[k] >= slotsBy) return 1 / uncensored;
    ended++;
    return e === 1 ? 1 / censoring.survivalBefore[slot[k]] : 0;
  });
  return {weight, ended};
}

/**
 * What estimating the censoring distribution adds to a patient's influence: (1/n) Σ caseTerm(k) · φᵢ(T_k−) over cases k,
 * where φᵢ(t) is patient i's influence on the cumulative censoring hazard up to t.
 *
 * @param caseTerm - length n, by ascending time; used only for events by the horizon
 * @param ended - number of patients whose follow-up ended by the horizon
 * @returns length n
 */
export function censoringInfluence(
  caseTerm: Float64Array,
  event: Uint8Array,
  slot: Uint32Array,
  ended: number,
  {atRisk, compensator}: CensoringDistribution
): Float64Array {
  const n = event.length;
  const influence = new Float64Array(n);
  let later = 0;
  for (let k = 0; k < ended; k++) if (event[k] === 1) later += caseTerm[k];
  let compensated = 0; // Σ caseTerm · compensator(T−) over cases up to the present time
  for (let first = 0; first < n;) {
    const s = slot[first];
    const before = s > 0 ? compensator[s - 1] : 0;
    let end = first;
    for (; end < n && slot[end] === s; end++) {
      if (end >= ended || event[end] === 0) continue;
      later -= caseTerm[end];
      compensated += caseTerm[end] * before;
    }
    for (let k = first; k < end; k++)
      influence[k] = (later * (own(event[k], n, atRisk[s]) - compensator[s]) - compensated) / n;
    first = end;
  }
  return influence;
}

/** Influence of every patient on the cumulative censoring hazard at the horizon. */
export function censoringHazardInfluence(
  event: Uint8Array,
  slot: Uint32Array,
  slotsBy: number,
  {atRisk, compensator}: CensoringDistribution
): Float64Array {
  const atHorizon = slotsBy > 0 ? compensator[slotsBy - 1] : 0;
  return Float64Array.from(event, (e, k) =>
    slot[k] < slotsBy ? own(e, event.length, atRisk[slot[k]]) - compensator[slot[k]] : -atHorizon
  );
}

function own(event: number, n: number, atRisk: number): number {
  return event === 0 ? n / atRisk : 0;
}
