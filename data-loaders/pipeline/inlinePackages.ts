import {readdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join, resolve, sep} from "node:path";
import {build} from "esbuild";

/**
 * Puts the modules of a scope of tiny packages into the modules of ours that import them.
 *
 * Framework serves every package as files of its own, and @stdlib is one package a function: 120 requests, each found only
 * when the one before has arrived, stand between the reader and the first curve. Bundled they are 97 kB and no request.
 *
 * @param site - folder of a built site
 * @param scope - e.g. "@stdlib"
 */
export async function inlinePackages(site: string, scope: string): Promise<void> {
  const packages = join(site, "_node", scope);
  const files = (await readdir(site, {recursive: true})).map((file) => join(site, file));
  for (const file of files.filter((path) => path.endsWith(".js") && !path.startsWith(join(site, "_node") + sep)))
    if ((await readFile(file, "utf8")).includes(`_node/${scope}/`)) await inline(file, packages);
  const preload = new RegExp(`\\s*<link rel="modulepreload" href="[^"]*_node/${scope}/[^"]*">`, "g");
  for (const page of files.filter((path) => path.endsWith(".html")))
    await writeFile(page, (await readFile(page, "utf8")).replace(preload, ""));
  await rm(packages, {recursive: true, force: true});
}

/** Bundles a module with what it imports from a folder; all other imports stay as they are. */
async function inline(file: string, folder: string): Promise<void> {
  const {outputFiles} = await build({
    entryPoints: [file],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    legalComments: "eof",
    plugins: [
      {
        name: "only-from-folder",
        setup({onResolve}) {
          onResolve({filter: /.*/}, ({kind, path, importer}) => {
            if (kind === "entry-point" || resolve(dirname(importer), path).startsWith(folder + sep)) return undefined;
            return {path, external: true};
          });
        }
      }
    ]
  });
  await writeFile(file, outputFiles[0].contents);
}
