import {compareNested} from "./compareNested.js";
import type {CompleteRows} from "./completeRows.js";
import {coxph} from "./coxph.js";
import type {EffectRatio, Forest, ForestRow} from "./forest.js";
import type {LabelCodes} from "./labels.js";

/** Lines of a forest by a model of the patients for each: what weighted follow-up needs, with robust errors. */
export function effectsByRow(
  {surv, row}: CompleteRows,
  group: LabelCodes,
  subgroup: LabelCodes,
  confidence: number
): Omit<Forest, "missing"> {
  const terms = {group: Float64Array.from(group.code, (c) => (c < 0 ? NaN : c))};
  const rows = subgroup.levels.map((level, l): ForestRow => {
    const within = new Uint8Array(surv.size);
    const [n, events]: [[number, number], [number, number]] = [
      [0, 0],
      [0, 0]
    ];
    for (const i of row) {
      if (subgroup.code[i] !== l) continue;
      within[i] = 1;
      n[group.code[i]]++;
      events[group.code[i]] += surv.event[i];
    }
    const none = {level, hazardRatio: NaN, lower: NaN, upper: NaN, p: NaN, n, events};
    if (n[0] === 0 || n[1] === 0) return {...none, reason: "All patients are in one group."};
    if (events[0] + events[1] === 0) return {...none, reason: "No patient had an event."};
    const {hazardRatio, lower, upper, p, converged, warnings} = coxph({surv, rows: within, terms}, {confidence});
    if (!converged) return {...none, reason: warnings[0]};
    return {level, hazardRatio: hazardRatio[0], lower: lower[0], upper: upper[0], p: p[0], n, events, reason: null};
  });
  const levels = subgroup.levels.filter((_, l) => rows[l].n[0] + rows[l].n[1] > 0);
  if (levels.length < 2 || rows.every(({events}) => events[0] + events[1] === 0))
    return {rows, interaction: null, ratio: null};
  const keep = new Uint8Array(surv.size);
  for (const i of row) keep[i] = 1;
  const labels = Array.from(subgroup.code, (c) => (c < 0 ? null : String(subgroup.levels[c])));
  const both = {...terms, subgroup: {values: labels, levels: levels.map(String)}};
  const additive = coxph({surv, rows: keep, terms: both});
  const crossed = coxph({surv, rows: keep, terms: both}, {interactions: [["group", "subgroup"]], confidence});
  const found = crossed.likelihoodRatio.df > additive.likelihoodRatio.df;
  const estimated = rows.length === 2 && crossed.converged && !Number.isNaN(crossed.coef[2]);
  const ratio = (): EffectRatio => {
    const [ratio, lower, upper, p] = [crossed.hazardRatio, crossed.lower, crossed.upper, crossed.p].map((x) => x[2]);
    return {ratio, lower, upper, p};
  };
  return {rows, interaction: found ? compareNested(additive, crossed) : null, ratio: estimated ? ratio() : null};
}
