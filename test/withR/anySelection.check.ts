import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {StudyDescription, Variable} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import type {Selection} from "../../src/cohort/selection.js";
import {inTimeUnit} from "../../src/cohort/timeUnit.js";
import {adjustedAnswer, possibleAdjustments} from "../../src/components/adjusted/adjustedAnswer.js";
import {competingAnswer} from "../../src/components/competingAnswer.js";
import {competingComparison} from "../../src/components/competingComparison.js";
import {perYear} from "../../src/components/formatting.js";
import {groupComparison} from "../../src/components/groupComparison.js";
import type {Estimate} from "../../src/components/groupComparison.js";
import {adjustedScript} from "../../src/components/rScript/adjustedScript.js";
import {comparisonScript} from "../../src/components/rScript/comparisonScript.js";
import {facetsScript} from "../../src/components/rScript/facetsScript.js";
import {forestScript} from "../../src/components/rScript/forestScript.js";
import {hazardRatioScript} from "../../src/components/rScript/hazardRatioScript.js";
import {incidenceScript} from "../../src/components/rScript/incidenceScript.js";
import {interactionScript} from "../../src/components/rScript/interactionScript.js";
import {rName} from "../../src/components/rScript/rData.js";
import {markerScript} from "../../src/components/rScript/markerScript.js";
import type {FigureScript} from "../../src/components/rScript/rScript.js";
import {survivalScript} from "../../src/components/rScript/survivalScript.js";
import {weightsScript} from "../../src/components/rScript/weightsScript.js";
import type {Effect} from "../../src/components/subgroups/effectWithin.js";
import {subgroupAnswer} from "../../src/components/subgroups/subgroupAnswer.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import type {SurvivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalPanels} from "../../src/components/survivalPanels.js";
import {effectAlongRisk, treatmentAnswer} from "../../src/components/treatment/treatmentAnswer.js";
import {treatmentQuestion} from "../../src/components/treatment/treatmentGroups.js";
import {possibleCovariates, weightedTreatment} from "../../src/components/treatment/weightedTreatment.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {awkwardCohort} from "../components/awkwardCohort.js";
import {mgusStudy} from "../components/mgusStudy.js";
import {pbcCohort} from "../components/pbcCohort.js";
import {rotterdamCohort} from "../components/rotterdamCohort.js";
import {selectionOf} from "../components/studySelections.js";
import {numbersAfter, printedBy, tableOf} from "./runR.js";

/** A line that a script prints, and the page's numbers; how far they may differ, relative to the larger. */
interface Line {
  readonly begins: string;
  readonly shown: readonly (number | null)[];
  readonly tolerance: number;
}

type Write = Extract<FigureScript, {write: unknown}>["write"];

/** Runs a script of a page and gives every line in which R and the page differ, or R's own complaint. */
function differing(write: Write, lines: readonly Line[]): string[] {
  let output: string;
  try {
    output = printedBy(write);
  } catch (error) {
    return [String((error as {stderr?: string}).stderr ?? error)];
  }
  return lines.flatMap(({begins, shown, tolerance}) =>
    differences(begins, numbersAfter(output, begins), shown, tolerance)
  );
}

function differences(what: string, printed: readonly number[], shown: Line["shown"], tolerance: number): string[] {
  const same = shown.every((value, k) => {
    const own = value ?? NaN;
    if (Number.isNaN(own)) return Number.isNaN(printed[k]);
    return Math.abs(printed[k] - own) <= tolerance * Math.max(1e-3, Math.abs(own), Math.abs(printed[k]));
  });
  return same ? [] : [`${what} ${printed.slice(0, shown.length).join(" ")} in R, ${shown.join(" ")} on the page`];
}

const line = (begins: string, shown: Line["shown"], tolerance = 1e-6): Line => ({begins, shown, tolerance});
const numbersOf = ({value, lower, upper, p}: Estimate) =>
  p === null ? [value, lower, upper] : [value, lower, upper, p];
const estimated = (begins: string, estimate: Estimate | null) => (estimate ? [line(begins, numbersOf(estimate))] : []);
const limitsOf = ({hazardRatio, lower, upper}: Effect) => [hazardRatio, lower, upper];
const effect = (begins: string, shown: Effect) => (shown.reason === null ? [line(begins, limitsOf(shown), 1e-5)] : []);
/** A time as R prints it. */
const said = (time: number) => String(Number(time.toPrecision(10)));
const yearsOf = ({years, endpoint}: SurvivalAnswer) => years.map((year) => said(year * perYear[endpoint.unit]));

interface Asked {
  readonly cohort: Cohort;
  readonly selection: Selection;
  readonly rows: Uint8Array;
  readonly answer: SurvivalAnswer;
  /** Adjusted for, or weighted by; and parted by. */
  readonly chosen: readonly Variable[];
  readonly panels: Variable;
}

function survivalDiffers({cohort, selection, rows, answer}: Asked): string[] {
  const {logRank, hazardRatios, groups} = answer;
  const write: Write = (data) => survivalScript(cohort, selection, answer, data, rows);
  const ratios = hazardRatios.every(({estimable}) => estimable) ? hazardRatios.map((r) => r.hazardRatio) : [];
  const found = differing(write, [
    ...(logRank ? [line("Log-rank chi-squared:", [logRank.chiSquare])] : []),
    ...(ratios.length > 0 ? [line("Hazard ratios:", ratios, 1e-5)] : [])
  ]);
  if (found.length > 0 || groups.every(({band}) => !band)) return found;
  const output = printedBy(write);
  return groups.flatMap(({label, band, curve}) => {
    if (!band) return [];
    const drawn = tableOf(output.split(`Band of ${label} \n`)[1], ["time", "lower", "upper"]);
    const known = Array.from(curve.time.keys()).filter((j) => !Number.isNaN(band.lower[j] + band.upper[j]));
    return (["lower", "upper"] as const).flatMap((side) =>
      differences(
        `${side} band of ${label}`,
        drawn[side],
        known.map((j) => band[side][j]),
        1e-6
      )
    );
  });
}

function comparisonDiffers({cohort, rows, answer}: Asked): string[] {
  const comparison = groupComparison(cohort, rows, answer);
  const competing = competingAnswer(cohort, rows, answer);
  const kinds = comparison && competing ? competingComparison(cohort, rows, answer, competing, comparison, []) : [];
  const times = yearsOf(answer);
  const incidences = (competing?.groups ?? []).flatMap(({label, at}) =>
    // Where nobody had the event R gives limits of 0, the page none.
    times.flatMap((time, y) =>
      at[y] && at[y].value > 0 ? estimated(`incidence | ${label} | ${time} :`, {...at[y], p: null}) : []
    )
  );
  const found = competing
    ? differing(
        (data) => incidenceScript(cohort, answer, competing, data),
        [
          ...incidences,
          ...(competing.gray ? [line("Gray's test of the event:", [competing.gray.chiSquare])] : []),
          ...(competing.competingGray
            ? [line("Gray's test of the competing event:", [competing.competingGray.chiSquare])]
            : [])
        ]
      )
    : [];
  if (!comparison) return found;
  const {lines, pairs, proportional, smooth} = comparison;
  const compared = [
    ...lines.flatMap(({group: {label}, mean, meanDifference, survivalDifference}) => [
      ...estimated(`mean | ${label} :`, mean),
      ...estimated(`difference of means | ${label} :`, meanDifference),
      ...times.flatMap((time, y) => estimated(`difference of survival | ${label} | ${time} :`, survivalDifference[y]))
    ]),
    ...kinds.flatMap(({kind, lines: groups}) =>
      groups.flatMap(({group, timeLost, timeLostDifference, at}) => [
        ...estimated(`time lost | ${kind} | ${group} :`, timeLost),
        ...estimated(`difference of time lost | ${kind} | ${group} :`, timeLostDifference),
        ...at.flatMap(({time, difference}) =>
          estimated(`difference of incidence | ${kind} | ${group} | ${said(time)} :`, difference)
        )
      ])
    ),
    ...pairs.map(({first, second, p, adjusted}) => line(`pair | ${first} - ${second} :`, [p, adjusted])),
    ...(proportional ? [line("proportional hazards:", [proportional.p], 1e-5)] : [])
  ];
  found.push(...differing((data) => comparisonScript(cohort, answer, comparison, kinds, rows, data), compared));
  if (smooth) {
    const drawn = tableOf(
      printedBy((data) => hazardRatioScript(cohort, answer, smooth, data)),
      ["time", "ratio", "lower", "upper"]
    );
    found.push(...differences("hazard ratio over time", drawn.ratio, Array.from(smooth.coef, Math.exp), 1e-5));
    found.push(...differences("its upper limit", drawn.upper, Array.from(smooth.upper, Math.exp), 1e-5));
  }
  return found;
}

function adjustedDiffers({cohort, rows, answer, chosen}: Asked): string[] {
  const covariates = possibleAdjustments(cohort.study, answer).filter((variable) => chosen.includes(variable));
  const found = covariates.length > 0 ? adjustedAnswer(cohort, rows, answer, covariates) : null;
  if (!found || found.terms.length === 0) return [];
  const {added} = found;
  return differing(
    (data) => adjustedScript(cohort, answer, found, data),
    added ? [line("What the groups add:", [added.statistic, added.df, added.p], 1e-5)] : []
  );
}

function panelsDiffer({cohort, rows, answer, panels}: Asked): string[] {
  const {stratifyBy, crossBy} = answer.selection;
  if (!panels.levels || [stratifyBy, crossBy].includes(panels.id)) return [];
  const {curves, compared, levels, ratios} = survivalPanels(cohort, rows, answer, panels);
  const {facets, pooled, interaction} = curves;
  return differing(
    (data) => facetsScript(cohort, curves, rows, {compared, levels, ratios}, data),
    [
      ...facets.flatMap(({label, test}) =>
        test ? [line(`Log-rank chi-squared in ${label} :`, [test.chiSquare])] : []
      ),
      ...(pooled ? [line("Stratified log-rank chi-squared:", [pooled.chiSquare])] : []),
      ...(interaction ? [line("Interaction:", [interaction.statistic], 1e-4)] : [])
    ]
  );
}

function subgroupsDiffer({cohort, selection, rows}: Asked): string[] {
  const answer = subgroupAnswer(cohort, selection, rows);
  const {compared, factors} = answer;
  if (!compared) return [];
  return differing(
    (data) => forestScript(cohort, answer, compared, rows, data),
    factors.flatMap(({variable: {id}, levels, interaction}) => [
      ...levels.flatMap(({label, effect: {reason, n, events, hazardRatio, lower, upper}}) => {
        const shown = [n[0] + n[1], events[0] + events[1], hazardRatio, lower, upper];
        return reason === null ? [line(`${rName(id)} | ${label} :`, shown, 1e-5)] : [];
      }),
      ...(interaction ? [line(`interaction ${rName(id)} :`, [interaction.statistic], 1e-4)] : [])
    ])
  );
}

function treatmentsDiffer({cohort, selection, rows, chosen, panels}: Asked): string[] {
  const question = treatmentQuestion(cohort.study);
  if ("refusal" in question) return [];
  const {risk, treatments} = question;
  const answer = treatmentAnswer(cohort, selection, rows, question);
  const lines = answer.interactions.flatMap(({variable, groups, interaction, ...one}) => {
    const id = rName(variable.id);
    return [
      ...effect(`${id} | all :`, one.overall),
      ...answer.risk.flatMap(({label}, r) => effect(`${id} | ${label} :`, one.byRisk[r])),
      ...groups.flatMap(({label}, g) => effect(`${id} | risk within ${label} :`, one.riskByTreatment[g])),
      ...(interaction ? [line(`interaction ${id} :`, [interaction.statistic], 1e-4)] : [])
    ];
  });
  const found = differing((data) => interactionScript(cohort, answer, risk, rows, data), lines);
  for (const treatment of treatments) {
    const along = effectAlongRisk(cohort, selection, rows, treatment);
    if ("value" in along) {
      const {value: curve, score} = along;
      const output = printedBy((data) => markerScript(cohort, {selection, rows, treatment, score}, curve, data));
      const drawn = tableOf(output, ["score", "ratio", "lower", "upper"]);
      found.push(...differences("effect along the score", drawn.ratio, Array.from(curve.hazardRatio), 1e-4));
      found.push(...differences("its upper limit", drawn.upper, Array.from(curve.upper), 1e-4));
    }
    const covariates = possibleCovariates(cohort.study).filter((v) => chosen.includes(v) || v === panels);
    const weighted = weightedTreatment(cohort, selection, rows, {treatment, risk, covariates});
    if ("reason" in weighted) continue;
    const {value} = weighted;
    const [untreated, treated] = value.weights.effectiveSampleSize;
    const groups = [
      {label: "all", crude: value.crude, weighted: value.weighted},
      ...answer.risk.map(({label}, r) => ({label, crude: value.crudeByRisk[r], weighted: value.byRisk[r]}))
    ];
    const shown = [
      ...groups.flatMap(({label, crude, weighted: w}) =>
        crude.reason === null && w.reason === null
          ? [line(`${label} :`, [...limitsOf(crude), ...limitsOf(w)], 1e-5)]
          : []
      ),
      ...(value.ratio
        ? [line("Ratio of the two:", [value.ratio.ratio, value.ratio.lower, value.ratio.upper], 1e-5)]
        : []),
      line("Effective sample size:", [treated, untreated], 1e-5)
    ];
    found.push(...differing((data) => weightsScript(cohort, value, rows, {treatment, risk}, data), shown));
  }
  return found;
}

const pages = [survivalDiffers, comparisonDiffers, adjustedDiffers, panelsDiffer, subgroupsDiffer, treatmentsDiffer];

const drawnOf = (study: StudyDescription) =>
  fc.tuple(selectionOf(study), fc.subarray([...study.variables], {maxLength: 2}), fc.constantFrom(...study.variables));

// Every script starts an R of its own, which takes most of the time: more selections by `SELECTIONS=100`.
const numRuns = Number(process.env.SELECTIONS ?? 6);

describe("the R scripts of any selection", () => {
  it.each([
    ["lung", () => lungCohort()],
    ["pbc", () => pbcCohort()],
    ["mgus", () => mgusStudy()],
    ["rotterdam", () => rotterdamCohort()],
    ["names that scripts use themselves", () => awkwardCohort()]
  ])(
    "run, and print what the pages show: %s",
    async (_, open) => {
      const {cohort: published, study} = await open();
      let asked = 0;
      for (const [drawn, chosen, panels] of fc.sample(drawnOf(study), 20 * numRuns)) {
        if (asked === numRuns) break;
        const rows = rowMask(published, drawn);
        const {cohort, selection} = inTimeUnit(published, drawn);
        const answer = survivalAnswer(cohort, selection, rows);
        // Many leave nobody, of whom there is no script.
        if (answer.groups.length === 0) continue;
        asked++;
        const found = pages.flatMap((page) => page({cohort, selection, rows, answer, chosen, panels}));
        expect(found, JSON.stringify({selection, panels: panels.id, chosen: chosen.map(({id}) => id)})).toEqual([]);
      }
      expect(asked).toBe(numRuns);
    },
    600_000
  );
});
