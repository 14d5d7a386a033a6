import type {PublishedFigure} from "../../cohort/description.js";
import type {BootstrapInterval} from "../../survival/bootstrapPerformance.js";
import {element} from "../element.js";
import {formatInterval, formatNumber, formatP} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {remarkList} from "../remarkList.js";
import type {BootstrapResult} from "./bootstrapTask.js";
import type {ModelComparison, ModelPerformance, PerformanceAnswer} from "./performanceAnswer.js";

/** What a table needs besides the statistics. */
export interface TableContext {
  /** Horizons in years, and which of them is chosen. */
  readonly years: readonly number[];
  readonly year: number;
  /** Null until the worker has answered. */
  readonly bootstrap: BootstrapResult | null;
  /** True where the models are judged on the patients they were fitted on. */
  readonly training: boolean;
  /** The paper's C-index for this set. */
  readonly published: readonly PublishedFigure[];
}

const three = (value: number) => formatNumber(value, 3);
const fixed = (value: number) => (Number.isNaN(value) ? "–" : value.toFixed(3));
const interval = (estimate: number, lower: number, upper: number, format = fixed) =>
  formatInterval(estimate, lower, upper, format).replace("95% CI ", "").replaceAll("-", "−");

/** One row a measure, one column a model. */
export function performanceTable(answer: PerformanceAnswer, context: TableContext): HTMLElement {
  const {years, year, bootstrap, training, published} = context;
  const row = (name: string, of: (p: ModelPerformance, index: number) => string | null) => [
    name,
    ...answer.models.map((p, i) => of(p, i) ?? "–")
  ];
  const at = (of: (h: number) => string[]) => years.map((_, h) => of(h));
  const rows = [
    row("Harrell's C (95% CI)", ({concordance: c}) => c && interval(c.concordance, c.lower, c.upper)),
    ...(training
      ? [
          row("… corrected for optimism", ({model}) => {
            const found = bootstrap?.optimism[model.id]?.measures.concordance;
            return found ? fixed(found.corrected) : bootstrap ? null : "…";
          })
        ]
      : []),
    ...(published.length > 0
      ? [
          row("Paper: C-index (95% CI)", (_, i) =>
            i === 0 ? published.map((f) => interval(f.estimate, f.lower, f.upper)).join("; ") : null
          )
        ]
      : []),
    row("Uno's C (95% CI)", ({uno: c}) => c && interval(c.concordance, c.lower, c.upper)),
    ...at((h) =>
      row(
        `AUC at ${years[h]} y (95% CI)`,
        ({auc: {[h]: auc}}) => auc && interval(auc.auc[0], auc.lower[0], auc.upper[0])
      )
    ),
    ...at((h) =>
      row(
        `Brier score at ${years[h]} y (without model)`,
        ({brier: {[h]: brier}}) => brier && `${fixed(brier.brier[0])} (${fixed(brier.nullBrier[0])})`
      )
    ),
    row(
      "Integrated Brier score (without model)",
      ({integrated}) => integrated && `${fixed(integrated.brier)} (${fixed(integrated.nullBrier)})`
    ),
    row(`Calibration slope at ${year} y (95% CI)`, ({calibration: c}) => {
      return c && interval(c.slope.coef, c.slope.lower, c.slope.upper, (v) => v.toFixed(2));
    }),
    ...(training
      ? [
          row("… corrected for optimism", ({model}) => {
            const found = bootstrap?.optimism[model.id]?.measures.slope;
            return found ? found.corrected.toFixed(2) : bootstrap ? null : "…";
          })
        ]
      : []),
    row(
      `Observed / expected at ${year} y (95% CI)`,
      ({calibration: c}) => c && interval(c.ratio.value, c.ratio.lower, c.ratio.upper, (v) => v.toFixed(2))
    ),
    row(`ICI at ${year} y`, ({calibration: c}) => (c?.smooth ? fixed(c.smooth.ici) : null))
  ];
  const refusals = answer.models.flatMap(({model, refusals}) => refusals.map((text) => `${model.label}: ${text}`));
  return element(
    "div",
    {class: "dense"},
    plainTable("Performance of the models", ["Measure", ...answer.models.map(({model}) => model.label)], rows),
    remarkList([...refusals, ...(bootstrap?.refusals ?? [])])
  );
}

/** The risk model against each of the others. */
export function comparisonTable(answer: PerformanceAnswer, {year, bootstrap, training}: TableContext): HTMLElement {
  if (answer.comparisons.length === 0)
    return element("p", {}, "study.json names one model only, so there is nothing to compare it with.");
  const limits = (c: ModelComparison, of: "nri" | "idi") =>
    bootstrap?.performance?.reclassification.find((r) => r.risk === c.model.id && r.reference === c.versus.id)?.[of] ??
    null;
  const bounded = (value: number | undefined, found: BootstrapInterval | null) => {
    if (value === undefined) return "–";
    return found
      ? interval(value, found.lower, found.upper)
      : `${fixed(value).replace("-", "−")}${bootstrap ? "" : " …"}`;
  };
  const head = [
    `${answer.models[0].model.label} minus`,
    "Difference of C (95% CI)",
    "p",
    `Difference of AUC at ${year} y (95% CI)`,
    "p",
    `Continuous NRI at ${year} y (95% CI)`,
    `IDI at ${year} y (95% CI)`,
    ...(training ? ["Nested: likelihood ratio"] : [])
  ];
  const rows = answer.comparisons.map((c) => [
    c.versus.label,
    c.concordance ? interval(c.concordance.difference, c.concordance.lower, c.concordance.upper) : "–",
    c.concordance ? formatP(c.concordance.p) : "–",
    c.auc ? interval(c.auc.difference[0], c.auc.lower[0], c.auc.upper[0]) : "–",
    c.auc ? formatP(c.auc.p[0]) : "–",
    bounded(c.reclassification?.nri, limits(c, "nri")),
    bounded(c.reclassification?.idi, limits(c, "idi")),
    ...(training
      ? [
          c.likelihoodRatio
            ? `χ² = ${three(c.likelihoodRatio.statistic)} on ${c.likelihoodRatio.df} df, ${formatP(c.likelihoodRatio.p)}`
            : "not nested"
        ]
      : [])
  ]);
  return element(
    "div",
    {class: "dense"},
    plainTable("Differences between models", head, rows),
    remarkList(answer.comparisons.flatMap(({versus, refusals}) => refusals.map((text) => `${versus.label}: ${text}`)))
  );
}
