import {gunzipSync} from "fflate";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {setSizeLimits} from "../../src/enrichment/geneSetSizes.js";
import {readGmt, readGmx} from "../../src/enrichment/readGeneSets.js";
import type {GeneSet} from "../../src/enrichment/readGeneSets.js";
import type {Study} from "../study/study.js";

/** Gene sets for a study's expression, and where they come from in words. */
export interface StudyGeneSets {
  readonly sets: readonly GeneSet[];
  readonly from: string;
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** What `test/reference/goGeneSets.R` recorded when it made the built-in sets. */
interface BuiltIn {
  readonly name: string;
  readonly sets: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly sourceDates: Readonly<Record<string, string>>;
  readonly licence: string;
}

/**
 * The sets of the files study.json names; without one, GO's biological processes, which come with Stratum.
 *
 * @param genes - genes measured: of the built-in sets those with too few of them are left out, and counted, before they go
 *   into the site
 */
export async function geneSetsOf(study: Study, genes: readonly string[]): Promise<StudyGeneSets> {
  if (study.geneSets.length === 0) return builtInSets(genes);
  const files = await Promise.all(
    study.geneSets.map(async (file) => {
      const text = await textOf(join(study.folder, file));
      return /\.gmx(\.gz)?$/i.test(file) ? readGmx(text) : readGmt(text);
    })
  );
  return {sets: files.flat(), from: study.geneSets.join(", "), notes: []};
}

async function builtInSets(genes: readonly string[]): Promise<StudyGeneSets> {
  const about = JSON.parse(await readFile(new URL("go_bp.json", import.meta.url), "utf8")) as BuiltIn;
  const all = readGmt(await textOf(new URL("go_bp.gmt.gz", import.meta.url)));
  const measured = new Set(genes);
  const sets = all.filter((set) => set.genes.filter((gene) => measured.has(gene)).length >= setSizeLimits.smallest);
  const {name, sourceDates, versions, licence} = about;
  return {
    sets,
    from: `${name} (GO of ${sourceDates.GO}, org.Hs.eg.db ${versions["org.Hs.eg.db"]}; ${licence})`,
    notes:
      sets.length < all.length
        ? [
            `${(all.length - sets.length).toLocaleString("en-US")} of the ${all.length.toLocaleString("en-US")} built-in gene sets have fewer than ${setSizeLimits.smallest} of the genes measured; they were left out.`
          ]
        : []
  };
}

async function textOf(path: string | URL): Promise<string> {
  const bytes = new Uint8Array(await readFile(path));
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(zipped ? gunzipSync(bytes) : bytes);
}
