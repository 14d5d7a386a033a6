import {describe, expect, it} from "vitest";
import {analyseExpression} from "../../data-loaders/analysis/expressionAnalysis.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {survivalStatus} from "../../data-loaders/study/survivalStatus.js";
import {changed, patientRows, portalFiles, portalStudy, sampleRows, tabbed, withPortal} from "./portalFolder.js";
import {problemsOf, soundStudy, soundTable, withStudy} from "./studyFolder.js";

const patients = (...changes: [number, number, string][]) => ({
  "data_clinical_patient.txt": tabbed(changed(patientRows, ...changes))
});
const samples = (...changes: [number, number, string][]) => ({
  "data_clinical_sample.txt": tabbed(changed(sampleRows, ...changes))
});

describe("loadStudy: a study folder of cBioPortal as it is", () => {
  const files = {
    "data_timeline_treatment.txt": tabbed([
      ["PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE", "TREATMENT_TYPE"],
      ["P1", "30", "90", "TREATMENT", "Chemotherapy"],
      ["P2", "12", "", "TREATMENT", "Surgery"]
    ]),
    "data_mrna_seq_v2_rsem.txt": tabbed([
      ["Hugo_Symbol", "Entrez_Gene_Id", "P2-01", "P1-01", "P6-01"],
      ["TP53", "7157", "12", "11", "16"],
      ["MYC", "4609", "2", "1", "6"]
    ])
  };
  const study = {...portalStudy, expression: {file: "data_mrna_seq_v2_rsem.txt", kind: "tpm"}};

  it("loads with its endpoints, variables, samples, events and expression", async () => {
    await withPortal(
      files,
      async (folder) => {
        const read = await loadStudy(folder);
        expect(read.patients).toEqual(["P1", "P2", "P3", "P4", "P5", "P6"]);
        expect(read.endpoints).toEqual([
          {
            id: "os",
            label: "Overall survival",
            unit: "months",
            origin: "initial diagnosis",
            leftTruncated: false,
            competing: false
          },
          {id: "lc", label: "Local control", unit: "months", leftTruncated: false, competing: false}
        ]);
        expect(Array.from(read.followUp.os.time)).toEqual([12.5, 30, NaN, NaN, 18, NaN]);
        expect(Array.from(read.followUp.os.event)).toEqual([1, 0, -1, -1, 0, -1]);
        expect(Array.from(read.followUp.lc.event)).toEqual([1, 0, 0, -1, 0, -1]);
        expect(
          read.variables.map(({id, label, type, levels}) => [id, label, type, levels?.map(({value}) => value)])
        ).toEqual([
          ["age", "Diagnosis Age", "numeric", undefined],
          ["sex", "Sex", "categorical", ["Female", "Male"]],
          ["t_stage", "T stage", "categorical", ["T1", "T2", "T10"]],
          ["sample_type", "Sample Type", "categorical", ["Metastasis", "Primary"]],
          ["mutation_count", "Mutation Count", "numeric", undefined]
        ]);
        expect(read.variables.map(({note}) => note)).toEqual([
          "Age at which the condition was diagnosed.",
          undefined,
          'T stage, "AJCC 8"',
          "The type of sample",
          undefined
        ]);
        expect(read.columns.sex).toEqual(["Male", "Female", "Male", "Female", null, "Male"]);
        expect(Array.from(read.columns.mutation_count as Float64Array)).toEqual([31, 7, NaN, 12, NaN, 90]);
        expect(read.expression).toMatchObject({
          matched: ["P2", "P1", "P6"],
          samples: ["P2-01", "P1-01", "P6-01"],
          genes: 2,
          unmatched: []
        });
        expect(read.events!.description).toMatchObject({followUp: "os", death: "death"});
        expect(read.events!.description.kinds.map(({id}) => id)).toEqual([
          "treatment_chemotherapy",
          "treatment_surgery",
          "death"
        ]);
        expect(read.files).toEqual([
          "study.json",
          "data_clinical_patient.txt",
          "data_clinical_sample.txt",
          "data_timeline_treatment.txt",
          "data_mrna_seq_v2_rsem.txt"
        ]);
        expect(read.notes).toContain(
          "Columns that data_clinical_patient.txt hides (priority 0) are no variables: NOTE."
        );
        const {matrix} = await analyseExpression(read, []);
        expect(matrix).toMatchObject({samples: ["P2", "P1", "P6"], values: Float64Array.of(12, 11, 16, 2, 1, 6)});
      },
      study
    );
  });

  it("counts who lacks status or time by reason, and how many of them had the event", async () => {
    const {notes} = await withPortal({}, loadStudy);
    expect(notes).toContain(
      "Overall survival: follow-up of 3 of 6 patients is missing; they are in no survival statistic of it. Among them: 1 with a status but no time (OS_STATUS, OS_MONTHS), 1 of them the event: P3; 1 with a time but no status (OS_MONTHS, OS_STATUS): P4; 1 with neither time nor status."
    );
    expect(notes).toContain(
      "Local control: follow-up of 2 of 6 patients is missing; they are in no survival statistic of it."
    );
  });

  it("counts them so of any table", async () => {
    const table = soundTable.replace("P2,30,alive", "P2,30,").replace("P3,7,dead", "P3,,dead");
    const {notes} = await withStudy({"clinical.csv": table}, loadStudy);
    expect(notes[0]).toBe(
      "Overall survival: follow-up of 2 of 5 patients is missing; they are in no survival statistic of it. Among them: 1 with a status but no time (status, months), 1 of them the event: P3; 1 with a time but no status (months, status): P2."
    );
  });

  it("joins the samples, and says who has none and which are of nobody", async () => {
    const {notes} = await withPortal({}, loadStudy);
    expect(notes).toContain("1 of 6 patients have no sample in data_clinical_sample.txt.");
    expect(notes).toContain("1 samples in data_clinical_sample.txt are of no patient of the table and are not used.");
  });

  it("reads a study that has a table of samples only", async () => {
    const rows = [
      ["SAMPLE_ID", "PATIENT_ID", "OS_STATUS", "OS_MONTHS", "GRADE"],
      ["S1", "P1", "1:DECEASED", "3", "G1"],
      ["S2", "P2", "0:LIVING", "9", "G2"]
    ];
    const expression = {file: "x.txt", kind: "tpm"};
    const read = await withPortal(
      {"data_clinical_sample.txt": tabbed(rows), "x.txt": "Hugo_Symbol\tS2\tS1\nTP53\t2\t1\n"},
      loadStudy,
      {...portalStudy, table: {file: "data_clinical_sample.txt"}, expression}
    );
    expect(read.files).toEqual(["study.json", "data_clinical_sample.txt", "x.txt"]);
    expect(read.expression).toMatchObject({matched: ["P2", "P1"], samples: ["S2", "S1"]});
    expect(read.variables.map(({id}) => id)).toEqual(["grade"]);
  });

  it.each([
    ["none", [4]],
    ["the display names only", [0, 4]],
    ["three", [0, 1, 2, 4]],
    ["all but the descriptions", [0, 2, 3, 4]]
  ])("reads a table with fewer lines of attributes: %s", async (_, above) => {
    const rows = [...above.map((i) => patientRows[i]), ...patientRows.slice(5)];
    const read = await withPortal({"data_clinical_patient.txt": tabbed(rows)}, loadStudy);
    expect(read.patients).toHaveLength(6);
    expect(Array.from(read.followUp.os.event)).toEqual([1, 0, -1, -1, 0, -1]);
    const [age] = read.variables;
    expect(age).toMatchObject({id: "age", type: "numeric", label: above.includes(0) ? "Diagnosis Age" : "AGE"});
    expect(age.note).toBe(above.includes(1) ? "Age at which the condition was diagnosed." : undefined);
  });

  it("reads the five lines of older files, Windows ends and a byte-order mark", async () => {
    const owners = patientRows[0].map((_, j) => (j === 0 ? "#PATIENT" : "PATIENT"));
    const rows = [...patientRows.slice(0, 3), owners, ...patientRows.slice(3)];
    const text = `\uFEFF${tabbed(rows).replaceAll("\n", "\r\n")}`;
    const read = await withPortal({"data_clinical_patient.txt": text}, loadStudy);
    expect(read.variables[0]).toMatchObject({label: "Diagnosis Age", type: "numeric"});
    expect(read.patients).toHaveLength(6);
  });

  it("takes quotes for what they are, unless they enclose a cell", async () => {
    const rows = changed(patientRows, [6, 3, '5" mass'], [7, 3, '"T2"'], [9, 3, '"early" T1']);
    const read = await withPortal({"data_clinical_patient.txt": tabbed(rows)}, loadStudy);
    expect(read.columns.t_stage).toEqual(["T2", '5" mass', "T2", "T1", '"early" T1', "T2"]);
  });

  it("lets study.json choose and describe variables, and takes the rest from the table", async () => {
    const variables = [
      {id: "age", units: "years"},
      {id: "sex", label: "Gender", levels: ["Male", "Female"]},
      {id: "t", column: "T_STAGE", type: "categorical", note: "At diagnosis"},
      {id: "mutation_count", type: "categorical"},
      {id: "x", label: "X", type: "numeric", column: "NOTE"}
    ];
    const rows = patientRows.map((row, i) => (i < 5 ? row : [...row.slice(0, -1), `${i}`]));
    const read = await withPortal({"data_clinical_patient.txt": tabbed(rows)}, loadStudy, {...portalStudy, variables});
    expect(
      read.variables.map(({id, label, type, units, note, reference}) => [id, label, type, units, note, reference])
    ).toEqual([
      ["age", "Diagnosis Age", "numeric", "years", "Age at which the condition was diagnosed.", undefined],
      ["sex", "Gender", "categorical", undefined, "Sex", "Male"],
      ["t", "T stage", "categorical", undefined, "At diagnosis", "T1"],
      ["mutation_count", "Mutation Count", "categorical", undefined, undefined, "7"],
      ["x", "X", "numeric", undefined, undefined, undefined]
    ]);
    expect(read.notes.slice(0, 2)).toEqual([
      "Mutation Count is read as categories, though data_clinical_sample.txt calls MUTATION_COUNT NUMBER.",
      "X is read as numbers, though data_clinical_patient.txt calls NOTE STRING."
    ]);
  });

  it("keeps to the endpoints of study.json, unless it asks for those of the table too", async () => {
    const own = {
      id: "local",
      label: "Local control, any",
      time: "LC_MONTHS",
      event: "LC_STATUS",
      unit: "months",
      coding: {event: ["1:Recurred"], censored: ["0:Controlled"]}
    };
    const only = await withPortal({}, loadStudy, {...portalStudy, endpoints: [own]});
    expect(only.endpoints.map(({id}) => id)).toEqual(["local"]);
    expect(only.variables.map(({id}) => id)).not.toContain("os_months");
    const both = await withPortal({}, loadStudy, {
      ...portalStudy,
      table: {...portalStudy.table, findEndpoints: true},
      endpoints: [own]
    });
    expect(both.endpoints.map(({id}) => id)).toEqual(["local", "os"]);
  });

  it("makes no endpoint of pairs that are none, or that nobody has, and says so", async () => {
    const treated = changed(
      patientRows.map((row) => [...row]),
      ...patientRows.map((_, i): [number, number, string] => [
        i,
        6,
        i < 4 ? patientRows[i][6] : i === 4 ? "TRIAL_STATUS" : "on trial"
      ]),
      [4, 7, "TRIAL_MONTHS"]
    );
    const {endpoints, notes} = await withPortal({"data_clinical_patient.txt": tabbed(treated)}, loadStudy);
    expect(endpoints.map(({id}) => id)).toEqual(["os"]);
    expect(notes[0]).toBe(
      "TRIAL_STATUS and TRIAL_MONTHS are no endpoint: no status begins with 0: or 1:, or is one of cBioPortal's words."
    );
    const empty = changed(patientRows, ...[5, 6, 7, 9].map((i): [number, number, string] => [i, 7, "NA"]));
    const without = await withPortal({"data_clinical_patient.txt": tabbed(empty)}, loadStudy);
    expect(without.notes[0]).toBe("LC_STATUS and LC_MONTHS are no endpoint: no patient has both.");
  });

  it("finds pairs in anybody's table, and takes # for the header's own where it is", async () => {
    const table = "#,id,OS_STATUS,OS_MONTHS,age\n1,P1,DECEASED,3,61\n2,P2,LIVING,9,55\n3,P3,alive,NA,70\n";
    const study = {
      ...portalStudy,
      table: {file: "clinical.csv", id: "id"},
      variables: [{id: "age", label: "Age", type: "numeric"}]
    };
    const read = await withStudy({"clinical.csv": table}, loadStudy, study);
    expect(Array.from(read.followUp.os.event)).toEqual([1, 0, -1]);
  });
});

describe("loadStudy: several samples of one patient", () => {
  const second = (type: string) => ({
    "data_clinical_sample.txt": tabbed([...sampleRows.slice(0, 5), ["P1-06", "P1", type, "99"], ...sampleRows.slice(5)])
  });
  const study = (samples: object | null) => ({
    ...portalStudy,
    table: {...portalStudy.table, samples: samples && {file: "data_clinical_sample.txt", ...samples}},
    expression: {file: "data_mrna.txt", kind: "log2"}
  });
  const matrix = {
    "data_mrna.txt": tabbed([
      ["Hugo_Symbol", "P1-01", "P1-06", "P2-01", "P3-01"],
      ["TP53", "1", "6", "2", "3"]
    ])
  };

  it("are refused unless the study says which counts", async () => {
    expect(await problemsOf(portalFiles({...second("Primary"), ...matrix}), portalStudy)).toEqual([
      'data_clinical_sample.txt, row 7, column PATIENT_ID: "P1-06" and "P1-01" are samples of one patient, "P1": a patient would count twice. Say under "samples" of the table in study.json which counts, with "only" or "several": "takeFirst", or set it to null if no sample is needed.'
    ]);
  });
  it("count by the values of a column, for expression too", async () => {
    const only = {only: {column: "SAMPLE_TYPE", codes: ["Primary"]}};
    await withPortal(
      {...second("Metastasis"), ...matrix},
      async (folder) => {
        const read = await loadStudy(folder);
        expect(Array.from(read.columns.mutation_count as Float64Array)).toEqual([31, 7, NaN, 12, NaN, 90]);
        expect(read.expression).toMatchObject({
          matched: ["P1", "P2"],
          samples: ["P1-01", "P2-01"],
          several: {patients: 2, unused: 2},
          unmatched: []
        });
        expect(read.notes).toContain(
          "2 samples in data_clinical_sample.txt do not count: their SAMPLE_TYPE is not Primary."
        );
        expect(read.notes).toContain(
          "2 samples in data_mrna.txt, of 2 patients, do not count by data_clinical_sample.txt and are not used."
        );
        const {published} = await analyseExpression(read, []);
        expect(published.notes[0]).toBe(
          "Unit of analysis: the patient. 2 of 6 patients have gene expression, one sample each: the sample that counts by data_clinical_sample.txt; 2 further samples of 2 patients are not used."
        );
      },
      study(only)
    );
  });
  it("or by their order, for expression too, whatever the order of its columns", async () => {
    const read = await withPortal({...second("Primary"), ...matrix}, loadStudy, study({several: "takeFirst"}));
    expect((read.columns.mutation_count as Float64Array)[0]).toBe(99);
    expect(read.expression).toMatchObject({matched: ["P1", "P2", "P3"], samples: ["P1-06", "P2-01", "P3-01"]});
    expect(read.notes).toContain(
      "1 patients have several samples in data_clinical_sample.txt; the first of each counts, 1 do not."
    );
  });
  it("do not matter where study.json wants no samples, or of a patient who is excluded", async () => {
    const none = await withPortal(second("Primary"), loadStudy, {...study(null), expression: null});
    expect(none.files).toEqual(["study.json", "data_clinical_patient.txt"]);
    const exclude = [{id: "P1", reason: "Refused"}];
    const without = await withPortal(second("Primary"), loadStudy, {...portalStudy, exclude});
    expect(without.patients).toEqual(["P2", "P3", "P4", "P5", "P6"]);
    expect(without.notes).toContain(
      "1 samples in data_clinical_sample.txt are of no patient of the table and are not used."
    );
  });
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

describe("survivalStatus(cell)", () => {
  it.each([
    ["1:DECEASED", 1],
    ["0:LIVING", 0],
    ["1:Recurred/Progressed", 1],
    ["0:DiseaseFree", 0],
    ["0:CENSORED", 0],
    ["1:PROGRESSION", 1],
    ["0:ALIVE OR DEAD TUMOR FREE", 0],
    ["1:DEAD WITH TUMOR", 1],
    ["1:anything", 1],
    ["0", 0],
    ["1", 1],
    ["LIVING", 0],
    ["Deceased", 1],
    ["DiseaseFree", 0],
    ["Disease Free", 0],
    ["Recurred", 1],
    ["Recurred/Progressed", 1],
    ["", null],
    ["[Not Available]", null],
    ["na", null],
    ["[Not Applicable]", null],
    ["1:LIVING", "contradiction"],
    ["0:Progressed", "contradiction"],
    ["2:Other", "unknown"],
    ["10", "unknown"],
    ["yes", "unknown"]
  ])("%s: %s", (cell, said) => {
    expect(survivalStatus(cell)).toBe(said);
  });
});
