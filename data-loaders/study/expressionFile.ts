import {createReadStream} from "node:fs";
import {open} from "node:fs/promises";
import {createGunzip} from "node:zlib";
import {EnrichmentInputError} from "../../src/enrichment/enrichmentInputError.js";
import {expressionReader} from "../../src/enrichment/readExpressionTable.js";
import type {ReadExpression} from "../../src/enrichment/readExpressionTable.js";

/** A matrix as read for some samples, and all samples its header names. */
export interface ExpressionOnDisk extends ReadExpression {
  readonly samples: readonly string[];
}

/**
 * Reads an expression matrix, gzipped or not, as a stream: memory holds the kept samples' values (8 bytes each) and one line,
 * however long the file.
 *
 * @param keep - samples to keep
 * @throws {EnrichmentInputError} naming the place
 */
export async function readExpressionFile(
  path: string,
  separator: "\t" | ",",
  keep: (sample: string) => boolean
): Promise<ExpressionOnDisk> {
  const reader = expressionReader(separator, keep);
  for await (const line of linesOf(path)) reader.line(line);
  return {...reader.end(), samples: reader.samples()};
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const raw = createReadStream(path, {highWaterMark: 1 << 20});
  const bytes = (await isGzipped(path)) ? raw.pipe(createGunzip()) : raw;
  const decoder = new TextDecoder("utf-8", {fatal: true});
  let rest = "";
  let row = 0;
  const text = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, {stream: true}) : decoder.decode();
    } catch {
      throw new EnrichmentInputError("a byte is not UTF-8. Save the file as UTF-8 text.", {row: row + 1});
    }
  };
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
    const lines = (rest + text(chunk)).split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) {
      row++;
      yield line;
    }
  }
  rest += text();
  if (rest !== "") yield rest;
}

async function isGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  const {buffer} = await file.read(Buffer.alloc(2), 0, 2, 0);
  await file.close();
  return buffer[0] === 0x1f && buffer[1] === 0x8b;
}
