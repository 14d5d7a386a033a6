import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {rScript} from "../../src/components/rScript/rScript.js";
import type {FigureScript, RScript} from "../../src/components/rScript/rScript.js";

/** What R prints when it runs the script a reader downloads, in a folder of its own with the files that come with it. */
export function printed({text, files}: RScript): string {
  const folder = mkdtempSync(join(tmpdir(), "r-script-"));
  try {
    for (const [name, content] of Object.entries({...files, "script.R": text}))
      writeFileSync(join(folder, name), content);
    return execFileSync("Rscript", ["script.R"], {encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"]});
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** The script as the frame of a figure makes it. */
export function scriptOf(script: FigureScript, about = {caption: "Somebody.", note: "Somehow."}): RScript {
  const made = rScript("A figure", {...about, script}, "study-figure", "https://example.org/page.html?s=1");
  if (!made) throw new Error("none" in script ? script.none : "no script");
  return made;
}

/** Runs what writes a script. */
export const printedBy = (write: Extract<FigureScript, {write: unknown}>["write"]) => printed(scriptOf({write}));

/** Numbers of the first line that begins with a text. */
export function numbersAfter(output: string, text: string): number[] {
  const line = output.split("\n").find((l) => l.startsWith(text));
  if (line === undefined) throw new Error(`R did not print "${text}":\n${output}`);
  return line.slice(text.length).trim().split(/\s+/).map(Number);
}

/** Columns of a data frame that R printed, by name: lines from the one that names them to the first that is no row. */
export function tableOf(output: string, names: readonly string[]): Record<string, number[]> {
  const lines = output.split("\n");
  const head = lines.findIndex((line) => line.trim().split(/\s+/).join(" ") === names.join(" "));
  if (head < 0) throw new Error(`R did not print columns ${names.join(" ")}:\n${output}`);
  const columns: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const line of lines.slice(head + 1)) {
    const cells = line.trim().split(/\s+/).map(Number).slice(-names.length);
    if (
      cells.length < names.length ||
      cells.some((cell, c) => Number.isNaN(cell) && !/NA|NaN/.test(line.split(/\s+/).at(c - names.length)!))
    )
      break;
    names.forEach((name, c) => columns[name].push(cells[c]));
  }
  return columns;
}
