import {existsSync, statSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Problems} from "./problems.js";

/**
 * A text file of a study, without its byte-order mark.
 *
 * @returns null, with a problem noted, if it is missing, empty or not UTF-8
 */
export async function readText(folder: string, file: string, problems: Problems): Promise<string | null> {
  const path = join(folder, file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    problems.add({file}, "there is no such file. Put it there, or correct its name in study.json.");
    return null;
  }
  const bytes = await readFile(path);
  const bad = firstInvalidByte(bytes);
  if (bad >= 0) {
    const row = bytes.subarray(0, bad).reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
    problems.add(
      {file, row},
      `a byte (0x${bytes[bad].toString(16)}) is not UTF-8. Save the file as UTF-8 ("CSV UTF-8" in Excel).`
    );
    return null;
  }
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "") {
    problems.add({file}, "the file is empty. Fill it, or take it out of study.json.");
    return null;
  }
  return text;
}

/** Index of the first byte that is no part of valid UTF-8, or −1. */
function firstInvalidByte(bytes: Uint8Array): number {
  try {
    new TextDecoder("utf-8", {fatal: true}).decode(bytes);
    return -1;
  } catch {
    // The longest valid beginning ends just before the fault.
    const decoder = new TextDecoder("utf-8", {fatal: true});
    for (let at = 0; at < bytes.length; at++)
      try {
        decoder.decode(bytes.subarray(at, at + 1), {stream: true});
      } catch {
        return at;
      }
    return bytes.length - 1;
  }
}
