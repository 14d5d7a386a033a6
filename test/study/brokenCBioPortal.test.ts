import {describe, expect, it} from "vitest";
import {changed, patientRows, portalFiles, portalStudy, sampleRows, tabbed} from "./portalFolder.js";
import {problemsOf, soundStudy, soundTable} from "./studyFolder.js";

const patients = (...changes: [number, number, string][]) => ({
  "data_clinical_patient.txt": tabbed(changed(patientRows, ...changes))
});
const samples = (...changes: [number, number, string][]) => ({
  "data_clinical_sample.txt": tabbed(changed(sampleRows, ...changes))
});

describe("loadStudy: what is wrong with a folder of cBioPortal, in one sentence each", () => {
  const describeIt = 'describe the endpoint with its coding under "endpoints" in study.json.';
  it.each<[string, Record<string, string>, string, object?]>([
    [
      "a status that says nothing",
      patients([6, 4, "Lost"]),
      `data_clinical_patient.txt, row 7, column OS_STATUS: "Lost" is no status: 0:… is no event, 1:… the event. Correct it, empty the cell if it means unknown, or ${describeIt}`
    ],
    [
      "a status of another number",
      patients([6, 4, "2:DECEASED"]),
      `data_clinical_patient.txt, row 7, column OS_STATUS: "2:DECEASED" is no status: 0:… is no event, 1:… the event. Correct it, empty the cell if it means unknown, or ${describeIt}`
    ],
    [
      "a status whose number and word disagree",
      patients([5, 4, "0:DECEASED"]),
      `data_clinical_patient.txt, row 6, column OS_STATUS: the number of "0:DECEASED" and its word say opposite things: 0 is no event, 1 the event. Make them agree, or ${describeIt}`
    ],
    [
      "a time that is no number",
      patients([5, 5, "a year"]),
      'data_clinical_patient.txt, row 6, column OS_MONTHS: "a year" is not a number. Correct it, or empty the cell if it means unknown.'
    ],
    [
      "a negative time",
      patients([5, 5, "-1"]),
      'data_clinical_patient.txt, row 6, column OS_MONTHS: "-1" is negative; survival times must be ≥ 0. Fix the value or list the patient under "exclude" in study.json.'
    ],
    [
      "no pair of columns",
      patients([4, 5, "OS_DAYS"], [4, 7, "LC_DAYS"]),
      "study.json, column endpoints: this is missing, but is needed, and data_clinical_patient.txt and data_clinical_sample.txt have no pair of columns <PREFIX>_STATUS and <PREFIX>_MONTHS to make them of. Name the columns of time and event there."
    ],
    [
      "no endpoint wanted",
      {},
      "study.json, column endpoints: this is missing, but is needed. Name the columns of time and event there.",
      {...portalStudy, table: {...portalStudy.table, findEndpoints: false}}
    ],
    [
      "no variables of another's table",
      {"clinical.csv": soundTable},
      "study.json, column variables: this is missing, but is needed (array). Add it.",
      {...soundStudy, variables: undefined, split: undefined, riskModel: undefined, strata: []}
    ],
    [
      "a datatype that is none",
      patients([2, 1, "NUMBR"]),
      'data_clinical_patient.txt, row 3, column AGE: "NUMBR" is no datatype (STRING, NUMBER, BOOLEAN). Did you mean "NUMBER"? Correct it, or empty the cell.'
    ],
    [
      "a line of attributes that lacks cells",
      {"data_clinical_patient.txt": tabbed([["# Made by hand"], ...patientRows])},
      "data_clinical_patient.txt, row 1: a line above the header that begins with # has a cell for each column (its name, description, datatype or priority), but this one has 1 where the header has 9. Give it one a column, or remove the line."
    ],
    [
      "a line of attributes too many",
      {"data_clinical_patient.txt": tabbed([...patientRows.slice(0, 4), patientRows[2], ...patientRows.slice(4)])},
      "data_clinical_patient.txt, row 5: the datatypes of the columns stand in row 3 already. Remove one of them."
    ],
    [
      "lines of attributes only",
      {"data_clinical_patient.txt": tabbed(patientRows.slice(0, 4))},
      "data_clinical_patient.txt: there are only lines that begin with #. Add a header without # and the rows."
    ],
    [
      "a row out of step, in its own line",
      {"data_clinical_patient.txt": tabbed([...patientRows, ["P7", "50"]])},
      "data_clinical_patient.txt, row 12: 2 cells where the header has 9. Quote a cell that holds the separator, or fill the row."
    ],
    [
      "no column of ids",
      patients([4, 0, "PATIENT"]),
      'data_clinical_patient.txt, row 5, column PATIENT_ID: there is no such column, but cBioPortal\'s form, taken for want of "table.id" in study.json names it. The table has: PATIENT, AGE, SEX, T_STAGE, OS_STATUS, OS_MONTHS, LC_STATUS, LC_MONTHS, NOTE.'
    ],
    [
      "a patient twice",
      patients([6, 0, "P1"]),
      'data_clinical_patient.txt, row 7, column PATIENT_ID: "P1" stands in row 6 already. Give each patient one row, or an id of its own.'
    ],
    [
      "a sample twice",
      samples([6, 0, "P1-01"]),
      'data_clinical_sample.txt, row 7, column SAMPLE_ID: the sample "P1-01" stands in row 6 already. Give each sample one row.'
    ],
    [
      "a sample without an id",
      samples([6, 0, ""]),
      "data_clinical_sample.txt, row 7, column SAMPLE_ID: the sample has no id. Give every row one."
    ],
    [
      "samples without a column of ids",
      samples([4, 0, "SAMPLE"], [4, 2, "PFS_STATUS"], [4, 3, "PFS_MONTHS"]),
      'data_clinical_sample.txt, row 5, column SAMPLE_ID: there is no such column, but cBioPortal\'s form, taken for want of "samples" of the table in study.json names it. The table has: SAMPLE, PATIENT_ID, PFS_STATUS, PFS_MONTHS.'
    ],
    [
      "a column of both tables",
      samples([4, 3, "AGE"]),
      "data_clinical_sample.txt, row 5, column AGE: data_clinical_patient.txt has such a column too, so which of them counts is unclear. Rename or remove one."
    ],
    [
      "a kind of sample that no sample is of",
      {},
      'data_clinical_sample.txt, column SAMPLE_TYPE: no sample has "Normal" here; there are "Primary", "Metastasis". Correct "only" in study.json.',
      {
        ...portalStudy,
        table: {
          ...portalStudy.table,
          samples: {file: "data_clinical_sample.txt", only: {column: "SAMPLE_TYPE", codes: ["Normal"]}}
        }
      }
    ],
    [
      "the table of patients for that of samples",
      {},
      "study.json, column table.samples.file: this is the table of patients, which needs a row a patient. Name another file, or leave it out.",
      {...portalStudy, table: {...portalStudy.table, samples: {file: "data_clinical_patient.txt"}}}
    ],
    [
      "a variable of neither table",
      {},
      'data_clinical_patient.txt, row 5, column grade: there is no such column, nor in data_clinical_sample.txt, but the variable "grade" in study.json names it. They have: PATIENT_ID, AGE, SEX, T_STAGE, OS_STATUS, OS_MONTHS, LC_STATUS, LC_MONTHS, NOTE, SAMPLE_ID, SAMPLE_TYPE, MUTATION_COUNT.',
      {...portalStudy, variables: [{id: "grade"}]}
    ],
    [
      "words where study.json says numbers",
      {},
      'data_clinical_patient.txt, rows 6, 8, 11, column T_STAGE: "T2" is not a number. Correct it, name it under "missing" of the variable, or make its type categorical, as the table has it (STRING).',
      {...portalStudy, variables: [{id: "t_stage", type: "numeric", missing: ["T1", "T10"]}]}
    ],
    [
      "no label",
      patients([0, 1, ""]),
      "study.json, column variables.age.label: this is missing, and data_clinical_patient.txt has no display name for AGE. Add it.",
      {...portalStudy, variables: [{id: "age"}]}
    ],
    [
      "no type",
      patients([2, 1, ""]),
      'study.json, column variables.age.type: this is missing, and data_clinical_patient.txt has no datatype for AGE. Add "numeric" or "categorical".',
      {...portalStudy, variables: [{id: "age"}]}
    ],
    [
      "expression of other samples",
      {
        "x.txt": tabbed([
          ["Hugo_Symbol", "P1"],
          ["TP53", "1"]
        ])
      },
      'x.txt, row 1: no sample is one that counts in data_clinical_sample.txt; the first is "P1". Make the names agree, or say under "samples" of the expression whose each sample is.',
      {...portalStudy, expression: {file: "x.txt", kind: "tpm"}}
    ],
    [
      "censoring taken for the event",
      {"clinical.csv": soundTable.replace("status", "CNSR").replaceAll("dead", "1").replaceAll("alive", "0")},
      "study.json, column endpoints.os.coding: is this the right way round? In CDISC's ADTTE CNSR is 0 where the event happened and 1 or more where it was censored. Turn event and censored round, or, if 1 is the event here, rename the column.",
      {...soundStudy, endpoints: [{...soundStudy.endpoints[0], event: "CNSR", coding: {event: [1], censored: [0]}}]}
    ]
  ])("%s", async (_, files, sentence, study = portalStudy) => {
    expect(await problemsOf(portalFiles(files), study)).toEqual([sentence]);
  });

  it("free text has too many values for levels", async () => {
    const rows = Array.from({length: 60}, (_, k) => [
      `Q${k}`,
      "50",
      "Male",
      "T1",
      "0:LIVING",
      "5",
      "",
      "",
      `text ${k}`
    ]);
    const files = portalFiles({"data_clinical_patient.txt": tabbed([...patientRows, ...rows])});
    expect(await problemsOf(files, {...portalStudy, variables: [{id: "note"}]})).toEqual([
      'data_clinical_patient.txt, row 5, column NOTE: it has 66 different values, so study.json must say what the levels of "note" are. List them under levels, or make the type numeric.'
    ]);
  });
});
