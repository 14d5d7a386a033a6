import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {root} from "../../data-loaders/pipeline/project.js";

/** Folder of a site that the tests built, by its name. */
export const siteFolder = (name: string) => join(root, "test/.work", name);

/** A file of a site's tables, whose published name begins so and goes on with a hash. */
export async function publishedFile(start: string, site = "browser-site"): Promise<Buffer> {
  const folder = join(siteFolder(site), "_file/data");
  const name = (await readdir(folder)).find((file) => file.startsWith(start));
  if (name === undefined) throw new Error(`${folder} has no file ${start}…`);
  return readFile(join(folder, name));
}
