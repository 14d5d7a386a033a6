import {completeRows} from "./completeRows.js";
import type {Accepts, CompleteRows} from "./completeRows.js";
import type {LabelCodes} from "./labels.js";
import {surv, SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput, SurvSubset} from "./surv.js";

/** Follow-up that can end in one of several kinds of event. */
export type CompetingInput = {
  /** One value a row: 0 censored, 1, 2, … the kind of event, NaN missing. */
  readonly status: NumericColumn | Int8Array | Uint8Array;
} & ({readonly time: NumericColumn; readonly entry?: NumericColumn} | SurvSubset);

/** Usable rows in time order, and the kinds of event seen in the whole column, ascending. */
export interface CompetingRows {
  readonly rows: CompleteRows;
  readonly causes: readonly number[];
}

/**
 * @param accepts - whether late entry is accepted
 * @throws {SurvivalInputError} if a status is negative or no whole number, or no row is left
 */
export function competingRows(
  input: CompetingInput,
  who: string,
  accepts: Accepts = {},
  labels: readonly LabelCodes[] = []
): CompetingRows {
  const status = Float64Array.from(input.status as ArrayLike<number>);
  const wrong = status.findIndex((s) => !Number.isNaN(s) && !(Number.isInteger(s) && s >= 0));
  if (wrong >= 0)
    throw new SurvivalInputError(
      `${who}: status[${wrong}] is ${status[wrong]}; use 0 for censored and 1, 2, … for the kinds of event.`,
      wrong
    );
  const prepared: SurvInput =
    "surv" in input
      ? input
      : {surv: surv({time: input.time, event: Array.from(status, (s) => Math.min(s, 1)), entry: input.entry})};
  const rows = completeRows(prepared, {status}, who, accepts, labels);
  const causes = [...new Set(Array.from(rows.row, (i) => status[i]))].filter((s) => s > 0).sort((a, b) => a - b);
  return {rows, causes};
}
