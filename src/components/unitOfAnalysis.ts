import type {Cohort} from "../cohort/readCohort.js";
import {element} from "./element.js";
import {counted, formatCount} from "./formatting.js";

/**
 * What a figure counts: patients, and whether each stands in one row. The ids are counted after the first figures, which the
 * reader is waiting for.
 */
export function unitOfAnalysis(cohort: Cohort): HTMLElement {
  const badge = element("p", {class: "unit-of-analysis"});
  requestAnimationFrame(() => setTimeout(() => badge.append(unitWords(cohort))));
  return badge;
}

/** "420 patients, one row each"; rows that repeat a patient are counted. */
export function unitWords(cohort: Pick<Cohort, "n" | "patient">): string {
  const {n} = cohort;
  const patients = new Set(Array.from({length: n}, (_, row) => cohort.patient(row))).size;
  if (patients === n) return `Unit of analysis: the patient (${counted(n, "patient")}, one row each)`;
  return `Unit of analysis: the row, of which ${formatCount(n)} stand for ${counted(patients, "patient")}; no test here allows for patients who count more than once`;
}
