import {partsOf} from "../numeric/cutValues.js";
import {cellsOf} from "./patientCells.js";
import type {CellCode} from "./patientCells.js";
import {askedRows, completeRows} from "./completeRows.js";
import type {ChiSquareTest} from "./coxph.js";
import {effectsByCell} from "./forestByCell.js";
import {effectsByRow} from "./forestByRow.js";
import {codeLabels} from "./labels.js";
import type {LabelCodes, Labels, Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {Surv, SurvInput} from "./surv.js";

/** The effect within one level of a subgroup. */
export interface ForestRow {
  readonly level: Level;
  /** Second group against the first; NaN where `reason` says why there is none. */
  readonly hazardRatio: number;
  readonly lower: number;
  readonly upper: number;
  readonly p: number;
  /** Patients and events in [first, second] group. */
  readonly n: readonly [number, number];
  readonly events: readonly [number, number];
  readonly reason: string | null;
}

/** Hazard ratio in a second level over that in a first: the coefficient of group × level, with its Wald p. */
export interface EffectRatio {
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
  /** With robust errors where the follow-up is weighted. */
  readonly p: number;
}

/** One variable's lines of a forest plot. */
export interface Forest {
  readonly rows: readonly ForestRow[];
  /** Likelihood-ratio test that the effect is the same in all levels; null with fewer than two of them estimable. */
  readonly interaction: ChiSquareTest | null;
  /** With two levels: how the effect differs between them; null where that has no estimate. */
  readonly ratio: EffectRatio | null;
  /** Rows left out because follow-up, group or subgroup is missing. */
  readonly missing: number;
}

const who = "forest";

/**
 * Effect of a two-level group within each level of a subgroup, and one test of interaction.
 *
 * The test compares the model group + subgroup with group + subgroup + group × subgroup on all levels at once; p-values
 * of single levels do not answer whether the effect differs.
 *
 * @param input - follow-up, `group` (two levels, the first is the reference) and `subgroup`, a label a row each
 * @throws {SurvivalInputError} if the group has not two levels
 * @see R `coxph` by subset, `anova(coxph(~ group + subgroup), coxph(~ group * subgroup))` 3.5-3; Wang et al. (2007),
 *   N Engl J Med 357:2189–2194
 */
export function forest(
  input: SurvInput & {
    readonly group: Labels;
    readonly groupLevels?: readonly Level[];
    readonly subgroup: Labels;
    readonly subgroupLevels?: readonly Level[];
  },
  {confidence = 0.95}: {readonly confidence?: number} = {}
): Forest {
  const {surv, mask, asked} = askedRows(input, who);
  const group = codeLabels(input.group, surv.size, who, "group", input.groupLevels, mask);
  const subgroup = codeLabels(input.subgroup, surv.size, who, "subgroup", input.subgroupLevels, mask);
  if (group.levels.length !== 2)
    throw new SurvivalInputError(
      `${who}: group has ${group.levels.length} levels (${group.levels.join(", ")}); a hazard ratio compares two.`
    );
  return forestOfCodes(surv, mask, group, subgroup, asked, confidence);
}

/** At most so many levels make cells of two groups that a byte tells apart. */
const MOST_LEVELS = 126;

/**
 * The forest of labels that are codes already.
 *
 * @param asked - rows kept by the mask
 * @param group - levels: two; by row an index into them, NaN or −1 for none, or numbers in parts; `subgroup` likewise
 * @throws {SurvivalInputError} if no row is complete
 */
export function forestOfCodes(
  surv: Surv,
  mask: Uint8Array | null,
  group: Coded,
  subgroup: Coded,
  asked: number,
  confidence = 0.95
): Forest {
  if (subgroup.levels.length > MOST_LEVELS) {
    const labels = [labelsOf(group), labelsOf(subgroup)] as const;
    const used = completeRows(mask ? {surv, rows: mask} : {surv}, {}, who, {entry: true, weight: true}, labels);
    return {...effectsByRow(used, ...labels, confidence), missing: used.missing};
  }
  const [groups, levels] = [group, subgroup].map(({code, levels}) => ({code, size: levels.length}));
  const {used, ...effects} = effectsByCell(surv, cellsOf(surv, mask, groups, levels), subgroup.levels, confidence);
  if (used === 0)
    throw new SurvivalInputError(`${who}: no patient has follow-up and all values; nothing to compute from.`);
  return {...effects, missing: asked - used};
}

interface Coded {
  readonly levels: readonly Level[];
  readonly code: CellCode["code"];
}

const labelsOf = ({levels, code}: Coded): LabelCodes => ({
  levels,
  code:
    code instanceof Int32Array ? code : Int32Array.from("cuts" in code ? partsOf(code) : code, (c) => (c >= 0 ? c : -1))
});
