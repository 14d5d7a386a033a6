import {element} from "./element.js";

/** Each statistic of the pages, how it is defined, and the R function it is tested against. */
const methods: readonly (readonly [string, string, string])[] = [
  ["Survival curve", "Kaplan–Meier; a censoring at the time of an event is still at risk", "survival::survfit"],
  ["Confidence band", "pointwise 95%, log-log unless another scale is chosen", "survival::survfit(conf.type)"],
  [
    "Simultaneous band",
    "Hall–Wellner, or equal precision by Nair's formula; critical values computed, not looked up",
    "km.ci::km.ci, and both distributions written out"
  ],
  [
    "Median survival",
    "where the curve crosses one half, limits where the band does (Brookmeyer–Crowley)",
    "quantile(survfit)"
  ],
  ["Survival at 1, 3, 5 years", "value of the curve with its limits", "summary(survfit, times)"],
  ["Numbers at risk", "just before each time; events and censorings before it", "summary(survfit, times)$n.risk"],
  ["Comparison of groups", "log-rank test, hypergeometric variance", "survival::survdiff"],
  [
    "Mean time lost",
    "area under a cumulative incidence up to a time, by the infinitesimal jackknife",
    "summary(survfit(influence), rmean)"
  ],
  [
    "Endpoint defined from dated events",
    "the clock starts at time zero or at an event, and only what comes after an event counts; of events at one time the event looked for goes before a competing one, and that before a censoring; all ends with the patient's follow-up",
    "survival::tmerge"
  ],
  ["Hazard ratio", "Cox regression, Efron's ties, Wald limits", "survival::coxph"],
  ["C-index", "Harrell's C, limits from the infinitesimal jackknife", "survival::concordance"],
  ["Uno's C", "pairs weighted by the inverse probability of censoring squared", "survival::concordance(timewt)"],
  ["Difference of C-indices", "same patients, covariance of the influences", "survival::concordance(fit1, fit2)"],
  [
    "Time-dependent AUC, Brier score",
    "weighted by the inverse probability of censoring",
    "riskRegression::Score(metrics)"
  ],
  [
    "Calibration",
    "fifths of risk by Kaplan–Meier; hazard regression on a spline of the risk; slope, ICI",
    "survfit, coxph, Hmisc::rcspline.eval"
  ],
  [
    "Decision curve",
    "net benefit by Kaplan–Meier; bands by percentile bootstrap",
    "definition written out with survfit"
  ],
  [
    "Continuous NRI, IDI",
    "weighted by the inverse probability of censoring (Uno 2013); percentile bootstrap",
    "definition written out"
  ],
  ["Optimism", "Harrell's bootstrap of C and calibration slope", "rms::validate"],
  ["Nomogram", "points, total points, survival", "rms::nomogram"],
  ["Predicted survival", "Cox model with its baseline; limits for both", "survfit(coxph, newdata)"],
  ["Shape of a term", "restricted cubic spline against a straight line, likelihood ratio", "rms::rcs, anova(coxph)"],
  ["Proportional hazards", "score test of a coefficient that drifts with time", "survival::cox.zph"],
  ["Best cut", "maximally selected log-rank, p adjusted (Lausen and Schumacher)", "maxstat::maxstat.test"],
  ["Cuts at quantiles", "quantiles of the selected patients, linear interpolation", "quantile(type = 7)"]
];

export function statisticalMethods(): HTMLElement {
  return element(
    "div",
    {class: "table-room", tabindex: 0, role: "region", "aria-label": "Statistical methods"},
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ["Statistic", "Definition", "Tested against R"].map((text) => element("th", {scope: "col"}, text))
        )
      ),
      element(
        "tbody",
        {},
        methods.map(([name, definition, r]) =>
          element(
            "tr",
            {},
            element("th", {scope: "row"}, name),
            element("td", {}, definition),
            element("td", {}, element("code", {}, r))
          )
        )
      )
    )
  );
}
