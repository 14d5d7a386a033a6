import {chiSquareUpperTail} from "../numeric/distributions.js";
import {quadraticForm} from "../numeric/quadraticForm.js";
import {competingRows} from "./competingRows.js";
import type {CompetingInput} from "./competingRows.js";
import type {CompleteRows} from "./completeRows.js";
import {codeLabels} from "./labels.js";
import type {LabelCodes, Labels, Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";

/** Gray's test for one kind of event. */
export interface GrayTest {
  readonly cause: number;
  readonly groups: readonly Level[];
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  readonly missing: number;
}

/**
 * Gray's test that the cumulative incidence of a kind of event is the same in all groups.
 *
 * @param input - time, status (0 censored; 1, 2, … kinds of event) and `group`, a label a row
 * @returns one test a kind of event
 * @throws {SurvivalInputError} if there is late entry, for which the test is not made, if there are fewer than two groups, or they cannot be told apart
 * @see R `cmprsk::cuminc(time, status, group)$Tests` 2.2-11; Gray (1988), Ann Stat 16:1141–1154
 */
export function grayTest(
  input: CompetingInput & {readonly group: Labels; readonly levels?: readonly Level[]}
): GrayTest[] {
  const who = "grayTest";
  const labels = codeLabels(
    input.group,
    input.status.length,
    who,
    "group",
    input.levels,
    "surv" in input ? input.rows : null
  );
  const {rows, causes} = competingRows(input, who, {}, [labels]);
  const groups = labels.levels.length;
  if (groups < 2) throw new SurvivalInputError(`${who}: all patients are in one group; a test needs two.`);
  return causes.map((cause) => {
    const {score, covariance} = scores(rows, input.status, labels, cause);
    const free = groups - 1;
    const chiSquare = quadraticForm(
      score.subarray(0, free),
      Array.from({length: free * free}, (_, q) => covariance[Math.floor(q / free) * groups + (q % free)])
    );
    if (Number.isNaN(chiSquare))
      throw new SurvivalInputError(`${who}: the groups cannot be compared on event ${cause}: too few events of it.`);
    const p = chiSquareUpperTail(chiSquare, free);
    return {cause, groups: labels.levels, chiSquare, df: free, p, missing: rows.missing};
  });
}

/** State of one group at the present time; a curve's value just before it ends in `Before`. */
interface GroupState {
  atRisk: number;
  /** Free of every event. */
  freeBefore: number;
  free: number;
  /** Incidence of the kind of event tested. */
  incidenceBefore: number;
  incidence: number;
  /** Events at the present time: of the kind tested, of other kinds. */
  own: number;
  other: number;
}

/**
 * Scores Σ (own − expected share) and their covariance.
 *
 * The risk set of a group is weighted up by (1 − F)/S: who had another event counts as still at risk of this one. The
 * variance follows Gray's section 3: `drift` is how far each group's score moves with another group's incidence, and
 * every event adds to the variance of that group's curve; `spread`, `mixed` and `covariance` collect, for a group's
 * curve, its variance, its covariance with the score, and the score's variance.
 */
function scores(rows: CompleteRows, status: ArrayLike<number>, labels: LabelCodes, cause: number) {
  const k = labels.levels.length;
  const groups = Array.from({length: k}, (): GroupState => ({
    atRisk: 0,
    freeBefore: 1,
    free: 1,
    incidenceBefore: 0,
    incidence: 0,
    own: 0,
    other: 0
  }));
  for (const i of rows.row) groups[labels.code[i]].atRisk++;
  const score = new Float64Array(k);
  const [covariance, drift, mixed, kernel] = [0, 0, 0, 0].map(() => new Float64Array(k * k));
  const spread = new Float64Array(k);
  let pooledBefore = 0; // incidence of all groups together under the null hypothesis
  let end: number;
  for (let first = 0; first < rows.row.length; first = end) {
    for (end = first; end < rows.row.length && rows.slot[end] === rows.slot[first]; end++) {
      const group = groups[labels.code[rows.row[end]]];
      const s = status[rows.row[end]];
      if (s === cause) group.own++;
      else if (s > 0) group.other++;
    }
    const own = groups.reduce((sum, g) => sum + g.own, 0);
    const other = groups.reduce((sum, g) => sum + g.other, 0);
    if (own + other > 0) {
      let total = 0; // Σ atRisk / free
      let weighted = 0; // Σ atRisk (1 − incidence) / free
      for (const g of groups) {
        if (g.atRisk <= 0) continue;
        g.free = (g.freeBefore * (g.atRisk - g.own - g.other)) / g.atRisk;
        g.incidence = g.incidenceBefore + (g.freeBefore * g.own) / g.atRisk;
        total += g.atRisk / g.freeBefore;
        weighted += (g.atRisk * (1 - g.incidenceBefore)) / g.freeBefore;
      }
      const pooled = pooledBefore + own / total;
      kernel.fill(0);
      groups.forEach((g, i) => {
        if (g.atRisk <= 0) return;
        const share = g.atRisk / g.freeBefore;
        score[i] += g.own - (own * share * (1 - g.incidenceBefore)) / weighted;
        groups.forEach((h, j) => {
          const at = i * k + j;
          kernel[at] =
            i === j ? share * (1 - share / total) : h.atRisk > 0 ? -(share * (h.atRisk / h.freeBefore)) / total : 0;
          drift[at] += (kernel[at] * own) / (total * (1 - pooledBefore));
        });
      });
      addVariance({groups, own, total, pooled, kernel, drift, spread, mixed, covariance});
      pooledBefore = pooled;
    }
    for (let j = first; j < end; j++) groups[labels.code[rows.row[j]]].atRisk--;
    for (const g of groups) {
      g.freeBefore = g.free;
      g.incidenceBefore = g.incidence;
      g.own = g.other = 0;
    }
  }
  return {score, covariance: completed(covariance, drift, mixed, spread, k)};
}

function addVariance(at: {
  groups: readonly GroupState[];
  own: number;
  total: number;
  pooled: number;
  kernel: Float64Array;
  drift: Float64Array;
  spread: Float64Array;
  mixed: Float64Array;
  covariance: Float64Array;
}): void {
  const {groups, own, total, pooled, kernel, drift, spread, mixed, covariance} = at;
  const k = groups.length;
  /** An event in group h of variance `size` moves score i by `move(i)` and the curve of h by `curve`. */
  const add = (h: number, curve: number, size: number, move: (i: number) => number) => {
    spread[h] += curve * curve * size;
    for (let i = 0; i < k; i++) {
      mixed[i * k + h] += move(i) * curve * size;
      for (let j = 0; j < k; j++) covariance[i * k + j] += move(i) * move(j) * size;
    }
  };
  groups.forEach((g, h) => {
    if (own > 0 && g.atRisk > 0) {
      const curve = g.free > 0 ? 1 - (1 - pooled) / g.free : 1;
      const tied = own > 1 ? 1 - (own - 1) / (total * g.freeBefore - 1) : 1;
      const size = (tied * g.freeBefore * own) / (total * g.atRisk);
      add(h, curve, size, (i) => kernel[i * k + h] - curve * drift[i * k + h]);
    }
    if (g.other > 0 && g.free > 0) {
      const curve = (1 - pooled) / g.free;
      const tied = g.other > 1 ? 1 - (g.other - 1) / (g.atRisk - 1) : 1;
      const size = (tied * g.freeBefore ** 2 * g.other) / g.atRisk ** 2;
      add(h, -curve, size, (i) => curve * drift[i * k + h]);
    }
  });
}

/** Adds what each group's curve, carried on to the end of follow-up, contributes to every score. */
function completed(
  covariance: Float64Array,
  drift: Float64Array,
  mixed: Float64Array,
  spread: Float64Array,
  k: number
) {
  const full = Float64Array.from(covariance);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++)
      for (let h = 0; h < k; h++)
        full[i * k + j] +=
          drift[i * k + h] * drift[j * k + h] * spread[h] +
          drift[i * k + h] * mixed[j * k + h] +
          drift[j * k + h] * mixed[i * k + h];
  return full;
}
