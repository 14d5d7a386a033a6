import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {codeHash} from "../../data-loaders/pipeline/codeHash.js";
import {root} from "../../data-loaders/pipeline/project.js";

describe("codeHash(entry, root)", () => {
  let folder: string;
  const write = (name: string, source: string) => writeFileSync(join(folder, name), source);
  const hash = () => codeHash(join(folder, "entry.ts"), folder);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "code-hash-"));
    mkdirSync(join(folder, "deep"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    write("entry.ts", 'import {b} from "./deep/b.js";\nimport * as d3 from "d3";\nexport const a = b + d3.mean([1]);');
    write("deep/b.ts", 'import {c} from "../c.js";\nexport const b = c;');
    write("c.ts", "export const c = 1;");
    write("other.ts", "export const other = 1;");
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  it("changes with a module two imports away, and back again", () => {
    const before = hash();
    write("c.ts", "export const c = 2;");
    expect(hash()).not.toBe(before);
    write("c.ts", "export const c = 1;");
    expect(hash()).toBe(before);
  });

  it("changes with a module that runs as a process of its own", () => {
    write("deep/b.ts", 'export const b = new URL("../c.js", import.meta.url);');
    const before = hash();
    write("c.ts", "export const c = 2;");
    expect(hash()).not.toBe(before);
  });

  it("does not change with a module nobody imports", () => {
    const before = hash();
    write("other.ts", "export const other = 2;");
    expect(hash()).toBe(before);
  });

  it("names an import that leads nowhere", () => {
    write("c.ts", 'import "./gone.js";');
    expect(hash).toThrow("imports ./gone.js, which does not exist");
  });
});
