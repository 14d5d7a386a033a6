import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {trainingLogsOf} from "../../data-loaders/pipeline/trainingLogs.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {SignatureDescription} from "../../src/cohort/description.js";
import type {TrainingLog} from "../../src/cohort/trainingLog.js";

const folder = mkdtempSync(join(tmpdir(), "training-logs-"));
afterAll(() => rmSync(folder, {recursive: true}));

const committed = JSON.parse(readFileSync("models/pet.json", "utf8")) as TrainingLog;
const description = (modality: "pet" | "ct", sha256: string, trained = true) => ({
  description: {modality, model: {sha256, trained} as SignatureDescription["model"]}
});
const study = (networks: Study["networks"]) => ({folder, networks}) as Study;

describe("trainingLogsOf(study, signatures)", () => {
  it("gives the log of the committed network that made the signature", async () => {
    const logs = await trainingLogsOf(study({}), [description("pet", committed.model.sha256)]);
    expect(logs.pet).toEqual(committed);
    expect(logs.ct).toBeUndefined();
  });

  it("gives none for an untrained network, for another file than the log's, and where there is no log", async () => {
    expect(await trainingLogsOf(study({}), [description("pet", committed.model.sha256, false)])).toEqual({pet: null});
    expect(await trainingLogsOf(study({}), [description("pet", "another")])).toEqual({pet: null});
    expect(await trainingLogsOf(study({ct: "own.onnx"}), [description("ct", "own")])).toEqual({ct: null});
  });

  it("takes the log beside the network that the study names, and says when it is broken", async () => {
    const own = {...committed, model: {...committed.model, sha256: "own"}};
    writeFileSync(join(folder, "own.json"), JSON.stringify(own));
    expect(await trainingLogsOf(study({ct: "own.onnx"}), [description("ct", "own")])).toEqual({ct: own});
    writeFileSync(join(folder, "own.json"), "{");
    await expect(trainingLogsOf(study({ct: "own.onnx"}), [description("ct", "own")])).rejects.toThrow(
      /own\.json is no JSON; train/
    );
  });
});
