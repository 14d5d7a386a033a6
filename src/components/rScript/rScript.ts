import type {Figure} from "../figureFrame.js";
import {scriptData} from "./scriptData.js";
import type {ScriptData} from "./scriptData.js";

/** How a figure is repeated in R, or why it is not. */
export type FigureScript =
  | {
      /** Everything after the comments at the top. */
      readonly write: (data: ScriptData) => string;
      /** What R needs besides itself, e.g. "R package limma". */
      readonly needs?: string;
    }
  /** A reason in words, shown to the reader. */
  | {readonly none: string};

/** A script and the files it reads, by name. */
export interface RScript {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

const WIDTH = 100;

/**
 * The R script of a figure: first, as comments, what is shown of whom, how it was computed and where it can be seen again.
 *
 * @param name - of its files, without extension
 * @param address - of the page
 * @returns null where the figure has none
 */
export function rScript(
  title: string,
  {caption, note, script}: Pick<Figure, "caption" | "note" | "script">,
  name: string,
  address: string
): RScript | null {
  if ("none" in script) return null;
  const data = scriptData(name);
  const body = script.write(data);
  const files = Object.keys(data.files);
  const head = [
    `${title}. ${caption}`,
    note,
    `The page: ${address}`,
    `Run: Rscript ${name}.R${files.length > 0 ? `, in a folder that also holds ${files.join(", ")}` : ""}`,
    ...(script.needs ? [`Needs ${script.needs}.`] : []),
    'Lines that say "the page:" hold the numbers the page showed.'
  ];
  const comments = head.filter((text) => text !== "").flatMap(wrapped);
  return {text: `${comments.map((line) => `# ${line}\n`).join("")}${body}`, files: data.files};
}

/** Lines of at most `WIDTH` letters; a longer word has a line of its own. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
