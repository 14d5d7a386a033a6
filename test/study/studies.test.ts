import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {describe, expect, it} from "vitest";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";

const top = path.join(import.meta.dirname, "../..");

/** Loads a committed study.json with data that stand beside it for the test only. */
async function studyWith(name: string, files: Record<string, string>): Promise<Study> {
  const folder = mkdtempSync(path.join(tmpdir(), "study-"));
  try {
    const description = readFileSync(path.join(top, "studies", name, "study.json"));
    writeFileSync(path.join(folder, "study.json"), description);
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    return await loadStudy(folder);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function rotterdamCsv(): string {
  const text = readFileSync(path.join(top, "test/reference/datasets/rotterdam.json"), "utf8");
  const {columns} = JSON.parse(text) as {columns: Record<string, (string | number)[]>};
  const names = Object.keys(columns);
  const rows = columns[names[0]].map((_, i) => names.map((name) => columns[name][i]).join(","));
  return [names.join(","), ...rows].join("\n");
}

describe("studies/rotterdam", () => {
  it("loads all patients and events of R's data set, nothing missing", async () => {
    const study = await studyWith("rotterdam", {"rotterdam.csv": rotterdamCsv()});
    expect(study.patients).toHaveLength(2982);
    expect(study.notes).toEqual([]);
    // R 4.2.2: with(survival::rotterdam, c(sum(death), sum(recur), sum(dtime), sum(rtime), sum(hormon), sum(grade == 3)))
    const {death, recurrence} = study.followUp;
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
    expect([sum(death.event), sum(recurrence.event)]).toEqual([1272, 1518]);
    expect([sum(death.time), sum(recurrence.time)]).toEqual([7769124, 6255949]);
    const count = (id: string, level: string) =>
      Array.from(study.columns[id] as (string | null)[]).filter((value) => value === level).length;
    expect([count("hormone_therapy", "yes"), count("grade", "3")]).toEqual([339, 2188]);
  });
});

describe("studies/gse102349", () => {
  // Rows of the shape of the public table, not of its patients.
  const table = [
    "\uFEFFsample ID,time,event,clinical_stage",
    "A1,30.2,Last follow-up,Unknown",
    "A2,21.39,Disease progression,III",
    "A3,N/A,N/A,IV"
  ].join("\r\n");
  const matrix = "Gene Symbol\tA1\tA2\tA3\nG1\t1.006\t0.266\t0\n";

  it("takes its byte-order mark, N/A, events in words and unknown stages", async () => {
    const study = await studyWith("gse102349", {
      "GSE102349_series_matrix_survival.csv": table,
      "GSE102349_NPC_mRNA_processed_5000gene.txt": matrix
    });
    expect(study.patients).toEqual(["A1", "A2", "A3"]);
    expect(Array.from(study.followUp.pfs.event)).toEqual([0, 1, -1]);
    expect(study.columns.stage).toEqual([null, "III", "IV"]);
    expect(study.expression).toMatchObject({kind: "fpkm", genes: 1, matched: ["A1", "A2", "A3"]});
    expect(study.notes[0]).toContain("follow-up of 1 of 3 patients is missing");
  });
});
