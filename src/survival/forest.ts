import {compareNested} from "./compareNested.js";
import {askedRows, completeRows} from "./completeRows.js";
import {coxph} from "./coxph.js";
import type {ChiSquareTest} from "./coxph.js";
import {codeLabels} from "./labels.js";
import type {Labels, Level} from "./labels.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

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

/** One variable's lines of a forest plot. */
export interface Forest {
  readonly rows: readonly ForestRow[];
  /** Likelihood-ratio test that the effect is the same in all levels; null with fewer than two of them estimable. */
  readonly interaction: ChiSquareTest | null;
  /** Rows left out because follow-up, group or subgroup is missing. */
  readonly missing: number;
}

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
  const who = "forest";
  const {surv, mask} = askedRows(input, who);
  const group = codeLabels(input.group, surv.size, who, "group", input.groupLevels);
  const subgroup = codeLabels(input.subgroup, surv.size, who, "subgroup", input.subgroupLevels);
  if (group.levels.length !== 2)
    throw new SurvivalInputError(
      `${who}: group has ${group.levels.length} levels (${group.levels.join(", ")}); a hazard ratio compares two.`
    );
  const used = completeRows(mask ? {surv, rows: mask} : {surv}, {}, who, {entry: true, weight: true}, [
    group,
    subgroup
  ]);
  const terms = {group: Float64Array.from(group.code, (c) => (c < 0 ? NaN : c))};
  const rows = subgroup.levels.map((level, l): ForestRow => {
    const within = new Uint8Array(surv.size);
    const [n, events]: [[number, number], [number, number]] = [
      [0, 0],
      [0, 0]
    ];
    for (const i of used.row) {
      if (subgroup.code[i] !== l) continue;
      within[i] = 1;
      n[group.code[i]]++;
      events[group.code[i]] += surv.event[i];
    }
    const none = {level, hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN, n, events};
    if (n[0] === 0 || n[1] === 0) return {...none, reason: "All patients are in one group."};
    if (events[0] + events[1] === 0) return {...none, reason: "No patient had an event."};
    const fit = coxph({surv, rows: within, terms}, {confidence});
    if (!fit.converged) return {...none, reason: fit.warnings[0]};
    return {
      level,
      hazardRatio: fit.hazardRatio[0],
      lower: fit.lower[0],
      upper: fit.upper[0],
      p: fit.p[0],
      n,
      events,
      reason: null
    };
  });
  return {rows, interaction: interactionTest(), missing: used.missing};

  function interactionTest(): ChiSquareTest | null {
    const levels = subgroup.levels.filter((_, l) => rows[l].n[0] + rows[l].n[1] > 0);
    if (levels.length < 2 || rows.every(({events}) => events[0] + events[1] === 0)) return null;
    const keep = new Uint8Array(surv.size);
    for (const i of used.row) keep[i] = 1;
    const labels = Array.from(subgroup.code, (c) => (c < 0 ? null : String(subgroup.levels[c])));
    const both = {...terms, subgroup: {values: labels, levels: levels.map(String)}};
    const additive = coxph({surv, rows: keep, terms: both});
    const crossed = coxph({surv, rows: keep, terms: both}, {interactions: [["group", "subgroup"]]});
    return crossed.likelihoodRatio.df > additive.likelihoodRatio.df ? compareNested(additive, crossed) : null;
  }
}
