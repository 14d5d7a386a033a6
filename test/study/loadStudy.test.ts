import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {studyJsonSchema} from "../../data-loaders/study/schema.js";
import {soundStudy, soundTable, withStudy} from "./studyFolder.js";

const changed = (from: string, to: string) => ({"clinical.csv": soundTable.replace(from, to)});

describe("loadStudy(folder)", () => {
  it("reads a sound study", async () => {
    const study = await withStudy({}, loadStudy);
    expect(study.patients).toEqual(["P1", "P2", "P3", "P4", "P5"]);
    expect(Array.from(study.followUp.os.time)).toEqual([12.5, 30, 7, 24, 18]);
    expect(Array.from(study.followUp.os.event)).toEqual([1, 0, 1, 1, 0]);
    expect(Array.from(study.columns.age as Float64Array)).toEqual([61, 55, 70, 48, NaN]);
    expect(study.columns.sex).toEqual(["male", "female", "male", "female", "male"]);
    expect(study.variables[1]).toMatchObject({reference: "male", levels: [{value: "female"}, {value: "male"}]});
    expect(study.files).toEqual(["study.json", "clinical.csv"]);
  });

  it("takes Windows line ends, a byte-order mark, quotes and blank lines", async () => {
    const text = `\uFEFF${soundTable.replace("P1,", '"P1",').replaceAll("\n", "\r\n")}\r\n\r\n`;
    const study = await withStudy({"clinical.csv": text}, loadStudy);
    expect(study.patients.length).toBe(5);
    expect(study.columns.split).toEqual(["training", "training", "training", "test", "test"]);
  });

  it("counts exclusions by reason, and forgives what is wrong in an excluded row", async () => {
    const exclude = [
      {id: "P2", reason: "Refused"},
      {id: "P4", reason: "Refused"},
      {id: "P3", reason: "Second primary"}
    ];
    const study = await withStudy(changed("P3,7", "P3,-7"), loadStudy, {...soundStudy, exclude});
    expect(study.flow).toEqual([
      {label: "In clinical.csv", n: 5, excluded: []},
      {
        label: "Included",
        n: 2,
        excluded: [
          {reason: "Refused", n: 2, patients: ["P2", "P4"]},
          {reason: "Second primary", n: 1, patients: ["P3"]}
        ]
      }
    ]);
  });

  it("keeps patients without follow-up and says how many", async () => {
    const study = await withStudy(changed("P2,30,alive", "P2,,"), loadStudy);
    expect(study.followUp.os.time[1]).toBeNaN();
    expect(study.followUp.os.event[1]).toBe(-1);
    expect(study.notes[0]).toBe(
      "Overall survival: follow-up of 1 of 5 patients is missing; they are in no survival statistic of it."
    );
  });

  it("finds semicolons and tabs between cells by itself", async () => {
    for (const separator of [";", "\t"]) {
      const study = await withStudy({"clinical.csv": soundTable.replaceAll(",", separator)}, loadStudy);
      expect(study.patients.length).toBe(5);
    }
  });

  it("takes a patient whose entry is unknown for one without follow-up", async () => {
    const table = soundTable
      .replaceAll("\n", ",N/A\n")
      .replace("split,N/A", "split,entry")
      .replace("training,N/A", "training,3");
    const endpoint = {...soundStudy.endpoints[0], entry: "entry", missing: ["N/A"]};
    const study = await withStudy({"clinical.csv": `${table},2`}, loadStudy, {...soundStudy, endpoints: [endpoint]});
    expect(Array.from(study.followUp.os.entry!)).toEqual([3, NaN, NaN, NaN, 2]);
    expect(Array.from(study.followUp.os.event)).toEqual([1, -1, -1, -1, 0]);
    expect(Array.from(study.followUp.os.time)).toEqual([12.5, NaN, NaN, NaN, 18]);
  });

  it("keeps patients without an image and says how many", async () => {
    const images = {ct: {image: "{id}.nii", mask: "{id}_mask.nii"}};
    const study = await withStudy({"P1.nii": "x", "P1_mask.nii": "x"}, loadStudy, {...soundStudy, images});
    expect(study.images.ct).toEqual([{image: "P1.nii", mask: "P1_mask.nii"}, null, null, null, null]);
    expect(study.notes[0]).toBe("4 of 5 patients have no CT image and so no signature of it.");
    expect(study.files).toEqual(["study.json", "clinical.csv", "P1.nii", "P1_mask.nii"]);
  });

  it("matches samples to patients and counts the others", async () => {
    const expression = {file: "counts.tsv", kind: "counts"};
    const study = await withStudy({"counts.tsv": "gene\tP1\tP9\tP4\nA\t1\t2\t3\n"}, loadStudy, {
      ...soundStudy,
      expression
    });
    expect(study.expression).toMatchObject({matched: ["P1", "P4"], unmatched: ["P9"], genes: 1});
    expect(study.notes).toEqual([
      "Age is missing in 1 of 5 patients.",
      "Gene expression of 2 of 5 patients (1 genes, 1 MB in memory).",
      "1 samples of counts.tsv are no patient of the table and are not used."
    ]);
  });
});

describe("study.schema.json", () => {
  it("is what the checks ask for (write it again with: npx tsx data-loaders/study/writeSchema.ts)", () => {
    const committed = readFileSync(new URL("../../data-loaders/study/study.schema.json", import.meta.url), "utf8");
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(studyJsonSchema())));
  });
});
