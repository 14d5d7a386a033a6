import type {Cohort} from "../../cohort/readCohort.js";
import {element} from "../element.js";

/** More ids than this make a list of suggestions slow. */
const MOST_SUGGESTED = 2000;

/**
 * A field in which a patient's id is typed or chosen.
 *
 * @param onPatient - called with the row; returns a sentence if the patient cannot be shown, else null
 */
export function patientPicker(cohort: Cohort, onPatient: (row: number) => string | null): HTMLElement {
  const rowOf = new Map(Array.from({length: cohort.n}, (_, row) => [cohort.patient(row), row]));
  const list = element(
    "datalist",
    {id: "patients-of-the-cohort"},
    [...rowOf.keys()].slice(0, MOST_SUGGESTED).map((id) => element("option", {value: id}))
  );
  const said = element("small", {role: "status"});
  const input = element("input", {
    name: "load-patient",
    list: list.id,
    autocomplete: "off",
    placeholder: `e.g. ${cohort.patient(0)}`,
    onchange: () => {
      const row = rowOf.get(input.value.trim());
      if (row === undefined) {
        said.textContent = input.value.trim() === "" ? "" : `There is no patient "${input.value.trim()}".`;
        return;
      }
      said.textContent = onPatient(row) ?? `${cohort.patient(row)} is loaded.`;
    }
  });
  return element("label", {}, element("span", {}, "Load a patient of the cohort"), input, list, said);
}
