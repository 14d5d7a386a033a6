import {element} from "../element.js";
import {exactP, formatCount, formatInterval, formatP} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {countsText, effectText} from "../subgroups/forestPicture.js";
import type {Effect} from "../subgroups/effectWithin.js";
import type {TreatmentAnswer, TreatmentInteraction} from "./treatmentAnswer.js";
import type {WeightedTreatment} from "./weightedTreatment.js";

/** The headline: does the effect of one treatment differ between low and high risk? */
export function interactionHeadline({risk}: TreatmentAnswer, one: TreatmentInteraction): HTMLElement {
  const {variable, interaction, ratio, byRisk} = one;
  if (!interaction)
    return element(
      "p",
      {class: "headline-test"},
      `Whether ${variable.label} works differently in low and high risk cannot be tested here: ${unlike(one, risk)}`
    );
  const test = `χ² = ${interaction.statistic.toFixed(2)} on ${interaction.df} df`;
  return element(
    "p",
    {class: "headline-test", "data-p": interaction.p},
    element("strong", {title: exactP(interaction.p)}, `${variable.label} × risk: ${formatP(interaction.p)}`),
    element(
      "span",
      {},
      `Likelihood-ratio test of interaction, ${test}. Hazard ratio of treatment ${said(byRisk[0])} in ${risk[0].label}, ${said(byRisk[1])} in ${risk[1].label}${
        ratio ? `; the second over the first ${formatInterval(ratio.ratio, ratio.lower, ratio.upper)}` : ""
      }.`
    )
  );
}

const said = (effect: Effect) => (effect.reason ? "not estimable" : effectText(effect));

function unlike({byRisk, groups}: TreatmentInteraction, risk: TreatmentAnswer["risk"]): string {
  const empty = byRisk.flatMap(({n}, r) =>
    n.flatMap((count, g) => (count === 0 ? [`${groups[g].label} with ${risk[r].label}`] : []))
  );
  return empty.length > 0 ? `no selected patient is in ${empty.join(", nor in ")}.` : "there are no events.";
}

/** All treatments: effect in low and high risk, their ratio, and the test; then high against low within each. */
export function interactionTable({interactions, risk}: TreatmentAnswer, chosen: string): HTMLElement {
  const [low, high] = risk.map(({label}) => label);
  const current = (row: number) => interactions[row].variable.id === chosen;
  return element(
    "div",
    {},
    plainTable(
      "Interaction of each treatment with risk",
      ["Treatment", `HR in ${low}`, `HR in ${high}`, "Ratio of the two", "Interaction", "Holm"],
      interactions.map(({variable, byRisk, ratio, interaction, adjustedP}) => [
        variable.label,
        ...byRisk.map(effectText),
        ratio ? formatInterval(ratio.ratio, ratio.lower, ratio.upper).replace("95% CI ", "") : "no finite estimate",
        interaction ? element("span", {title: exactP(interaction.p)}, formatP(interaction.p)) : "–",
        interaction ? formatP(adjustedP) : "–"
      ]),
      current
    ),
    plainTable(
      `${high} against ${low} by treatment`,
      ["Treatment", `HR of ${high}, untreated`, `HR of ${high}, treated`],
      interactions.map(({variable, riskByTreatment}) => [variable.label, ...riskByTreatment.map(effectText)]),
      current
    )
  );
}

/** One treatment, crude and weighted, in everyone and in each risk group. */
export function weightedTable(
  weighted: WeightedTreatment,
  one: TreatmentInteraction,
  risk: TreatmentAnswer["risk"]
): HTMLElement {
  const {crude, weights, ratio} = weighted;
  const line = (name: string, before: Effect, after: Effect) => [
    name,
    countsText(after, 1),
    countsText(after, 0),
    effectText(before),
    effectText(after),
    after.reason ? "–" : element("span", {title: `Wald test, ${exactP(after.p)}`}, formatP(after.p))
  ];
  const effective = weights.effectiveSampleSize.map(Math.round);
  return element(
    "div",
    {},
    plainTable(
      "Crude and weighted hazard ratios of treatment",
      [
        "Patients",
        `${one.groups[1].label}: events / n`,
        `${one.groups[0].label}: events / n`,
        "Crude HR (95% CI)",
        "Weighted HR (95% robust CI)",
        "p"
      ],
      [
        line("All selected", crude, weighted.weighted),
        ...risk.map(({label}, r) => line(label, weighted.crudeByRisk[r], weighted.byRisk[r]))
      ]
    ),
    element(
      "p",
      {class: "test"},
      `Effective number of patients after weighting: ${formatCount(effective[1])} of ${formatCount(weights.count[1])} treated, ${formatCount(effective[0])} of ${formatCount(weights.count[0])} untreated. `,
      ratio
        ? `Weighted ratio of hazard ratios, ${risk[1].label} over ${risk[0].label}: ${formatInterval(ratio.ratio, ratio.lower, ratio.upper)}, robust Wald ${formatP(ratio.p)}.`
        : "The weighted ratio of hazard ratios has no finite estimate."
    )
  );
}
