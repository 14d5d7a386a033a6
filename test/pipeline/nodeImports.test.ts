import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {describe, expect, it} from "vitest";
import {dropNodeImports} from "../../data-loaders/pipeline/nodeImports.js";

describe("dropNodeImports(site, scope)", () => {
  it("leaves a module that a browser can load, and other scopes and imports as they are", async () => {
    const site = mkdtempSync(join(tmpdir(), "node-imports-"));
    const write = (name: string, text: string) => {
      mkdirSync(dirname(join(site, name)), {recursive: true});
      writeFileSync(join(site, name), text);
    };
    const text =
      'import*as u8 from"fs";import"path";import{b}from"./b.js";export const found=[Object.keys(u8).length,b];';
    write("package.json", '{"type": "module"}');
    write("_node/@codec/a@1/a.js", text);
    write("_node/@codec/a@1/b.js", "export const b = 7;");
    write("_node/other@1/a.js", text);
    await dropNodeImports(site, "@codec");
    await dropNodeImports(site, "@nowhere");
    const mended = readFileSync(join(site, "_node/@codec/a@1/a.js"), "utf8");
    expect(mended).toBe('const u8={};import{b}from"./b.js";export const found=[Object.keys(u8).length,b];');
    const {found} = (await import(pathToFileURL(join(site, "_node/@codec/a@1/a.js")).href)) as {found: number[]};
    expect(found).toEqual([0, 7]);
    expect(readFileSync(join(site, "_node/other@1/a.js"), "utf8")).toBe(text);
    rmSync(site, {recursive: true});
  });
});
