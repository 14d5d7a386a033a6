import type {Endpoint} from "../../cohort/description.js";
import type {Selection} from "../../cohort/selection.js";
import type {ChiSquareTest} from "../../survival/coxph.js";
import {kaplanMeierBy} from "../../survival/kaplanMeier.js";
import {logRank} from "../../survival/logRank.js";
import type {LogRank} from "../../survival/logRank.js";
import {survivalAt} from "../../survival/survivalAt.js";
import {median} from "../../survival/survivalQuantile.js";
import {perYear} from "../formatting.js";
import type {GroupAnswer} from "../survivalAnswer.js";
import {attempt, effectsWithin} from "./effectWithin.js";
import type {Coded, Effect, Patients, TwoGroups} from "./effectWithin.js";

/** The two groups' curves in one level of a factor. */
export interface Facet {
  readonly label: string;
  /** Groups with patients; empty where the level has none. */
  readonly groups: readonly GroupAnswer[];
  readonly effect: Effect;
}

/** Small multiples: the same two groups in every level of a factor. */
export interface FacetedCurves {
  readonly endpoint: Endpoint;
  readonly selection: Selection;
  readonly compared: TwoGroups["groups"];
  readonly facets: readonly Facet[];
  /** Log-rank test stratified by the factor; null where nothing can be tested. */
  readonly pooled: LogRank | null;
  readonly interaction: ChiSquareTest | null;
  /** Rows left out because follow-up, group or level is missing. */
  readonly missing: number;
  readonly n: number;
  readonly events: number;
  /** Of 1, 3 and 5 years from time zero those after the landmark that follow-up reaches. */
  readonly years: readonly number[];
}

/** Kaplan–Meier curves of two groups in each level of a factor, with the pooled and the interaction test. */
export function facetedCurves(
  patients: Patients,
  endpoint: Endpoint,
  selection: Selection,
  two: TwoGroups,
  levels: Coded
): FacetedCurves {
  const {effects, interaction, missing} = effectsWithin(patients, two, levels);
  const curves = levels.groups.map((_, l) => curvesOf(patients, selection, two, levels.code, l));
  const longest = Math.max(0, ...curves.flat().map(({curve}) => curve.time.at(-1) ?? 0));
  const years = [1, 3, 5].filter((year) => {
    const time = year * perYear[endpoint.unit];
    return time > (selection.landmark ?? 0) && time <= longest;
  });
  const times = years.map((year) => year * perYear[endpoint.unit]);
  const facets = levels.groups.map(({label}, l) => ({
    label,
    effect: effects[l],
    groups: curves[l].map(({curve, group}) => ({
      ...two.groups[group as number],
      n: curve.n,
      events: curve.events.reduce((sum, e) => sum + e, 0),
      curve,
      median: median(curve),
      at: survivalAt(curve, times)
    }))
  }));
  const pooled = attempt(() => logRank({...patients, group: two.code, levels: [0, 1], strata: levels.code}));
  const total = (of: "n" | "events") => effects.reduce((sum, effect) => sum + effect[of][0] + effect[of][1], 0);
  return {
    endpoint,
    selection,
    compared: two.groups,
    facets,
    pooled: "value" in pooled ? pooled.value : null,
    interaction,
    missing,
    n: total("n"),
    events: total("events"),
    years
  };
}

function curvesOf({surv, rows}: Patients, {interval}: Selection, two: TwoGroups, code: Float64Array, level: number) {
  const within = rows.map((row, i) => (row && code[i] === level ? 1 : 0));
  const found = attempt(() => kaplanMeierBy({surv, rows: within, group: two.code, levels: [0, 1]}, {interval}));
  return "value" in found ? found.value.groups : [];
}
