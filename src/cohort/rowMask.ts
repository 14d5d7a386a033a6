import type {Cohort} from "./readCohort.js";
import {isRange, isUnbounded} from "./selection.js";
import type {Filter, Selection} from "./selection.js";

/**
 * Rows that pass every filter and the landmark of a selection: 1 kept, 0 not. `selectionSql` asks DuckDB for the same.
 *
 * @returns length `cohort.n`
 */
export function rowMask(cohort: Cohort, {filters, landmark, endpoint}: Selection): Uint8Array {
  const rows = new Uint8Array(cohort.n).fill(1);
  for (const filter of filters) keepMatching(rows, cohort, filter);
  if (landmark !== null) {
    const {time} = cohort.followUp(endpoint);
    for (let i = 0; i < rows.length; i++) if (!(time[i] > landmark)) rows[i] = 0;
  }
  return rows;
}

/** Rows that pass one filter, whatever the others say. */
export function filterMask(cohort: Cohort, filter: Filter): Uint8Array {
  const rows = new Uint8Array(cohort.n).fill(1);
  keepMatching(rows, cohort, filter);
  return rows;
}

function keepMatching(rows: Uint8Array, cohort: Cohort, filter: Filter): void {
  const column = cohort.variable(filter.variable);
  const turned = filter.not === true && !isUnbounded(filter);
  if (isRange(filter) && column.type === "numeric") {
    const {from, to} = filter;
    const {values} = column;
    for (let i = 0; i < rows.length; i++) {
      const within = values[i] >= (from ?? -Infinity) && values[i] <= (to ?? Infinity);
      if (within === turned || Number.isNaN(values[i])) rows[i] = 0;
    }
  } else if (!isRange(filter) && column.type === "categorical") {
    const wanted = column.levels.map(({value}) => filter.levels.includes(value) !== turned);
    for (let i = 0; i < rows.length; i++) if (column.codes[i] < 0 || !wanted[column.codes[i]]) rows[i] = 0;
  }
}

/** The mask of row numbers, as DuckDB answers. */
export function maskOf(rows: ArrayLike<number | bigint>, n: number): Uint8Array {
  const mask = new Uint8Array(n);
  for (let k = 0; k < rows.length; k++) mask[Number(rows[k])] = 1;
  return mask;
}

export function countRows(mask: Uint8Array): number {
  let n = 0;
  for (const kept of mask) n += kept;
  return n;
}
