import {execFileSync} from "node:child_process";
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {tableFromIPC} from "apache-arrow";
import type {Table} from "apache-arrow";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {root} from "../../data-loaders/pipeline/project.js";
import {writeEmbeddedStudy} from "../../data-loaders/synthetic/writeEmbeddedStudy.js";
import type {Provenance, StudyDescription} from "../../src/cohort/description.js";

/** A copy of the project, in which the tests change things; node_modules is shared. */
const house = join(root, "test/.work/house");
const study = join(house, "study");
/** The pages of the copy: the tables the tests read, and none of the modules that each of six builds would bundle again. */
const page = `# Elsewhere

\`\`\`js
await FileAttachment("data/cohort.arrow").arrayBuffer();
await FileAttachment("data/study.json").json();
await FileAttachment("data/training-logs.json").json();
\`\`\`
`;

function build(): Record<string, boolean> {
  const said = execFileSync(process.execPath, ["--import", "tsx/esm", "test/pipeline/buildSteps.ts", study], {
    cwd: house,
    encoding: "utf8"
  });
  return JSON.parse(said.trim().split("\n").at(-1)!) as Record<string, boolean>;
}

/** A file of the built site, by its name before Framework put a hash in it. */
function published(name: string): Buffer {
  const [stem, extension] = name.split(".");
  const folder = join(house, "dist/_file/data");
  const file = readdirSync(folder).find((f) => f.startsWith(`${stem}.`) && f.endsWith(`.${extension}`));
  return readFileSync(join(folder, file!));
}
const cohort = (): Table => tableFromIPC(published("cohort.arrow"));
const description = () => JSON.parse(published("study.json").toString()) as StudyDescription;
const provenance = () => JSON.parse(cohort().schema.metadata.get("stratum")!) as Provenance;

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(house, file);
  const text = readFileSync(path, "utf8");
  const changed = text.replace(from, to);
  expect(changed, `${file} has nothing like ${from}`).not.toBe(text);
  writeFileSync(path, changed);
}

describe("a build after a change", {timeout: 300_000}, () => {
  beforeAll(async () => {
    rmSync(house, {recursive: true, force: true});
    mkdirSync(join(house, "test"), {recursive: true});
    for (const name of [
      "src",
      "data-loaders",
      "test/pipeline",
      "package.json",
      "package-lock.json",
      "observablehq.config.ts",
      "tsconfig.json"
    ])
      cpSync(join(root, name), join(house, name), {recursive: true, filter: (path) => !path.includes(".observablehq")});
    for (const name of readdirSync(join(house, "src")))
      if (name.endsWith(".md")) writeFileSync(join(house, "src", name), page);
    symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
    await writeEmbeddedStudy(study, {patients: 24});
    expect(build()).toEqual({
      signatures: true,
      networks: true,
      volumes: true,
      models: true,
      pathways: true,
      export: true,
      site: true
    });
    // All of it from nothing, while the other core runs other tests.
  }, 600_000);
  afterAll(() => rmSync(house, {recursive: true, force: true}));

  it("makes nothing again when nothing has changed", () => {
    expect(build()).toEqual({
      signatures: false,
      networks: false,
      volumes: false,
      models: false,
      pathways: false,
      export: false,
      site: false
    });
  });

  it("shows a changed cell, and does not run the network again for it", () => {
    const before = {study: provenance().study, ages: Array.from(cohort().getChild("age")!)};
    const [header, first] = readFileSync(join(study, "clinical.csv"), "utf8").split(/\r?\n/);
    const at = header.split(",").indexOf("age");
    const cells = first.split(",");
    const age = Number(cells[at]) + 1;
    edit("study/clinical.csv", first, cells.with(at, String(age)).join(","));
    // Expression is compared again if the risk groups change with the cell.
    expect(build()).toMatchObject({
      signatures: false,
      networks: false,
      volumes: false,
      models: true,
      export: true,
      site: true
    });
    expect(Array.from(cohort().getChild("age")!)).toEqual(before.ages.with(0, age));
    expect(provenance().study).not.toBe(before.study);
  });

  it("shows a changed loader, and makes no table again for it", () => {
    edit("src/data/training-logs.json.ts", /^await writeArtifact.*$/m, "process.stdout.write('{\"changed\": true}');");
    expect(build()).toEqual({
      signatures: false,
      networks: false,
      volumes: false,
      models: false,
      pathways: false,
      export: false,
      site: true
    });
    expect(JSON.parse(published("training-logs.json").toString())).toEqual({changed: true});
  });

  it("shows a changed module that a loader imports, and makes only what depends on it", () => {
    const code = provenance().code;
    edit("data-loaders/analysis/describeStudy.ts", "title: study.title,", 'title: study.title + ", second edition",');
    expect(build()).toEqual({
      signatures: false,
      networks: false,
      volumes: false,
      models: false,
      pathways: false,
      export: true,
      site: true
    });
    expect(description().title).toMatch(/, second edition$/);
    expect(provenance().code).not.toBe(code);
  });

  it("shows a changed model in every table that rests on it", () => {
    const {models} = provenance();
    const scores = Array.from(cohort().getChild("risk_score")!);
    edit("data-loaders/signatures/computeSignatures.ts", "const seed = 20220511;", "const seed = 20220512;");
    expect(build()).toMatchObject({
      signatures: true,
      networks: true,
      volumes: false,
      models: true,
      export: true,
      site: true
    });
    expect(Object.keys(provenance().models)).toEqual(Object.keys(models));
    for (const modality of Object.keys(models)) expect(provenance().models[modality]).not.toBe(models[modality]);
    expect(Array.from(cohort().getChild("risk_score")!)).not.toEqual(scores);
  });

  it("leaves the site as it was when the study is spoilt", () => {
    const before = published("cohort.arrow");
    edit("study/clinical.csv", /,training/, ",trainin");
    expect(() => build()).toThrow('"trainin" is not a level');
    expect(published("cohort.arrow").equals(before)).toBe(true);
    expect(readdirSync(house).filter((name) => name.startsWith("dist."))).toEqual([]);
  });
});
