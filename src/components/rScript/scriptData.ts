import {csvText} from "../csv.js";

/** A column of an R data frame: numbers, or labels whose missing ones are null. */
export type RColumn = ArrayLike<number> | readonly (string | null)[];

/** More rows than this are read from a file beside the script: an editor should open the script with ease. */
export const INLINE_ROWS = 5000;

/** Data of one script: small tables are written into it, large ones into files that are downloaded with it. */
export interface ScriptData {
  /** R code that makes a data frame: `d <- read.csv(…)`. */
  frame(variable: string, columns: Readonly<Record<string, RColumn>>, rows: readonly number[]): string;
  /** Puts a file beside the script and returns its name between R's quotes. */
  file(ending: string, content: string): string;
  /** By name. */
  readonly files: Readonly<Record<string, string>>;
}

/** @param name - of the script, without extension: its files begin with it */
export function scriptData(name: string): ScriptData {
  const files: Record<string, string> = {};
  const file = (ending: string, content: string) => {
    files[`${name}-${ending}`] = content;
    return JSON.stringify(`${name}-${ending}`);
  };
  return {
    files,
    file,
    frame(variable, columns, rows) {
      const names = Object.keys(columns);
      const text = csvText(
        names,
        rows.map((i) => names.map((column) => columns[column][i] ?? null))
      ).replaceAll("\r\n", "\n");
      // Else R would take a level "T" for TRUE and "01" for 1.
      const labels = names.filter((column) => rows.some((i) => typeof columns[column][i] === "string"));
      const classes = labels.map((column) => `${JSON.stringify(column)} = "character"`);
      const how = `na.strings = "", check.names = FALSE${classes.length > 0 ? `, colClasses = c(${classes.join(", ")})` : ""}`;
      return rows.length > INLINE_ROWS
        ? `${variable} <- read.csv(${file(`${variable}.csv`, text)}, ${how}, encoding = "UTF-8")`
        : // The text stands between single quotes.
          `${variable} <- read.csv(${how}, text = '\n${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}')`;
    }
  };
}
