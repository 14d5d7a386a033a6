import {createHash} from "node:crypto";
import {mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import path from "node:path";
import {fileURLToPath} from "node:url";

/** What is kept of a patient: the network's embedding, or null when there is no tumour. */
export type CachedPatient = {
  /** Length 1280. */
  readonly embedding: Float32Array;
  /** The network's own risk; of no meaning under an idle head. */
  readonly risk: number;
  /** PET: the rule by which it became SUV, and this patient's figures. */
  readonly conversion: {readonly rule: string; readonly detail: string} | null;
} | null;

/** Results by content hash, one small file each. */
export interface SignatureCache {
  /** undefined when not there, or damaged. */
  readonly patient: (key: string) => CachedPatient | undefined;
  readonly keepPatient: (key: string, value: CachedPatient) => void;
  /** Any small JSON value. */
  readonly fact: (key: string) => unknown;
  readonly keepFact: (key: string, value: unknown) => void;
}

/** Opens the cache in a folder, which is made when it is missing. */
export function signatureCache(folder: string): SignatureCache {
  mkdirSync(folder, {recursive: true});
  const read = (key: string): unknown => {
    try {
      return JSON.parse(readFileSync(path.join(folder, `${key}.json`), "utf8"));
    } catch {
      return undefined;
    }
  };
  const write = (key: string, value: unknown) => {
    // Written beside and moved, so that a build stopped half-way leaves no half file.
    const unfinished = path.join(folder, `${key}.${process.pid}.part`);
    writeFileSync(unfinished, JSON.stringify(value));
    renameSync(unfinished, path.join(folder, `${key}.json`));
  };
  return {
    patient(key) {
      const stored = read(key) as
        (Record<"embedding", string> & Pick<NonNullable<CachedPatient>, "risk" | "conversion">) | null | undefined;
      if (stored === null || stored === undefined) return stored;
      const embedding = Buffer.from(stored.embedding, "base64");
      return {
        risk: stored.risk,
        embedding: Float32Array.from({length: embedding.length / 4}, (_, k) => embedding.readFloatLE(4 * k)),
        conversion: stored.conversion
      };
    },
    keepPatient(key, value) {
      if (!value) return write(key, null);
      const embedding = Buffer.alloc(4 * value.embedding.length);
      value.embedding.forEach((number, k) => embedding.writeFloatLE(number, 4 * k));
      const {risk, conversion} = value;
      write(key, {
        embedding: embedding.toString("base64"),
        risk,
        conversion
      });
    },
    fact: read,
    keepFact: write
  };
}

/** SHA-256 over the source that makes a crop from files: when it changes, every crop is made again. */
export function imagingSourceHash(): string {
  const imaging = fileURLToPath(new URL("../../src/imaging/", import.meta.url));
  const files = readdirSync(imaging)
    .filter((name) => name.endsWith(".ts"))
    .sort();
  const hash = createHash("sha256");
  for (const file of [
    ...files.map((name) => path.join(imaging, name)),
    fileURLToPath(new URL("./patientCrop.ts", import.meta.url))
  ]) {
    hash.update(path.basename(file)).update(readFileSync(file));
  }
  return hash.digest("hex");
}
