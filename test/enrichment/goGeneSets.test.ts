import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import {expect, it} from "vitest";

const read = (file: string) => readFileSync(new URL(`../../data-loaders/geneSets/${file}`, import.meta.url));

it("the built-in Gene Ontology sets are what their record says", () => {
  const record = JSON.parse(read("go_bp.json").toString()) as Record<string, unknown> & {
    smallest: number;
    largest: number;
  };
  const lines = gunzipSync(read("go_bp.gmt.gz")).toString().trimEnd().split("\n");
  const sets = lines.map((line) => {
    const [name, id, ...genes] = line.split("\t");
    return {name, id, genes};
  });
  expect(sets.length).toBe(record.sets);
  expect(new Set(sets.flatMap(({genes}) => genes)).size).toBe(record.genes);
  expect(new Set(sets.map(({name}) => name)).size).toBe(sets.length);
  for (const {id, genes} of sets) {
    expect(id).toMatch(/^GO:\d{7}$/);
    expect(genes.length).toBeGreaterThanOrEqual(record.smallest);
    expect(genes.length).toBeLessThanOrEqual(record.largest);
    expect(new Set(genes).size).toBe(genes.length);
  }
  const hypoxia = sets.find(({id}) => id === "GO:0001666")!;
  expect(hypoxia.name).toBe("response to hypoxia");
  expect(hypoxia.genes).toEqual(expect.arrayContaining(["HIF1A", "VEGFA", "EPAS1"]));
  expect(record.licence).toContain("CC BY 4.0");
});
