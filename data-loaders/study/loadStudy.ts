import {existsSync, statSync} from "node:fs";
import {join} from "node:path";
import type {FlowStep} from "../../src/cohort/description.js";
import {checkNames} from "./checkNames.js";
import {clinicalTable, samplesSource} from "./clinicalTable.js";
import {completeStudy, declaresAll} from "./completeStudy.js";
import {readEvents} from "./readEvents.js";
import {findImages} from "./findImages.js";
import {collectProblems} from "./problems.js";
import type {Problems} from "./problems.js";
import {describeEndpoint, readEndpoint} from "./readEndpoint.js";
import type {IncompleteFollowUp} from "./readEndpoint.js";
import {checkGeneSets, readExpression} from "./readExpression.js";
import {readStudyFile} from "./readStudyFile.js";
import {readTable} from "./readTable.js";
import type {Table} from "./readTable.js";
import {describeVariable, readVariable} from "./readVariable.js";
import type {StudyFile} from "./schema.js";
import type {EndpointColumns, Study} from "./study.js";
import {expressionNotes, missingFollowUpNotes, missingValueNotes} from "./studyNotes.js";

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
  const declared = file!;
  const id = declared.table.id ?? "PATIENT_ID";
  const {separator} = declared.table;
  const table = await readTable(folder, declared.table.file, problems, {separator, rowsAre: "patients", id});
  if (!table && declaresAll(declared)) checkNames(declared, problems);
  await checkGeneSets(folder, declared.geneSets, problems);
  if (!table) problems.check();
  const ids = table!.column(
    id,
    declared.table.id ? "the table's id" : 'cBioPortal\'s form, taken for want of "table.id"'
  );
  const {patients, kept, flow} = ids ? includedPatients(declared, table!, id, ids, problems) : everyRow(table!);
  const source = samplesSource(folder, declared, table!, problems);
  const whose = {kept, patients: ids && patients, listed: new Set(ids)};
  const clinical = await clinicalTable(folder, table!, source, whose, problems);
  // Without its samples the columns of their table would look as if they were not there.
  if (source && !clinical.samples) problems.check();
  const completed = completeStudy(declared, clinical, problems);
  // What is wrong with cells cannot be told of variables and endpoints that are not known.
  if (!completed) problems.check();
  const {study, notes: completionNotes} = completed!;
  checkNames(study, problems);
  const columns: Record<string, Float64Array | (string | null)[]> = {};
  for (const variable of study.variables) {
    const values = readVariable(variable, clinical, problems);
    if (values) columns[variable.id] = values;
  }
  const followUp: Record<string, EndpointColumns> = {};
  const incomplete: Record<string, IncompleteFollowUp> = {};
  for (const endpoint of study.endpoints) {
    const read = readEndpoint(endpoint, clinical, problems);
    if (read) [followUp[endpoint.id], incomplete[endpoint.id]] = [read.columns, read.incomplete];
  }
  if (!ids) problems.check(); // Without ids no image or sample can be looked for.
  const images = findImages(folder, patients, study.images, problems);
  const events = await readEvents(folder, study, {patients, listed: new Set(ids), followUp}, problems);
  const expression = study.expression ? await readExpression(folder, study.expression, patients, clinical.samples, problems) : null; // prettier-ignore
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
      ...completionNotes,
      ...(clinical.samples?.notes ?? []),
      ...images.notes,
      ...(events?.notes ?? []),
      ...study.endpoints.flatMap((endpoint) => missingFollowUpNotes(endpoint, followUp[endpoint.id], incomplete[endpoint.id], patients)), // prettier-ignore
      ...missingValueNotes(study.variables, columns, patients.length),
      ...expressionNotes(expression, patients.length)
    ],
    published: study.published ?? null,
    files: [
      "study.json",
      ...clinical.files,
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
function includedPatients(
  study: StudyFile,
  {file, rows}: Table,
  column: string,
  ids: readonly string[],
  problems: Problems
) {
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
