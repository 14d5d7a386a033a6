import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import type {FlowStep} from "../../src/cohort/description.js";
import {readEvents} from "./readEvents.js";
import {findImages} from "./findImages.js";
import {collectProblems} from "./problems.js";
import type {Problems} from "./problems.js";
import {describeEndpoint, describeVariable, keptCells, readEndpoint, readVariable} from "./readColumns.js";
import {checkGeneSets, readExpression} from "./readExpression.js";
import {readStudyFile} from "./readStudyFile.js";
import {readTable} from "./readTable.js";
import type {Table} from "./readTable.js";
import type {StudyFile} from "./schema.js";
import type {EndpointColumns, Study} from "./study.js";

/**
 * Reads a study folder and checks all of it.
 *
 * @param folder - absolute path
 * @throws {StudyError} with every problem found, each naming file, row, column and the mend
 */
export async function loadStudy(folder: string): Promise<Study> {
  const problems = collectProblems();
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    problems.add({file: folder}, "there is no such folder. Correct STUDY.");
  problems.check();
  const file = await readStudyFile(folder, problems);
  // Without a table or its description nothing further can be told apart from its consequences.
  if (!file) problems.check();
  const study = file!;
  const table = await readTable(folder, study.table.file, study.table.separator, problems);
  await checkGeneSets(folder, study.geneSets, problems);
  if (!table) problems.check();
  const ids = table!.column(study.table.id, "the table's id");
  const {patients, kept, flow} = ids ? includedPatients(study, table!, ids, problems) : everyRow(table!);
  const cells = keptCells(table!, kept);
  const columns: Record<string, Float64Array | (string | null)[]> = {};
  for (const variable of study.variables) {
    const values = readVariable(variable, cells, problems);
    if (values) columns[variable.id] = values;
  }
  const followUp: Record<string, EndpointColumns> = {};
  for (const endpoint of study.endpoints) {
    const read = readEndpoint(endpoint, cells, problems);
    if (read) followUp[endpoint.id] = read;
  }
  if (!ids) problems.check(); // Without ids no image or sample can be looked for.
  const images = findImages(folder, patients, study.images, problems);
  const events = await readEvents(folder, study, {patients, listed: new Set(ids), followUp}, problems);
  const expression = study.expression ? await readExpression(folder, study.expression, patients, problems) : null;
  for (const [modality, model] of Object.entries(study.networks ?? {})) {
    if (existsSync(join(folder, model))) continue;
    problems.add(
      {file: "study.json", column: `networks.${modality}`},
      `there is no file ${model}. Correct the path, or train one with "npm run train".`
    );
  }
  problems.check();
  return {
    folder,
    id: study.id,
    title: study.title,
    synthetic: study.synthetic,
    citation: study.citation ?? null,
    patients,
    endpoints: study.endpoints.map(describeEndpoint),
    followUp,
    events: events?.events ?? null,
    variables: study.variables.map(describeVariable),
    columns,
    strata: study.strata,
    treatments: study.treatments,
    split: study.split ?? null,
    riskModel: study.riskModel ?? null,
    models: study.models,
    images: images.images,
    networks: study.networks ?? {},
    expression,
    geneSets: study.geneSets,
    flow,
    notes: [
      ...images.notes,
      ...(events?.notes ?? []),
      ...missingNotes(study, followUp, patients.length),
      ...missingValueNotes(study, columns, patients.length),
      ...expressionNotes(expression, patients.length)
    ],
    published: study.published ?? null,
    files: [
      "study.json",
      study.table.file,
      ...(events?.files ?? []),
      ...images.files,
      ...Object.values(study.networks ?? {}),
      ...(study.expression ? [study.expression.file] : []),
      ...(study.expression?.samples ? [study.expression.samples.file] : []),
      ...study.geneSets
    ]
  };
}

/** Patients who stay, the rows they stand on, and who left for what reason. */
function includedPatients(study: StudyFile, table: Table, ids: readonly string[], problems: Problems) {
  const {file, rows} = table;
  const column = study.table.id;
  const firstLine = new Map<string, number>();
  ids.forEach((id, i) => {
    const place = {file, row: rows[i].line, column};
    const before = firstLine.get(id);
    if (id === "") problems.add(place, "the patient has no id. Give every row one.");
    else if (before !== undefined)
      problems.add(place, `"${id}" stands in row ${before} already. Give each patient one row, or an id of its own.`);
    else firstLine.set(id, rows[i].line);
  });
  const excluded = new Map<string, string>();
  for (const {id, reason} of study.exclude) {
    if (!firstLine.has(id))
      problems.add({file: "study.json", column: "exclude"}, `"${id}" is not in ${file}. Correct the id, or remove it.`);
    excluded.set(id, reason);
  }
  const kept = ids.map((_, i) => i).filter((i) => !excluded.has(ids[i]));
  const patients = kept.map((i) => ids[i]);
  if (patients.length === 0 && ids.length > 0)
    problems.add({file: "study.json", column: "exclude"}, "every patient is excluded. Keep some.");
  const reasons = [...new Set(excluded.values())].map((reason) => {
    const left = ids.filter((id) => excluded.get(id) === reason);
    return {reason, n: left.length, patients: left};
  });
  const flow: FlowStep[] = [
    {label: `In ${file}`, n: ids.length, excluded: []},
    {label: "Included", n: patients.length, excluded: reasons}
  ];
  return {patients, kept, flow: reasons.length > 0 ? flow : [{...flow[0], label: "Included"}]};
}

/** For checking the cells of a table without its id column. */
function everyRow({rows}: Table) {
  return {patients: [] as string[], kept: rows.map((_, i) => i), flow: [] as FlowStep[]};
}

function missingNotes(study: StudyFile, followUp: Record<string, EndpointColumns>, n: number): string[] {
  return study.endpoints.flatMap(({id, label}) => {
    const without = followUp[id]?.event.filter((e) => e < 0).length ?? 0;
    return without > 0
      ? [`${label}: follow-up of ${without} of ${n} patients is missing; they are in no survival statistic of it.`]
      : [];
  });
}

function missingValueNotes(study: StudyFile, columns: Study["columns"], n: number): string[] {
  return study.variables.flatMap(({id, label}) => {
    const values: ArrayLike<number | string | null> = columns[id] ?? [];
    const without = Array.from(values).filter((value) => value === null || Number.isNaN(value)).length;
    return without > 0 ? [`${label} is missing in ${without} of ${n} patients.`] : [];
  });
}

function expressionNotes(expression: Study["expression"], n: number): string[] {
  if (!expression) return [];
  const {matched, unmatched, several, file} = expression;
  const notes = [
    `Gene expression of ${matched.length} of ${n} patients (${expression.genes} genes, ${Math.ceil((matched.length * expression.genes * 8) / 1e6)} MB in memory).`
  ];
  if (several.patients > 0)
    notes.push(
      `${several.patients} patients have several samples in ${file}; the first of each is used, ${several.unused} are not.`
    );
  if (unmatched.length > 0)
    notes.push(`${unmatched.length} samples of ${file} are no patient of the table and are not used.`);
  return notes;
}
