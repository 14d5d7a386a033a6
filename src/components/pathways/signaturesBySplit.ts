import type {Cohort} from "../../cohort/readCohort.js";
import {pearson} from "../../enrichment/correlation.js";
import {ascendingValues, sampleQuantile} from "../../numeric/sampleQuantile.js";
import type {Grouping} from "../../cohort/groups.js";
import {bareP, formatNumber} from "../formatting.js";

/** A signature or the risk score in the groups of a split. */
export interface SignatureLine {
  readonly label: string;
  /** By group: patients with a value, and the quartiles of it. */
  readonly groups: readonly {readonly n: number; readonly quartiles: readonly number[]}[];
  /** Of two groups: Student's t-test, equal variances. */
  readonly p: number;
}

/**
 * What the images say of the patients on either side of a split: every signature and the risk score by group.
 *
 * @param rows - mask of the patients selected
 * @see R `t.test(value ~ group, var.equal = TRUE)`, of which the correlation with a 0/1 column is the same test
 */
export function signaturesBySplit(cohort: Cohort, {groups, code}: Grouping, rows: Uint8Array): SignatureLine[] {
  const shown = cohort.study.variables.filter(({type, origin}) => type === "numeric" && origin !== "measured");
  return shown.map(({id, label}) => {
    const column = cohort.variable(id);
    const values = column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN);
    const of = (g: number) => ascendingValues(values.filter((v, i) => rows[i] === 1 && code[i] === g && v === v));
    const selected = Float64Array.from(code, (g, i) => (rows[i] ? g : NaN));
    return {
      label,
      groups: groups.map((_, g) => {
        const known = of(g);
        const at = (share: number) => (known.length > 0 ? sampleQuantile(known, share) : NaN);
        return {n: known.length, quartiles: [at(0.25), at(0.5), at(0.75)]};
      }),
      p: groups.length === 2 ? pearson(selected, values).p : NaN
    };
  });
}

/** "1.2 (0.8–1.9)" and the p, as cells of a table. */
export function signatureCells({label, groups, p}: SignatureLine): string[] {
  const number = (v: number) => (Number.isNaN(v) ? "–" : formatNumber(v, 3));
  const cell = ({quartiles: [low, middle, high]}: SignatureLine["groups"][number]) =>
    `${number(middle)} (${number(low)} to ${number(high)})`;
  return [label, ...groups.map(cell), bareP(p)];
}
