import {countGroups, pickCells} from "./cellCounts.js";
import type {CellCounts, CountedGroups} from "./cellCounts.js";
import {coxCells} from "./coxCells.js";
import type {CoxMaximum} from "./coxFit.js";
import {estimates, warningsOf} from "./coxph.js";
import type {CoxModel} from "./coxph.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvSubset} from "./surv.js";

/** A Cox model of groups: each but the first, the reference, has a coefficient. Arrays by coefficient are aligned. */
export interface GroupModel extends Pick<
  CoxModel,
  "coef" | "standardError" | "p" | "hazardRatio" | "lower" | "upper" | "n" | "events" | "warnings"
> {
  readonly counts: CellCounts;
  readonly maximum: CoxMaximum;
}

/**
 * Cox regression on a factor, from counts of its groups.
 *
 * @param code - by row: index of the group, NaN for none
 * @param counted - those of `code`, if they have been counted
 * @param groups - indices of the groups compared, the reference first; rows of others are left out
 * @throws {SurvivalInputError} as `coxph` does
 * @see `coxph`, whose fit this is: `coxph(Surv(time, event) ~ group)`
 */
export function coxGroups(
  {surv, rows, counted}: SurvSubset & {readonly counted?: CountedGroups},
  code: Float64Array,
  size: number,
  groups: readonly number[]
): GroupModel {
  const counts = pickCells((counted ?? countGroups(surv, rows ?? null, {code, size})).counts, groups);
  const n = counts.n.reduce((sum, patients) => sum + patients, 0);
  const events = counts.deadCell.length;
  if (n < 2)
    throw new SurvivalInputError(
      n === 0
        ? "coxph: no patient has follow-up and all values; nothing to compute from."
        : "coxph: one patient is left; a model needs at least two."
    );
  if (events === 0)
    throw new SurvivalInputError(`coxph: none of ${n} patients had an event, so no coefficient can be estimated.`);
  const p = groups.length - 1;
  const design = groups.flatMap((_, c) => Array.from({length: p}, (_, j) => Number(c === j + 1)));
  const maximum = coxCells(counts, design);
  const constant = Uint8Array.from({length: p}, (_, j) => Number(counts.n[j + 1] === 0 || counts.n[j + 1] === n));
  const names = groups.slice(1).map((g) => `group${g}`);
  return {
    ...estimates(maximum, maximum.variance, 0.95),
    n,
    events,
    warnings: warningsOf(names, constant, maximum),
    counts,
    maximum
  };
}
