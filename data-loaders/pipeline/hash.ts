import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";

/** SHA-256 of a value's JSON, or of bytes, as hex. */
export function hashOf(value: unknown): string {
  const bytes = value instanceof Uint8Array ? value : JSON.stringify(value);
  return createHash("sha256").update(bytes).digest("hex");
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Hash of each file by its relative path; several read at once, since small files wait on the disk. */
export async function hashFiles(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const path = join(folder, file);
      // A small file is read faster whole; a large one may not fit into memory.
      const small = (await stat(path)).size < 1e8;
      hashes.set(file, small ? hashOf(new Uint8Array(await readFile(path))) : await hashFile(path));
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return new Map(files.map((file) => [file, hashes.get(file)!]));
}
