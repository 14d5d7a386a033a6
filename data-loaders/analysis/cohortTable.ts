import {Int8, Utf8, vectorFromArray} from "apache-arrow";
import type {Vector} from "apache-arrow";
import type {Provenance, Variable} from "../../src/cohort/description.js";
import type {Study} from "../study/study.js";
import {arrowStream, dictionaryVector, numberVector} from "./arrowColumns.js";
import type {Column} from "./trainingTerms.js";

/**
 * The published cohort as Arrow's stream format: patient, variables, then endpoints, named as in
 * src/cohort/description.ts, with the provenance in the schema's metadata.
 *
 * @param columns - by variable id, a value a patient
 */
export function cohortTable(
  study: Study,
  variables: readonly Variable[],
  columns: Readonly<Record<string, Column>>,
  provenance: Provenance
): Uint8Array {
  const vectors: [string, Vector][] = [["patient", vectorFromArray([...study.patients], new Utf8())]];
  for (const variable of variables) vectors.push([variable.id, variableVector(variable, columns[variable.id])]);
  for (const {id} of study.endpoints) {
    const {time, event, entry} = study.followUp[id];
    vectors.push([`${id}_time`, numberVector(time)]);
    vectors.push([
      `${id}_event`,
      vectorFromArray(
        Array.from(event, (e) => (e < 0 ? null : e)),
        new Int8()
      )
    ]);
    if (entry) vectors.push([`${id}_entry`, numberVector(entry)]);
  }
  return arrowStream(vectors, {stratum: provenance});
}

function variableVector(variable: Variable, column: Column): Vector {
  if (variable.type === "numeric") return numberVector(column as Float64Array);
  const values = variable.levels!.map(({value}) => value);
  const index = new Map(values.map((value, l) => [value, l]));
  const codes = (column as readonly (string | null)[]).map((v) => (v === null ? -1 : index.get(v)!));
  return dictionaryVector(values, codes);
}
