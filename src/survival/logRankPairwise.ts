import {adjust} from "../numeric/adjust.js";
import type {Adjustment} from "../numeric/adjust.js";
import {countCells, pickCells} from "./cellCounts.js";
import {askedRows} from "./completeRows.js";
import {codeLabels} from "./labels.js";
import type {LabelCodes, Level} from "./labels.js";
import {isPlain, logRank, testOfCounts} from "./logRank.js";
import type {GroupedInput, LogRank, LogRankOptions} from "./logRank.js";
import {cellsOf, NO_CELL} from "./patientCells.js";
import {SurvivalInputError} from "./surv.js";
import type {Surv, SurvInput} from "./surv.js";

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
  const {surv, mask} = askedRows(input, "logRankPairwise");
  const group = codeLabels(input.group, surv.size, "logRankPairwise", "group", input.levels, mask);
  const strata = input.strata ? codeLabels(input.strata, surv.size, "logRankPairwise", "strata") : null;
  const test = countedPairs(surv, mask, group, strata, options) ?? pairsByRow(surv, mask, group, strata, options);
  const {levels} = group;
  const tests = levels.flatMap((first, g) =>
    levels.slice(g + 1).map((second, h) => {
      try {
        const {chiSquare, p} = test(g, g + 1 + h);
        return {first, second, chiSquare, p, reason: null};
      } catch (error) {
        if (!(error instanceof SurvivalInputError)) throw error;
        return {first, second, chiSquare: NaN, p: NaN, reason: error.message};
      }
    })
  );
  const adjusted = adjust(
    tests.map(({p}) => p),
    adjustment
  );
  return tests.map((pair, q) => ({...pair, adjusted: adjusted[q]}));
}

/** Test of two groups, by their codes. */
type TestOfPair = (g: number, h: number) => Pick<LogRank, "chiSquare" | "p">;

/** From one count of all groups; null where the test is of another family, or counts do not tell it. */
function countedPairs(
  surv: Surv,
  mask: Uint8Array | null,
  {levels, code}: LabelCodes,
  strata: LabelCodes | null,
  options: LogRankOptions
): TestOfPair | null {
  const parts = strata?.levels.length ?? 1;
  if (surv.weight || levels.length * parts >= NO_CELL || !isPlain(options)) return null;
  const within = strata && {code: strata.code, size: parts};
  const counts = countCells(surv, cellsOf(surv, mask, {code, size: levels.length}, within));
  const cellsIn = (g: number) => Array.from({length: parts}, (_, s) => g * parts + s);
  return (g, h) => testOfCounts(pickCells(counts, [...cellsIn(g), ...cellsIn(h)]), [levels[g], levels[h]], parts);
}

function pairsByRow(
  surv: Surv,
  mask: Uint8Array | null,
  {code}: LabelCodes,
  strata: LabelCodes | null,
  options: LogRankOptions
): TestOfPair {
  const parts = strata && Float64Array.from(strata.code, (s) => (s < 0 ? NaN : s));
  return (g, h) => {
    const rows = Uint8Array.from(code, (c, i) => ((c === g || c === h) && mask?.[i] !== 0 ? 1 : 0));
    const group = Float64Array.from(code, (c) => (c === g ? 0 : c === h ? 1 : NaN));
    return logRank({surv, rows, group, levels: [0, 1], ...(parts && {strata: parts})}, options);
  };
}
