import {describe, expect, it} from "vitest";
import {analyseExpression} from "../../data-loaders/analysis/expressionAnalysis.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {changed, patientRows, portalFiles, portalStudy, sampleRows, tabbed, withPortal} from "./portalFolder.js";
import {problemsOf, soundTable, withStudy} from "./studyFolder.js";

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
      "1 patient has several samples in data_clinical_sample.txt; the first of each counts, 1 does not."
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
