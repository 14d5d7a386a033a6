import {existsSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, relative, resolve} from "node:path";
import ts from "typescript";
import {hashOf} from "./hash.js";

/**
 * SHA-256 over a module's source, the source of every module of ours it imports, however far down, and the version of
 * every package these import: what must change for the module to compute something else.
 *
 * Type-only imports count too; a comment changed in one costs a rebuild, a type changed may change the result.
 *
 * @param entry - absolute path of a TypeScript module
 * @param root - absolute path of the project; paths enter the hash relative to it
 * @throws {Error} if an imported module does not exist
 */
export function codeHash(entry: string, root: string): string {
  const sources = new Map<string, string>();
  const packages = new Set<string>();
  const queue = [resolve(entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (sources.has(file)) continue;
    const source = readFileSync(file, "utf8");
    sources.set(file, source);
    for (const {fileName} of ts.preProcessFile(source, true, true).importedFiles) {
      if (fileName.startsWith(".")) queue.push(moduleFile(file, fileName));
      else if (!fileName.startsWith("node:")) packages.add(packageName(fileName));
    }
    for (const child of childModules(file, source)) queue.push(child);
  }
  const modules = [...sources].map(([file, source]) => [relative(root, file), source]).sort(byFirst);
  const versions = [...packages].sort().map((name) => [name, packageVersion(name, root)]);
  return hashOf([modules, versions]);
}

const byFirst = (a: string[], b: string[]) => (a[0] < b[0] ? -1 : 1);

/** Modules run as a process of their own, named by a URL relative to import.meta.url. */
function childModules(file: string, source: string): string[] {
  const pattern = /new URL\(\s*"(\.[^"]+\.[tj]s)"\s*,\s*import\.meta\.url\s*\)/g;
  return [...source.matchAll(pattern)].map(([, name]) => moduleFile(file, name));
}

/** Our specifiers end in .js, as TypeScript has it, for a file that ends in .ts. */
function moduleFile(importer: string, specifier: string): string {
  const path = resolve(dirname(importer), specifier);
  const found = [path.replace(/\.js$/, ".ts"), path].find((candidate) => existsSync(candidate));
  if (!found) throw new Error(`${importer} imports ${specifier}, which does not exist.`);
  return found;
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}

function packageVersion(name: string, root: string): string {
  const path = join(root, "node_modules", name, "package.json");
  if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as {version: string}).version;
  return createRequire(import.meta.url).resolve(name);
}
