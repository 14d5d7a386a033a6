import {describe, expect, it} from "vitest";
import {problemsOf, soundStudy, soundTable} from "./studyFolder.js";

const changed = (from: string, to: string) => ({"clinical.csv": soundTable.replace(from, to)});

describe("loadStudy: what is wrong, in one sentence each", () => {
  const exclude = 'Fix the value or list the patient under "exclude" in study.json.';
  it.each<[string, Record<string, string | Uint8Array>, string, object?]>([
    [
      "negative time",
      changed("P3,7", "P3,-7"),
      `clinical.csv, row 4, column months: "-7" is negative; survival times must be ≥ 0. ${exclude}`
    ],
    [
      "non-numeric time",
      changed("P3,7", "P3,seven"),
      'clinical.csv, row 4, column months: "seven" is not a number. Correct it, or, if it means unknown, name it under "missing" of the endpoint.'
    ],
    [
      "decimal comma",
      changed("P3,7", 'P3,"7,5"'),
      'clinical.csv, row 4, column months: "7,5" is not a number. Write the decimal point as "7.5".'
    ],
    [
      "unknown event code",
      changed("7,dead", "7,died"),
      'clinical.csv, row 4, column status: "died" is no event code (alive, dead). Correct it, or add it to the coding of "os" in study.json.'
    ],
    [
      "undeclared level",
      changed("48,female", "48,femal"),
      'clinical.csv, row 5, column sex: "femal" is not a level of "sex" (female, male, m). Did you mean "female"? Correct it, add the level in study.json, or name it under "missing".'
    ],
    [
      "duplicate id",
      changed("P4,", "P1,"),
      'clinical.csv, row 5, column patient: "P1" stands in row 2 already. Give each patient one row, or an id of its own.'
    ],
    [
      "empty id",
      changed("P4,", ","),
      "clinical.csv, row 5, column patient: the patient has no id. Give every row one."
    ],
    [
      "missing column",
      changed("months", "month"),
      'clinical.csv, row 1, column months: there is no such column, but the endpoint "os" in study.json names it. Did you mean "month"? The table has: patient, month, status, age, sex, split.'
    ],
    [
      "missing file",
      {},
      "table.csv: there is no such file. Put it there, or correct its name in study.json.",
      {...soundStudy, table: {file: "table.csv", id: "patient"}}
    ],
    [
      "header only",
      {"clinical.csv": soundTable.split("\n")[0]},
      "clinical.csv: the table has a header but no patients. Add a row for each."
    ],
    ["empty file", {"clinical.csv": "\n"}, "clinical.csv: the file is empty. Fill it, or take it out of study.json."],
    [
      "not UTF-8",
      {"clinical.csv": Buffer.from(soundTable.replace("P3", "M\u00fcller"), "latin1")},
      'clinical.csv, row 4: a byte (0xfc) is not UTF-8. Save the file as UTF-8 ("CSV UTF-8" in Excel).'
    ],
    [
      "ragged row",
      changed("P4,24,dead", "P4,24,x,dead"),
      "clinical.csv, row 5: 7 cells where the header has 6. Quote a cell that holds the separator, or fill the row."
    ],
    [
      "not JSON",
      {"study.json": '{"id": "small",\n "title" "x"}'},
      'study.json, row 2: this is not JSON: at character 10 a colon should come, but "\\"" stands there. Correct it there.'
    ],
    [
      "JSON cut short",
      {"study.json": '{"id": "small",\n'},
      "study.json, row 2: this is not JSON: at character 1 a key in double quotes should come, but the file ends there. Correct it there."
    ],
    [
      "unknown key of an endpoint",
      {},
      'study.json, column endpoints.0: "tme" is not known. Did you mean "time"? Correct or remove it.',
      {...soundStudy, endpoints: [{...soundStudy.endpoints[0], tme: "months"}]}
    ],
    [
      "missing key",
      {},
      "study.json, column title: this is missing, but is needed (string). Add it.",
      {...soundStudy, title: undefined}
    ],
    [
      "code of two meanings",
      {},
      'study.json, column endpoints.os.coding: "dead" stands twice, so what it means is unclear. Keep it once.',
      {...soundStudy, endpoints: [{...soundStudy.endpoints[0], coding: {event: ["dead"], censored: ["alive", "dead"]}}]}
    ],
    [
      "variable named as an endpoint's column",
      {"clinical.csv": soundTable.replace("age", "os_time")},
      'study.json, column variables: "os_time" would share its name with a column of the endpoint "os". Choose another id and name the column with "column".',
      {
        ...soundStudy,
        variables: [{...soundStudy.variables[0], id: "os_time"}, ...soundStudy.variables.slice(1)],
        riskModel: undefined
      }
    ],
    [
      "matrix without a head for its genes",
      {"x.tsv": "P1\tP2\nA\t1\t2\nB\t3\t4"},
      'x.tsv, row 1: the header has 2 cells, every other row 3. Name the column of the genes, e.g. "gene", so that each sample stands over its own values.',
      {...soundStudy, expression: {file: "x.tsv", kind: "tpm"}}
    ],
    [
      "one sample twice",
      {"x.tsv": "gene\tP1\tP1\nA\t1\t2"},
      'x.tsv, row 1: the sample "P1" stands twice. Keep one sample a patient.',
      {...soundStudy, expression: {file: "x.tsv", kind: "tpm"}}
    ],
    [
      "unknown key",
      {},
      'study.json: "endpoint" is not known. Did you mean "endpoints"? Correct or remove it.',
      {...soundStudy, endpoint: 1}
    ],
    [
      "undeclared stratum",
      {},
      'study.json, column strata: "sec" is not declared. Did you mean "sex"? Declare it or correct the name.',
      {...soundStudy, strata: ["sec"]}
    ],
    [
      "signature without images",
      {},
      'study.json, column riskModel.terms: "pet_signature" needs images, which this study does not name. Name them or leave the term out.',
      {...soundStudy, riskModel: {label: "x", endpoint: "os", terms: ["pet_signature"]}}
    ],
    [
      "excluded stranger",
      {},
      'study.json, column exclude: "P7" is not in clinical.csv. Correct the id, or remove it.',
      {...soundStudy, exclude: [{id: "P7", reason: "x"}]}
    ],
    [
      "no image at all",
      {},
      "study.json, column images.ct.image: no patient has such an image; the first would be P1.nii. Correct the pattern, or remove it.",
      {...soundStudy, images: {ct: {image: "{id}.nii", mask: "{id}_mask.nii"}}}
    ],
    [
      "image without mask",
      {"P1.nii": "x"},
      'P1_mask.nii: the tumour mask of P1.nii is missing. Put it there, or list P1 under "exclude" in study.json.',
      {...soundStudy, images: {ct: {image: "{id}.nii", mask: "{id}_mask.nii"}}}
    ],
    [
      "matrix on its side",
      {"x.tsv": "patient\tTP53\tMYC\nP1\t1\t2\nP2\t3\t4"},
      "x.tsv, row 1: patients stand in rows: the matrix lies on its side. Transpose it, so that genes stand in rows and samples in columns.",
      {...soundStudy, expression: {file: "x.tsv", kind: "tpm"}}
    ],
    [
      "matrix with a word among its numbers",
      {"x.tsv": "gene\tP1\tP2\nA\t1\t2\nB\t3\thigh"},
      'x.tsv, row 3, column P2: "high" is no number; genes stand in rows and samples in columns.',
      {...soundStudy, expression: {file: "x.tsv", kind: "tpm"}}
    ],
    [
      "strangers only in the matrix",
      {"x.tsv": "gene\tQ1\nA\t1"},
      'x.tsv, row 1: no sample is a patient of the table; the first is "Q1", the first patient "P1". Make the names agree, or say under "samples" whose each sample is.',
      {...soundStudy, expression: {file: "x.tsv", kind: "tpm"}}
    ]
  ])("%s", async (_, files, sentence, study) => {
    const problems = await problemsOf(files, study);
    expect(problems[0]).toContain(sentence);
    expect(problems.length).toBe(1);
  });

  it("tells the same fault of many rows once, with its rows", async () => {
    const rows = Array.from({length: 8}, (_, k) => `Q${k},5,gone,50,male,training`);
    expect(await problemsOf({"clinical.csv": [soundTable, ...rows].join("\n")})).toEqual([
      'clinical.csv, rows 7, 8, 9, 10, 11 and 3 more, column status: "gone" is no event code (alive, dead). Correct it, or add it to the coding of "os" in study.json.'
    ]);
  });

  it("tells of study.json, the table and the gene sets together", async () => {
    const files = {
      "clinical.csv": soundTable.replace("patient,", "subject,").replace("P3,7", "P3,-7"),
      "sets.gmt": "A\tB"
    };
    const problems = await problemsOf(files, {...soundStudy, strata: ["sec"], geneSets: ["sets.gmt"]});
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "study.json, column strata",
      "sets.gmt, row 1",
      "clinical.csv, row 1, column patient",
      "clinical.csv, row 4, column months"
    ]);
  });

  it("tells all problems at once", async () => {
    const table = soundTable.replace("P1,12.5", "P1,-1").replace("P2,30,alive", "P2,30,lost").replace("P4,", "P3,");
    expect(await problemsOf({"clinical.csv": table})).toHaveLength(3);
  });
});
