import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {embeddedStudy} from "../../data-loaders/pipeline/embeddedStudy.js";
import {silent} from "../../data-loaders/pipeline/progress.js";
import {patientCrop} from "../../data-loaders/signatures/patientCrop.js";
import {readPatientFiles} from "../../data-loaders/signatures/patientFiles.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";
import {writeEmbeddedStudy} from "../../data-loaders/synthetic/writeEmbeddedStudy.js";
import {readNifti} from "../../src/imaging/nifti.js";
import {defaultPreprocessing} from "../../src/imaging/preprocessing.js";
import {suvFactor} from "../../src/imaging/suv.js";
import {correlation, mean, variation} from "./statistics.js";

/** As many as the tests' site has: whichever of the two asks first has them written. */
const patients = 60;
let root: string;
let folder: string;
let study: Study;
const read = (name: string) => readFileSync(path.join(folder, name));
const table = (name: string) =>
  read(name)
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(name.endsWith(".csv") ? "," : "\t"));

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "stratum-synthetic-"));
  folder = await embeddedStudy(silent, patients);
  study = await loadStudy(folder);
});

afterAll(() => rmSync(root, {recursive: true}));

/** Every file of a folder with its content, by its path. */
function contents(of: string): Map<string, string> {
  const files = readdirSync(of, {recursive: true}).map(String).sort();
  return new Map(
    files
      .filter((name) => statSync(path.join(of, name)).isFile())
      .map((name) => [name, readFileSync(path.join(of, name)).toString("base64")])
  );
}

describe("writeEmbeddedStudy", () => {
  it("writes the same bytes each time, and others for another seed", async () => {
    const [first, second, other] = ["first", "second", "other"].map((name) => path.join(root, name));
    await writeEmbeddedStudy(first, {patients: 6});
    await writeEmbeddedStudy(second, {patients: 6});
    await writeEmbeddedStudy(other, {patients: 6, seed: 5});
    const files = contents(first);
    expect(files.size).toBe(6 + 6 * 4);
    expect(contents(second)).toEqual(files);
    const changed = [...contents(other)].filter(([name, bytes]) => files.get(name) !== bytes).map(([name]) => name);
    expect(changed).toHaveLength(files.size - 1); // all but study.json
  });

  it("counts its patients as it goes and refuses none", async () => {
    const seen: string[] = [];
    await writeEmbeddedStudy(path.join(root, "counted"), {
      patients: 2,
      onProgress: (done, of) => seen.push(`${done}/${of}`)
    });
    expect(seen).toEqual(["1/2", "2/2"]);
    await expect(writeEmbeddedStudy(path.join(root, "none"), {patients: 0})).rejects.toThrow("at least 1; got 0");
  });

  it("is a study folder without a problem, whose truth is not part of it", () => {
    expect(study.patients).toHaveLength(patients);
    expect(study.synthetic).toBe(true);
    expect(study.images.pet!.every((files) => files !== null)).toBe(true);
    expect(study.expression).toMatchObject({genes: 2000, unmatched: []});
    expect(study.expression!.matched).toHaveLength(17);
    expect(study.files.some((name) => name.includes("truth"))).toBe(false);
  });
});

describe("its images", () => {
  it("lie on one RAS+ grid, with a SUVmax and a volume that recurrences have", () => {
    const largest = study.patients.map((id) => {
      const volume = (name: string) => readNifti(read(`images/${id}_${name}.nii.gz`), name);
      const [pet, ct, mask] = ["pet", "ct", "mask"].map(volume);
      for (const {dims, spacing, affine} of [pet, ct, mask]) {
        expect([dims, spacing]).toEqual([
          [64, 64, 24],
          [2, 2, 3]
        ]);
        expect([affine[0], affine[5], affine[10], affine[3]]).toEqual([2, 2, 3, -63]);
      }
      const factor = suvFactor(JSON.parse(read(`images/${id}_pet.json`).toString()), id);
      const inside = [...mask.data.keys()].filter((voxel) => mask.data[voxel] === 1);
      const highest = inside.reduce((peak, voxel) => Math.max(peak, pet.data[voxel]), 0);
      return {suvMax: highest * factor, ml: inside.length * 0.012};
    });
    const suvMax = largest.map((l) => l.suvMax).sort((a, b) => a - b);
    expect(suvMax[patients / 2]).toBeGreaterThan(7);
    expect(suvMax[patients / 2]).toBeLessThan(11.5);
    expect(largest.every(({ml, suvMax: peak}) => ml > 1.5 && ml < 130 && peak > 2)).toBe(true);
  });

  it.each(["pet", "ct"] as const)("show the %s heterogeneity in the network's crop", async (modality) => {
    const [, ...truth] = table("truth/latent.csv");
    const latent = truth.map((row) => Number(row[modality === "pet" ? 1 : 2]));
    const textures: number[] = [];
    for (const files of study.images[modality]!) {
      const read = await readPatientFiles(folder, modality, files!);
      const {pixels, mask} = (await patientCrop(read, defaultPreprocessing(modality)))!;
      const middle = pixels.subarray(mask.length, 2 * mask.length);
      textures.push(variation([...middle].filter((_, pixel) => mask[pixel] === 1).map((value) => value + 1)));
    }
    expect(correlation(textures, latent)).toBeGreaterThan(0.65);
  });
});

describe("its expression", () => {
  it("follows heterogeneity in the sets that carry the programme, and not in the others", () => {
    const [header, ...rows] = table("counts.tsv");
    const samples = header.slice(1);
    const [, ...truth] = table("truth/latent.csv");
    const latents = samples.map((id) => {
      const row = truth.find(([patient]) => patient === id)!;
      return Number(row[1]) + Number(row[2]);
    });
    const counts = new Map(rows.map(([gene, ...cells]) => [gene, cells.map(Number)]));
    const totals = samples.map((_, k) => rows.reduce((sum, row) => sum + Number(row[k + 1]), 0));
    const score = (genes: readonly string[]) =>
      samples.map((_, k) => mean(genes.map((gene) => Math.log((counts.get(gene)![k] + 0.5) / totals[k]))));
    const sets = read("genesets.gmt").toString().trim().split("\n");
    expect(sets).toHaveLength(40);
    const follows = (name: string) => {
      const [, , ...genes] = sets.find((set) => set.startsWith(`SYNTHETIC_${name}`))!.split("\t");
      return correlation(score(genes), latents);
    };
    for (const name of ["HYPOXIA", "GLYCOLYSIS", "G2M"]) expect(follows(name)).toBeGreaterThan(0.4);
    for (const name of ["COMPLEMENT", "ALLOGRAFT"]) expect(follows(name)).toBeLessThan(-0.4);
    const chance = Array.from({length: 35}, (_, k) => follows(`RANDOM_${String(k + 1).padStart(2, "0")}`));
    expect(Math.abs(mean(chance))).toBeLessThan(0.3);
  });

  it("holds whole, overdispersed counts", () => {
    const [, ...rows] = table("counts.tsv");
    expect(rows.flatMap((row) => row.slice(1)).every((cell) => /^\d+$/.test(cell))).toBe(true);
    const busy = rows.map((row) => row.slice(1).map(Number)).filter((counts) => mean(counts) > 100);
    expect(mean(busy.map(variation))).toBeGreaterThan(0.3); // a Poisson count of 100 would have 0.1
  });
});
