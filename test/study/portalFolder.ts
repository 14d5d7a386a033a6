import {withStudy} from "./studyFolder.js";

/** Rows of cells as tab-separated text. */
export const tabbed = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join("\t")).join("\n") + "\n";

/** A clinical table of patients as cBioPortal has it, of nobody. */
export const patientRows = [
  ["#Patient Identifier", "Diagnosis Age", "Sex", "T stage", "Overall Survival Status", "Overall Survival (Months)", "Local control status", "Local control (Months)", "Note"], // prettier-ignore
  ["#Identifier to uniquely specify a patient.", "Age at which the condition was diagnosed.", "Sex", 'T stage, "AJCC 8"', "Overall survival status.", "Overall survival in months since the initial diagnosis.", "", "", ""], // prettier-ignore
  ["#STRING", "NUMBER", "STRING", "STRING", "STRING", "NUMBER", "STRING", "NUMBER", "STRING"],
  ["#1", "1", "1", "1", "1", "1", "1", "1", "0"],
  ["PATIENT_ID", "AGE", "SEX", "T_STAGE", "OS_STATUS", "OS_MONTHS", "LC_STATUS", "LC_MONTHS", "NOTE"],
  ["P1", "61", "Male", "T2", "1:DECEASED", "12.5", "1:Recurred", "8", "a"],
  ["P2", "55", "Female", "T10", "0:LIVING", "30", "0:Controlled", "30", "b"],
  ["P3", "NA", "Male", "T2", "1:DECEASED", "[Not Available]", "0:Controlled", "5", "c"],
  ["P4", "48", "Female", "T1", "[Unknown]", "24", "", "", "d"],
  ["P5", "70", "[Not Available]", "T1", "0:LIVING", "18", "0:Controlled", "18", "e"],
  ["P6", "66", "Male", "T2", "", "NA", "[Not Applicable]", "", "f"]
];

/** Its samples, one a patient; P5 has none. */
export const sampleRows = [
  ["#Sample Identifier", "Patient Identifier", "Sample Type", "Mutation Count"],
  ["#A unique sample identifier.", "Identifier to uniquely specify a patient.", "The type of sample", "Mutation Count"],
  ["#STRING", "STRING", "STRING", "NUMBER"],
  ["#1", "1", "1", "1"],
  ["SAMPLE_ID", "PATIENT_ID", "SAMPLE_TYPE", "MUTATION_COUNT"],
  ["P1-01", "P1", "Primary", "31"],
  ["P2-01", "P2", "Primary", "7"],
  ["P3-01", "P3", "Metastasis", "NA"],
  ["P4-01", "P4", "Primary", "12"],
  ["P6-01", "P6", "Primary", "90"],
  ["Q1-01", "Q1", "Primary", "3"]
];

/** The least that study.json must say of such a folder. */
export const portalStudy = {
  id: "portal",
  title: "A study of cBioPortal",
  synthetic: true,
  table: {file: "data_clinical_patient.txt"}
};

/** A copy of rows with some cells changed. @param changes - row (0 the first line), column (0 the first), new text */
export const changed = (rows: readonly (readonly string[])[], ...changes: [number, number, string][]) =>
  rows.map((row, i) => row.map((cell, j) => changes.find(([r, c]) => r === i && c === j)?.[2] ?? cell));

/** Files of the folder; what is given stands in place of its own. */
export const portalFiles = (files: Record<string, string> = {}) => ({
  "data_clinical_patient.txt": tabbed(patientRows),
  "data_clinical_sample.txt": tabbed(sampleRows),
  ...files
});

export const withPortal = <T>(
  files: Record<string, string>,
  use: (folder: string) => Promise<T>,
  study: object = portalStudy
) => withStudy(portalFiles(files), use, study);
