import {describe, expect, it} from "vitest";
import {pearson} from "../../src/enrichment/correlation.js";
import {readExpressionTable} from "../../src/enrichment/readExpressionTable.js";
import {readRanking} from "../../src/enrichment/readRanking.js";
import {readGmt, readGmx, writeGmt} from "../../src/enrichment/readGeneSets.js";
import {numbers, readDataset} from "../survival/referenceData.js";

const lines = (...rows: string[]) => rows.join("\n");

describe("readExpressionTable(text)", () => {
  it("reads a plain table, and says what it did with what is odd", () => {
    const {matrix, notes} = readExpressionTable(
      lines(
        "gene\tS1\tS2",
        "TP53\t1\t2",
        "\t3\t4",
        "MYC\t5\tNA",
        "EGFR\t1\t1",
        "EGFR\t7\t9",
        "ENSG00000141510.18\t2\t2",
        ""
      )
    );
    expect(matrix.genes).toEqual(["TP53", "EGFR", "ENSG00000141510"]);
    expect([...matrix.values]).toEqual([1, 2, 7, 9, 2, 2]);
    expect(notes).toEqual([
      "One row names no gene; it was left out.",
      "One gene stands more than once (EGFR); the row of the highest mean was kept.",
      "One gene has a missing value; it was left out.",
      "One gene id had a version, which was taken off."
    ]);
  });

  it.each([
    ["GCT 1.2", lines("#1.2", "2\t2", "Name\tDescription\tS1\tS2", "A\tx\t1\t2", "B\ty\t3\t4")],
    ["GCT 1.3", lines("#1.3", "2\t2\t1\t1", "id\tabout\tS1\tS2", "sex\tna\tm\tf", "A\tx\t1\t2", "B\ty\t3\t4")],
    [
      "cBioPortal",
      lines("Hugo_Symbol\tEntrez_Gene_Id\tS1\tS2", "A\t1\t1\t2", "\t2\t3\t4").replace("\t2\t3", "B\t2\t3")
    ],
    ["a byte-order mark and Windows ends", lines("\uFEFFgene\tS1\tS2", "A\t1\t2", "B\t3\t4").replaceAll("\n", "\r\n")]
  ])("reads %s", (_, text) => {
    const {matrix} = readExpressionTable(text);
    expect(matrix).toEqual({genes: ["A", "B"], samples: ["S1", "S2"], values: Float64Array.of(1, 2, 3, 4)});
  });

  it("names the cell that is no number, as in a table on its side", () => {
    expect(() => readExpressionTable(lines("gene\tS1\tS2", "A\t1\tx"))).toThrow('Row 2, column S2: "x" is no number');
    expect(() => readExpressionTable(lines("gene\tS1\tS2", "A\t1,5\t2"))).toThrow(
      'Row 2, column S1: "1,5" has a comma for the decimal point'
    );
    expect(() => readExpressionTable(lines("gene\tS1\tS2", "A\t1"))).toThrow("Row 2: 2 cells where the header has 3");
    expect(() => readExpressionTable("gene,S1\nA,1")).toThrow("no sample after the gene column");
    expect(() => readExpressionTable("gene\tS1\n")).toThrow("no gene with a value");
  });
});

describe("readRanking(text)", () => {
  it("reads a ranking with all that can be odd in one, and counts it", () => {
    const {genes, statistics, notes} = readRanking(
      lines("\uFEFFgene\tt", "# made by hand", "TP53\t2.5", "", "MYC\t-1e-3", "TP53\t-3", "A\tInf", "B\t-inf", "C\tNA")
    );
    expect(genes).toEqual(["TP53", "MYC", "A", "B"]);
    expect([...statistics]).toEqual([-3, -0.001, 3, -3]);
    expect(notes).toEqual([
      "One gene has no statistic; it was left out.",
      "One gene stands more than once; the statistic farthest from 0 was kept.",
      "2 statistics are infinite; they were set to the largest finite one of their sign."
    ]);
  });

  it("leaves out rows without a gene, and ranks where every statistic is infinite", () => {
    const {genes, notes} = readRanking("A\t1\n\t2\nB\t3");
    expect([genes, notes]).toEqual([["A", "B"], ["One row names no gene; it was left out."]]);
    expect([...readRanking("A\tInf\nB\t-Inf").statistics]).toEqual([1, -1]);
  });

  it("says in which row a file is no ranking", () => {
    expect(() => readRanking("TP53\t1\nMYC\thigh")).toThrow('Row 2: "high" is no number');
    expect(() => readRanking("TP53,1\nMYC,2")).toThrow('Row 1: "TP53,1" has one cell');
    expect(() => readRanking("gene\tt\nTP53\t1")).toThrow("The ranking has one gene with a statistic");
  });
});

describe("gene sets", () => {
  const sets = [
    {name: "ONE", description: "first", genes: ["A", "B"]},
    {name: "TWO", description: "", genes: ["C"]}
  ];

  it("are read from GMT, written and read again", () => {
    expect(readGmt("ONE\tfirst\tA\tB\tA\t\r\n\r\n# note\nTWO\t\tC\n")).toEqual(sets);
    expect(readGmt(writeGmt(sets))).toEqual(sets);
  });

  it("are read from GMX, which stands on its side", () => {
    expect(readGmx("ONE\tTWO\nfirst\t\nA\tC\nB\t\n")).toEqual(sets);
  });
});

describe("pearson(x, y)", () => {
  it("agrees with R: cor.test(lung$age, lung$wt.loss)", () => {
    const lung = readDataset("lung");
    const {r, p, n} = pearson(numbers(lung, "age"), numbers(lung, "wt.loss"));
    // cor.test in R 4.2.2, printed with 16 digits.
    expect(n).toBe(214);
    expect(r).toBeCloseTo(0.03814787484371319, 13);
    expect(p).toBeCloseTo(0.5789022478399856, 12);
  });

  it("is NaN where nothing varies or too little is there", () => {
    expect(pearson([1, 1, 1], [1, 2, 3]).r).toBeNaN();
    expect(pearson([1, 2, NaN], [1, 2, 3]).r).toBeNaN();
  });
});
