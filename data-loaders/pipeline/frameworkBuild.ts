import {spawn} from "node:child_process";
import {readdir, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {oneAtATime} from "./oneAtATime.js";
import {inlinePackages} from "./inlinePackages.js";
import {dropNodeImports} from "./nodeImports.js";
import type {Progress} from "./progress.js";
import {root, workFolder} from "./project.js";

export interface FrameworkBuild {
  /** Folder whose files the loaders in src/data hand on. */
  readonly artifacts: string;
  /** Where the pages go. */
  readonly output: string;
  readonly progress: Progress;
}

/**
 * Runs Observable Framework on the pages.
 *
 * @throws {Error} with Framework's own words if it fails, or naming the pages in which it left an error
 */
export async function frameworkBuild({artifacts, output, progress}: FrameworkBuild): Promise<void> {
  // Framework's cache lies in the source folder, so two builds at once would spoil each other.
  const release = await oneAtATime(join(workFolder, "framework.lock"));
  try {
    // Framework keeps a loader's output until the loader file itself changes, whatever else has; ours only copy.
    await rm(join(root, "src/.observablehq/cache/data"), {recursive: true, force: true});
    progress("Building the pages", 0, 1);
    await runFramework({
      STRATUM_ARTIFACTS: artifacts,
      STRATUM_OUTPUT: output,
      OBSERVABLE_TELEMETRY_DISABLE: "true"
    });
    await refuseBrokenPages(output);
    await inlinePackages(output, "@stdlib");
    await dropNodeImports(output, "@cornerstonejs");
    progress("Building the pages", 1, 1);
  } finally {
    await release();
  }
}

function runFramework(settings: Record<string, string>): Promise<void> {
  const command = join(root, "node_modules/@observablehq/framework/dist/bin/observable.js");
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [command, "build"], {cwd: root, env: {...process.env, ...settings}});
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(`The pages did not build:\n${said.split("\n").slice(-30).join("\n")}`))
    );
  });
}

/** Framework exits with 0 even if a page could not be compiled, and prints the error inside the page. */
async function refuseBrokenPages(output: string): Promise<void> {
  const files = (await readdir(output, {recursive: true})).filter((file) => file.endsWith(".html"));
  const broken: string[] = [];
  for (const file of files)
    if ((await readFile(join(output, file), "utf8")).includes("observablehq--error")) broken.push(file);
  if (broken.length > 0) throw new Error(`These pages hold an error: ${broken.join(", ")}. Open them to read it.`);
}
