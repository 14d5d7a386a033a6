import {tablesOf} from "./cellTable.js";
import type {CellTable, WholeTables} from "./cellTable.js";
import {placeOf} from "./patientCells.js";
import type {PatientCells} from "./patientCells.js";
import {sortedEvents, valuesInOrder} from "./sortedEvents.js";
import {SurvivalInputError} from "./surv.js";
import type {Surv} from "./surv.js";

/** A table of cells with the weights of those who left, laid out as `left` is. */
export interface WeightTable extends CellTable {
  readonly weight: Float64Array;
  /** Σ of squares. */
  readonly square: Float64Array;
}

const known: WholeTables<Pick<WeightTable, "left" | "weight" | "square">> = new WeakMap();

/** As `cellTables`, of patients with a weight, those in some cell; who has none must be in no cell. */
export function weightTables(surv: Surv, weight: Float64Array, patients: PatientCells): Generator<WeightTable> {
  const {slotAndEvent} = sortedEvents(surv);
  const own = valuesInOrder(surv, weight);
  return tablesOf(surv, patients, {
    empty: (size) => ({left: new Int32Array(size), weight: new Float64Array(size), square: new Float64Array(size)}),
    add: (table, begin, end) => addWeights(table, patients, slotAndEvent, own, begin, end),
    known,
    of: weight
  });
}

function addWeights(
  {left, weight, square, from, stride}: WeightTable,
  {first, second, cellOf}: PatientCells,
  slotAndEvent: Int32Array,
  own: Float64Array,
  begin: number,
  end: number
): void {
  const before = 2 * from * stride;
  for (let k = begin; k < end; k++) {
    const at = Math.imul(slotAndEvent[k], stride) - before + cellOf[placeOf(first[k], second[k])];
    const w = own[k];
    left[at]++;
    weight[at] += w;
    square[at] += w * w;
  }
}

/** @throws {SurvivalInputError} if somebody in a cell has the weight 0, as `coxph` has it */
export function refuseWeightless({order}: Surv, own: Float64Array, {cells, first, second, cellOf}: PatientCells): void {
  for (let k = 0; k < own.length; k++)
    if (own[k] === 0 && cellOf[placeOf(first[k], second[k])] < cells)
      throw new SurvivalInputError(
        `coxph: weight[${order[k]}] is 0; leave the row out by the mask, or give it a weight above 0.`,
        order[k]
      );
}

/** By cell whether some weight is no whole number, so that errors have to be robust. */
export function fractionalCells(own: Float64Array, {cells, first, second, cellOf}: PatientCells): boolean[] {
  const found = new Array<boolean>(cells).fill(false);
  for (let k = 0, left = cells; k < own.length && left > 0; k++) {
    const c = cellOf[placeOf(first[k], second[k])];
    if (c === cells || found[c] || own[k] === Math.floor(own[k])) continue;
    found[c] = true;
    left--;
  }
  return found;
}
