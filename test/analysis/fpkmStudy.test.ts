import {readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {analyseExpression} from "../../data-loaders/analysis/expressionAnalysis.js";
import type {ExpressionAnalysis} from "../../data-loaders/analysis/expressionAnalysis.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import {philox} from "../../src/numeric/random.js";
import {withStudy} from "../study/studyFolder.js";

const described = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../studies/gse102349/study.json"), "utf8")
) as object;
const genes = Array.from({length: 200}, (_, g) => `G${g}`);
const stages = ["I", "I", "I", "I", "III", "IV", "IV", "IV", "IV", "IV", "Unknown"];

/** FPKM, tab-separated: G0 to G19 eightfold in stage IV, G180 to G199 not expressed; the last sample is nobody's. */
function fpkm(): string {
  const {normal} = philox(7);
  const head = ["Gene Symbol", ...stages.map((_, s) => `A${s}`), "B1"];
  const rows = genes.map((gene, g) => {
    const values = [...stages, "I"].map((stage) => {
      if (g >= 180) return 0;
      return 2 ** (4 + (stage === "IV" && g < 20 ? 3 : 0) + 0.5 * normal());
    });
    return [gene, ...values].join("\t");
  });
  return [head.join("\t"), ...rows].join("\n");
}

/** The committed study.json with generated patients, every third of them without follow-up. */
async function analysed(sets: string): Promise<ExpressionAnalysis> {
  const table = stages.map((stage, s) =>
    s % 3 ? `A${s},${10 + s},Last follow-up,${stage}` : `A${s},N/A,N/A,${stage}`
  );
  return withStudy(
    {
      "GSE102349_series_matrix_survival.csv": ["sample ID,time,event,clinical_stage", ...table].join("\n"),
      "GSE102349_NPC_mRNA_processed_5000gene.txt": fpkm(),
      "sets.gmt": sets
    },
    async (folder) => {
      const study = await loadStudy(folder);
      return analyseExpression(
        study,
        study.patients.map(() => null)
      );
    },
    {...described, geneSets: ["sets.gmt"]}
  );
}

const gmt = (name: string, from: number, to: number) => [name, "", ...genes.slice(from, to), "ELSEWHERE"].join("\t");

describe("a study with FPKM and no risk model", () => {
  it("is compared by its highest and lowest stage on the scale of log₂(FPKM + 1), and says so", async () => {
    const {published, matrix, sets} = await analysed(`${gmt("UP", 0, 20)}\n${gmt("REST", 60, 90)}\n`);
    const {tests, notes, compared} = published;
    expect(published.kind).toBe("fpkm");
    expect(compared).toEqual({by: "Clinical stage, since the study has no risk groups", variable: "stage"});
    expect([tests!.names, tests!.samples]).toEqual([
      ["Stage I", "Stage IV"],
      [4, 5]
    ]);
    expect(tests!.steps[0]).toContain("180 of 200 genes exceed 0.5 FPKM");
    expect(tests!.steps[1]).toMatch(/no counts, so voom does not apply: log₂\(FPKM \+ 1\).*limma-trend/);
    expect(notes.join(" ")).toMatch(/1 samples? match(es)? no patient/);
    expect(matrix!.samples).toEqual(stages.map((_, s) => `A${s}`));
    expect(sets.map(({genes: kept, named}) => [kept.length, named])).toEqual([
      [20, 21],
      [30, 31]
    ]);
  });

  it("finds what is higher in stage IV, at the size it was drawn with", async () => {
    const {published} = await analysed(`${gmt("UP", 0, 20)}\n${gmt("REST", 60, 90)}\n`);
    const {genes: table, pathways} = published.tests!;
    const called = table.gene.filter((_, i) => table.q[i] < 0.05);
    const planted = genes.slice(0, 20);
    expect(planted.every((gene) => called.includes(gene))).toBe(true);
    const change = planted.map((gene) => table.logFoldChange[table.gene.indexOf(gene)]);
    // log₂(x + 1) draws values of 16 and 128 a little nearer to each other than the 3 of log₂ x.
    const mean = change.reduce((sum, value) => sum + value, 0) / 20;
    expect(Math.abs(mean - Math.log2(129 / 17))).toBeLessThan(0.2);
    expect(pathways[0]).toMatchObject({name: "UP", size: 20, named: 21});
    expect(pathways[0].normalisedScore).toBeGreaterThan(1.5);
    expect(pathways[0].q).toBeLessThan(0.001);
  });
});
