import {describe, expect, it} from "vitest";
import {describeStudy} from "../../data-loaders/analysis/describeStudy.js";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {RiskModelDescription} from "../../src/cohort/description.js";
import {soundTable, withStudy} from "../study/studyFolder.js";

const provenance = {study: "", code: "", version: "0", models: {}, execution: {}};
const model = {label: "Clinical"} as RiskModelDescription;

/** P2 and P5 are not followed up; P5 lacks a risk score too. */
async function flowOf(scored: boolean) {
  const table = soundTable.replace("P2,30,alive", "P2,,").replace("P5,18,alive", "P5,18,");
  const study = await withStudy({"clinical.csv": table}, loadStudy);
  const score = study.patients.map((id) => (id === "P5" ? null : 0));
  const risk = scored ? {model, score, reason: null} : {model: null, score: [], reason: null};
  return describeStudy(study, study.variables, [], risk, provenance).flow;
}

describe("the patient flow", () => {
  it("names everyone without a score, and of the others everyone without follow-up", async () => {
    expect((await flowOf(true)).slice(-2)).toEqual([
      {
        label: "With a risk score (Clinical)",
        n: 4,
        excluded: [{reason: "A value the risk model needs is missing", n: 1, patients: ["P5"]}]
      },
      {
        label: "With follow-up (Overall survival)",
        n: 3,
        excluded: [{reason: "Time or status is missing", n: 1, patients: ["P2"]}]
      }
    ]);
  });

  it("names everyone without follow-up where there is no risk model", async () => {
    const {n, excluded} = (await flowOf(false)).at(-1)!;
    expect([n, excluded.map(({patients}) => patients)]).toEqual([3, [["P2", "P5"]]]);
  });
});
