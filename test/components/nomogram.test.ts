import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {labelSpan, nomogramLayout} from "../../src/components/nomogram/nomogramLayout.js";
import {pointsOf} from "../../src/components/nomogram/nomogramDrawing.js";
import {stepped, valueAtEffect} from "../../src/components/nomogram/patientValue.js";
import {joined, shared} from "../../src/components/nomogram/bootstrapInWorker.js";
import {runBootstrapTask} from "../../src/components/nomogram/bootstrapTask.js";
import {bootstrapTask} from "../../src/components/nomogram/modelComparison.js";
import {cutAnswer} from "../../src/components/nomogram/cutAnswer.js";
import {modelScores} from "../../src/components/nomogram/cohortValue.js";
import {modelScript} from "../../src/components/rScript/modelScript.js";
import {scriptData} from "../../src/components/rScript/scriptData.js";
import {patientSets} from "../../src/components/nomogram/patientSets.js";
import {performanceAnswer, thresholds} from "../../src/components/nomogram/performanceAnswer.js";
import {coxOptimism} from "../../src/survival/coxOptimism.js";
import {coxph} from "../../src/survival/coxph.js";
import {decisionCurve} from "../../src/survival/decisionCurve.js";
import {logRank} from "../../src/survival/logRank.js";
import {nomogramPoints} from "../../src/survival/nomogramPoints.js";
import type {NomogramModel} from "../../src/survival/nomogramPoints.js";
import {nomogramModel, riskBy} from "../../src/survival/publishedModel.js";
import {lungModels} from "./lungModels.js";

const {fitted, cohort, time, ...lung} = lungModels();
const event = Array.from(lung.event);
const {models} = fitted;
const names = {term: (v: string) => v, level: (_: string, l: string) => l, horizon: (h: number) => `survival at ${h}`};
const [everyone] = patientSets(cohort);

/** Axes of any kind: factors with many close levels among them. */
const anyModel = fc
  .record({
    slope: fc.double({min: -2, max: 2, noNaN: true}).filter((b) => Math.abs(b) > 1e-3),
    low: fc.double({min: -100, max: 100, noNaN: true}),
    width: fc.double({min: 0.1, max: 500, noNaN: true}),
    levels: fc.array(fc.double({min: -1, max: 1, noNaN: true}), {minLength: 1, maxLength: 5}),
    letters: fc.integer({min: 1, max: 14})
  })
  .map(({slope, low, width, levels, letters}): NomogramModel => ({
    terms: {
      x: {kind: "linear", coef: slope, values: Array.from({length: 12}, (_, i) => low + (i * width) / 11)},
      f: {
        kind: "factor",
        levels: ["a", ...levels.map((_, i) => String.fromCharCode(98 + i))].map((l) => l.repeat(letters)),
        coef: levels
      }
    },
    baseline: {horizon: [12, 36], survival: [0.9, 0.6]},
    linearPredictor: [
      Math.min(slope * low, slope * (low + width)) - 1,
      Math.max(slope * low, slope * (low + width)) + 1
    ]
  }));

describe("nomogramLayout(nomogram, names, width)", () => {
  it("lays no label on another, in any lane of any axis, at any width", () => {
    fc.assert(
      fc.property(anyModel, fc.constantFrom(300, 360, 700, 860), (model, width) => {
        const layout = nomogramLayout(nomogramPoints(model), names, width);
        for (const {ticks, kind} of layout.axes) {
          const shown = ticks.filter(({text}) => text !== "");
          if (kind === "term" && typeof ticks[0].value === "string") expect(shown).toHaveLength(ticks.length);
          for (const lane of new Set(shown.map((t) => t.lane))) {
            const spans = shown
              .filter((t) => t.lane === lane && Math.abs(lane) < 4)
              .map((t) => labelSpan(t.x, t.text, width))
              .sort((a, b) => a[0] - b[0]);
            for (let i = 1; i < spans.length; i++) expect(spans[i][0]).toBeGreaterThanOrEqual(spans[i - 1][1] - 1e-9);
          }
        }
        const ys = layout.axes.map(({y}) => y);
        for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(28);
      })
    );
  });
});

describe("a dragged patient", () => {
  const nomogram = nomogramPoints(nomogramModel(models[0], [365.25]));

  it("has the value whose points lie under the pointer, and the nearest level of a factor", () => {
    for (const points of [0, 7, 33, 60]) {
      const value = valueAtEffect(nomogram, "age", points) as number;
      const [axis] = nomogram.terms;
      const most = Math.max(...axis.points);
      const grain = most / 25;
      expect(Math.abs(pointsOf(nomogram, "age", value) - Math.min(points, most))).toBeLessThanOrEqual(grain);
    }
    const [, , ecog] = nomogram.terms;
    ecog.at.forEach((level, i) => expect(valueAtEffect(nomogram, "ph.ecog", ecog.points[i] + 0.1)).toBe(level));
  });

  it("moves by the keys of a slider and stops at the ends", () => {
    expect(stepped(nomogram, "sex", "1", "ArrowRight")).toBe("2");
    expect(stepped(nomogram, "sex", "2", "ArrowRight")).toBe("2");
    const {at} = nomogram.terms[0];
    expect(stepped(nomogram, "age", 60, "Home")).toBe(at[0]);
    expect(stepped(nomogram, "age", 60, "End")).toBe(at[at.length - 1]);
    expect(stepped(nomogram, "age", 60, "ArrowUp")).toBeGreaterThan(60);
    expect(stepped(nomogram, "age", at[0], "ArrowLeft")).toBe(at[0]);
    expect(stepped(nomogram, "age", 60, "a")).toBeNull();
  });
});

describe("performanceAnswer(cohort, models, rows, horizons, horizon)", () => {
  const answer = performanceAnswer(cohort, models, everyone.rows, [365.25], 365.25);

  it("judges all models on the patients that every one of them can score", () => {
    const complete = [...time.keys()].filter((i) => models.every((m) => !Number.isNaN(modelScores(cohort, m)[i])));
    expect(answer.n).toBe(complete.length);
    expect(answer.n + answer.missing).toBe(228);
    for (const {concordance} of answer.models) expect(concordance!.n).toBe(complete.length);
    expect(answer.comparisons.map(({versus}) => versus.id)).toEqual(["known", "weight"]);
    const [c] = answer.comparisons;
    const [a, b] = answer.models.map((m) => m.concordance!.concordance);
    expect(c.concordance!.difference).toBeCloseTo(a - b, 14);
  });

  it("has a slope of 1 where a model is judged on its own patients", () => {
    const own = performanceAnswer(cohort, [models[0]], everyone.rows, [365.25], 365.25);
    expect(own.models[0].calibration!.slope.coef).toBeCloseTo(1, 6);
    expect(own.comparisons).toEqual([]);
  });

  it("says why it has nothing to say of patients without events", () => {
    const none = performanceAnswer(
      cohort,
      models,
      everyone.rows.map((_, i) => Number(event[i] === 0)),
      [365.25],
      365.25
    );
    expect(none.models[0].concordance).toBeNull();
    expect(none.models[0].refusals.length).toBeGreaterThan(0);
  });
});

describe("the bootstrap of a comparison", () => {
  const task = {...bootstrapTask(cohort, models, everyone, 365.25), resamples: 30};

  it("gives the same limits for the same seed, and reports how far it is", async () => {
    const seen: number[] = [];
    const first = await runBootstrapTask(task, (share) => seen.push(share));
    expect(await runBootstrapTask(structuredClone(task))).toEqual(first);
    expect(seen.at(-1)).toBe(1);
    expect(seen.every((share, i) => i === 0 || share > seen[i - 1])).toBe(true);
    expect(await runBootstrapTask({...task, seed: 2})).not.toEqual(first);
  });

  it("does not depend on how many workers share it", async () => {
    const whole = await runBootstrapTask(task);
    for (const workers of [1, 2, 3, 8]) {
      const parts = shared(task, workers);
      expect(parts.flatMap(({training}) => training.map(({model}) => model)).sort()).toEqual(
        models.map(({id}) => id).sort()
      );
      expect(joined(await Promise.all(parts.map((part) => runBootstrapTask(part))))).toEqual(whole);
    }
  });

  it("brackets the net benefit of the page and has the core's optimism", async () => {
    const {performance, optimism} = await runBootstrapTask(task);
    const {curve} = {curve: decisionCurve({...task.judged, risk: task.risks.risk}, 365.25, {thresholds})};
    const {lower, upper} = performance!.netBenefit.risk;
    const inside = [...curve.netBenefit].filter((v, j) => v >= lower[j] && v <= upper[j]).length;
    expect(inside).toBeGreaterThan(80);
    const {time, event, terms} = task.training[0];
    const alone = await coxOptimism({time, event, terms}, {resamples: 30, seed: 1});
    expect(optimism.risk).toEqual(alone);
    expect(alone.measures.concordance.corrected).toBeLessThan(alone.measures.concordance.apparent);
  });
});

describe("cutAnswer(cohort, endpoint, score, set, cut)", () => {
  const score = modelScores(cohort, models[0]);

  it("compares those above the cut with the others, by the core", () => {
    const cut = 0.9;
    const {low, high, hazardRatio, logRankP} = cutAnswer(cohort, "os", score, everyone, cut);
    const group = score.map((s) => (Number.isNaN(s) ? NaN : Number(s > cut)));
    expect(low!.n + high!.n).toBe(group.filter((g) => !Number.isNaN(g)).length);
    expect(hazardRatio!.estimate).toBe(coxph({time, event, terms: {group}}).hazardRatio[0]);
    expect(logRankP).toBe(logRank({time, event, group}).p);
  });

  it("says so where everybody is on one side", () => {
    const {high, hazardRatio, refusals} = cutAnswer(cohort, "os", score, everyone, 1e6);
    expect([high, hazardRatio]).toEqual([null, null]);
    expect(refusals).toContain("All patients lie on one side of the cut.");
  });
});

describe("modelScript(cohort, model, patient, years)", () => {
  it("holds the training patients, the levels in order and the patient", () => {
    const script = modelScript(cohort, models[0], {age: 66, sex: "2", "ph.ecog": "1"}, [1], scriptData("lung"));
    expect(script).toContain("coxph(Surv(time, event) ~ age + sex + ph.ecog, data = d");
    expect(script).toContain(`factor(d$ph.ecog, levels = c("0", "1", "2", "3"))`);
    const rows = script.split("text = '\n")[1].split("')")[0].trim().split("\n");
    expect(rows).toHaveLength(1 + models[0].fittedOn.n);
    expect(riskBy(models[0], modelScores(cohort, models[0]), 365).some((r) => r > 0)).toBe(true);
  });
});
