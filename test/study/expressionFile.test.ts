import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {afterAll, describe, expect, it} from "vitest";
import {readExpressionFile} from "../../data-loaders/study/expressionFile.js";
import {readExpressionTable} from "../../src/enrichment/readExpressionTable.js";

const folder = mkdtempSync(join(tmpdir(), "stratum-expression-"));
afterAll(() => rmSync(folder, {recursive: true}));

function written(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Some 5 MB: several chunks of the stream, so that lines and a letter of two bytes are cut by their ends. */
const genes = 4000;
const samples = Array.from({length: 120}, (_, s) => `sämple ${s}`);
const table = [
  ["gene", ...samples].join("\t"),
  ...Array.from({length: genes}, (_, g) =>
    [`géne ${g}`, ...samples.map((_, s) => ((g * 31 + s * 7) % 997) / 8)].join("\t")
  )
].join("\n");

const bytesOf = ({buffer, byteOffset, byteLength}: Float64Array) => Buffer.from(buffer, byteOffset, byteLength);

describe("readExpressionFile", () => {
  it.each([
    ["plain", table],
    ["with Windows ends", table.replaceAll("\n", "\r\n")],
    ["gzipped", gzipSync(table)]
  ])("reads a file as a stream as readExpressionTable reads it whole: %s", async (name, bytes) => {
    const {matrix, samples: all} = await readExpressionFile(written(`${name}.tsv`, bytes), "\t", () => true);
    const whole = readExpressionTable(table).matrix;
    expect(matrix.genes).toEqual(whole.genes);
    expect(matrix.samples).toEqual(whole.samples);
    // Half a million numbers, compared as bytes: toEqual takes seconds for them.
    expect(matrix.values).toHaveLength(whole.values.length);
    expect(Buffer.compare(bytesOf(matrix.values), bytesOf(whole.values))).toBe(0);
    expect(all).toEqual(samples);
  });

  it("keeps the samples asked for, in the file's order", async () => {
    const kept = new Set(["sämple 7", "sämple 3"]);
    const path = written("some.tsv", table);
    const {matrix, samples: all} = await readExpressionFile(path, "\t", (sample) => kept.has(sample));
    expect(matrix.samples).toEqual(["sämple 3", "sämple 7"]);
    expect([...matrix.values.subarray(0, 2)]).toEqual([21 / 8, 49 / 8]);
    expect(matrix.values.length).toBe(2 * genes);
    expect(all.length).toBe(120);
  });

  it("says where a file is broken", async () => {
    const cut = written("cut.tsv.gz", gzipSync(table).subarray(0, 5000));
    await expect(readExpressionFile(cut, "\t", () => true)).rejects.toThrow("unexpected end of file");
    const latin = written("latin.tsv", Buffer.from("gene\tS1\nA\t1\nB\xe9\t2\n", "latin1"));
    await expect(readExpressionFile(latin, "\t", () => true)).rejects.toThrow("a byte is not UTF-8");
  });
});
