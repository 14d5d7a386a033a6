import {adjust} from "../numeric/adjust.js";
import type {Adjustment} from "../numeric/adjust.js";
import {codeLabels} from "./labels.js";
import type {Level} from "./labels.js";
import {logRank} from "./logRank.js";
import type {GroupedInput, LogRankOptions} from "./logRank.js";
import {surv, SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

/** One pair of groups, the earlier level first. */
export interface PairwiseTest {
  readonly first: Level;
  readonly second: Level;
  /** NaN where the pair cannot be compared; `reason` then says why. */
  readonly chiSquare: number;
  readonly p: number;
  readonly adjusted: number;
  readonly reason: string | null;
}

/**
 * Log-rank tests of every pair of groups, p adjusted over the pairs.
 *
 * @param adjustment - default "BH"
 * @see R `survminer::pairwise_survdiff(Surv(time, event) ~ group, p.adjust.method)` 0.4.9
 */
export function logRankPairwise(
  input: SurvInput & GroupedInput,
  {adjustment = "BH", ...options}: LogRankOptions & {readonly adjustment?: Adjustment} = {}
): PairwiseTest[] {
  const cohort = "surv" in input ? input.surv : surv(input);
  const mask = "surv" in input ? input.rows : undefined;
  const {code, levels} = codeLabels(input.group, cohort.size, "logRankPairwise", "group", input.levels);
  const pairs = levels.flatMap((_, g) => levels.slice(g + 1).map((_, h) => [g, g + 1 + h] as const));
  const {group, strata} = input;
  const tests = pairs.map(([g, h]) => {
    const rows = Uint8Array.from(code, (c, i) => ((c === g || c === h) && (!mask || mask[i]) ? 1 : 0));
    const masked = Array.from(group, (label, i) => (rows[i] ? label : null));
    const pair = {first: levels[g], second: levels[h]};
    try {
      const {chiSquare, p} = logRank(
        {surv: cohort, rows, group: masked, levels: [levels[g], levels[h]], strata},
        options
      );
      return {...pair, chiSquare, p, reason: null};
    } catch (error) {
      if (!(error instanceof SurvivalInputError)) throw error;
      return {...pair, chiSquare: NaN, p: NaN, reason: error.message};
    }
  });
  const adjusted = adjust(
    tests.map(({p}) => p),
    adjustment
  );
  return tests.map((test, q) => ({...test, adjusted: adjusted[q]}));
}
