import type {Study} from "../study/study.js";

/** Two groups of samples that a study's expression is compared between. */
export interface ComparedGroups {
  /** What makes the groups, in words. */
  readonly by: string;
  /** Id of the variable, for the page's controls. */
  readonly variable: string;
  /** Reference, group of interest. */
  readonly names: readonly [string, string];
  /** By sample: 1 the group of interest, 0 the reference, −1 neither. */
  readonly code: Int8Array;
}

/** A group needs so many samples for its variance to be known. */
const LEAST = 3;

/**
 * High against low risk; in a study without risk groups the first of its strata that makes two groups of at least three
 * samples: of an ordered one the highest against the lowest such level, else the two largest.
 *
 * @param rows - by sample: row of the study
 * @param risk - by row "low", "high" or null
 * @returns null if nothing makes two groups
 */
export function comparedGroups(
  study: Study,
  rows: readonly number[],
  risk: readonly (string | null)[]
): ComparedGroups | null {
  const sided = (interest: string, reference: string, values: readonly (string | null)[]) =>
    Int8Array.from(rows, (row) => (values[row] === interest ? 1 : values[row] === reference ? 0 : -1));
  if (rows.some((row) => risk[row] !== null))
    return {
      by: "the frozen risk groups",
      variable: "risk_group",
      names: ["Low risk", "High risk"],
      code: sided("high", "low", risk)
    };
  for (const id of study.strata) {
    const variable = study.variables.find((v) => v.id === id);
    const values = study.columns[id];
    if (!variable?.levels || !Array.isArray(values)) continue;
    const size = (value: string) => rows.filter((row) => values[row] === value).length;
    const enough = variable.levels.filter(({value}) => size(value) >= LEAST);
    if (enough.length < 2) continue;
    const [reference, interest] = variable.ordered
      ? [enough[0], enough.at(-1)!]
      : enough.toSorted((a, b) => size(b.value) - size(a.value)).slice(0, 2);
    return {
      by: `${variable.label}, since the study has no risk groups`,
      variable: id,
      names: [reference.label, interest.label],
      code: sided(interest.value, reference.value, values as readonly (string | null)[])
    };
  }
  return null;
}
