import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {describe, expect, it} from "vitest";
import {inlinePackages} from "../../data-loaders/pipeline/inlinePackages.js";

describe("inlinePackages(site, scope)", () => {
  it("leaves one module where there were many, which does what it did", async () => {
    const site = mkdtempSync(join(tmpdir(), "inline-"));
    const write = (name: string, text: string) => {
      mkdirSync(dirname(join(site, name)), {recursive: true});
      writeFileSync(join(site, name), text);
    };
    write("package.json", '{"type": "module"}');
    write("_node/@tiny/one@1/index.js", 'import {two} from "../two@1/index.js"; export const one = two - 1;');
    write("_node/@tiny/two@1/index.js", "export const two = 2;");
    write("_import/other.js", "export const other = 40;");
    write(
      "_import/sum.js",
      'import {one} from "../_node/@tiny/one@1/index.js"; import {other} from "./other.js"; export const sum = one + other + 1;'
    );
    const kept = '<link rel="modulepreload" href="./_import/sum.js">';
    write("index.html", `${kept}\n<link rel="modulepreload" href="./_node/@tiny/one@1/index.js">\n<p>`);
    await inlinePackages(site, "@tiny");
    expect(existsSync(join(site, "_node/@tiny"))).toBe(false);
    expect(readFileSync(join(site, "index.html"), "utf8")).toBe(`${kept}\n<p>`);
    expect(readFileSync(join(site, "_import/sum.js"), "utf8")).toMatch(/from"\.\/other\.js"/);
    expect(((await import(pathToFileURL(join(site, "_import/sum.js")).href)) as {sum: number}).sum).toBe(42);
    rmSync(site, {recursive: true});
  });
});
