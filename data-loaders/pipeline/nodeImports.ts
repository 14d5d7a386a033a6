import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";

/**
 * Takes the imports of Node's own modules out of the packages of a scope in a built site.
 *
 * Packages made for both Node and browsers ask for "fs" where they find Node. Framework leaves these as imports, at which a
 * browser refuses the whole module, though it would never use them.
 *
 * @param site - folder of a built site
 * @param scope - e.g. "@cornerstonejs"
 */
export async function dropNodeImports(site: string, scope: string): Promise<void> {
  const folder = join(site, "_node", scope);
  const files = await readdir(folder, {recursive: true}).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const text = await readFile(join(folder, file), "utf8");
    const mended = text
      .replace(/import\s*\*\s*as\s+([\w$]+)\s+from\s*["'](?:node:)?(?:fs|path)["'];?/g, "const $1={};")
      .replace(/import\s*["'](?:node:)?(?:fs|path)["'];?/g, "");
    if (mended !== text) await writeFile(join(folder, file), mended);
  }
}
