import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {Design} from "./linearModel.js";

/** A covariate by sample: numbers, or levels of a factor with the reference first. */
export type Covariate =
  | {readonly name: string; readonly values: ArrayLike<number>}
  | {readonly name: string; readonly labels: readonly string[]; readonly levels: readonly string[]};

/** Fewest samples a group may have. */
const FEWEST = 3;

/**
 * Intercept, group (1 for the second group), then the covariates; levels that no sample has are left out.
 *
 * @param group - by sample 0 or 1
 * @throws {EnrichmentInputError} if a group has fewer than three samples or a covariate is missing for one
 */
export function groupDesign(
  group: ArrayLike<number>,
  names: readonly [string, string],
  covariates: readonly Covariate[] = []
): Design {
  const n = group.length;
  const sizes = [0, 1].map((g) => Array.from(group).filter((v) => v === g).length);
  sizes.forEach((size, g) => {
    if (size < FEWEST)
      throw new EnrichmentInputError(
        `"${names[g]}" has ${size} ${size === 1 ? "sample" : "samples"}; each group needs at least ${FEWEST}.`
      );
  });
  const columns = [new Float64Array(n).fill(1), Float64Array.from(group)];
  const columnNames = ["(Intercept)", names[1]];
  for (const covariate of covariates) {
    if ("values" in covariate) {
      const column = Float64Array.from(covariate.values);
      const missing = column.findIndex((v) => !Number.isFinite(v));
      if (missing >= 0)
        throw new EnrichmentInputError(
          `${covariate.name} is missing for sample ${missing + 1}; leave it out as a covariate.`
        );
      columns.push(column);
      columnNames.push(covariate.name);
      continue;
    }
    const {name, labels, levels} = covariate;
    const unknown = labels.findIndex((label) => !levels.includes(label));
    if (unknown >= 0)
      throw new EnrichmentInputError(`${name} has no level for sample ${unknown + 1}; leave it out as a covariate.`);
    for (const level of levels.filter((l) => labels.includes(l)).slice(1)) {
      columns.push(Float64Array.from(labels, (label) => Number(label === level)));
      columnNames.push(name + level);
    }
  }
  return {names: columnNames, columns};
}
