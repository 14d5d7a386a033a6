import {existsSync, statSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import type {Problems} from "./problems.js";

/**
 * A text file of a study, gzipped or not, without its byte-order mark.
 *
 * @returns null, with a problem noted, if it is missing, empty or not UTF-8
 */
export async function readText(folder: string, file: string, problems: Problems): Promise<string | null> {
  const path = join(folder, file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    problems.add({file}, "there is no such file. Put it there, or correct its name in study.json.");
    return null;
  }
  const read = await readFile(path);
  let bytes: Uint8Array = read;
  if (read[0] === 0x1f && read[1] === 0x8b)
    try {
      bytes = gunzipSync(read);
    } catch {
      problems.add({file}, "the file is cut short or no gzip file. Compress it again.");
      return null;
    }
  const bad = firstInvalidByte(bytes);
  if (bad >= 0) {
    const row = bytes.subarray(0, bad).reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
    problems.add(
      {file, row},
      `a byte (0x${bytes[bad].toString(16)}) is not UTF-8. Save the file as UTF-8 ("CSV UTF-8" in Excel).`
    );
    return null;
  }
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, "");
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
