import type {PublishedFigure, StudyDescription} from "../cohort/description.js";
import {element} from "./element.js";
import {formatCount, formatInterval} from "./formatting.js";
import type {RiskSet} from "./riskSets.js";

/** C-index and hazard ratio of the risk model by set; the paper's stand in columns of their own. */
export function headlineTable(study: StudyDescription, sets: readonly RiskSet[]): HTMLElement {
  if (!study.riskModel)
    return element(
      "p",
      {},
      "This study has no risk model, so there is no C-index to show. Its groups are compared below."
    );
  const {published} = study;
  const head = ["Set", "n", "Events", "C-index (95% CI)", "High v low risk, HR (95% CI)"];
  if (published) head.push("Paper: C-index (95% CI)", "Paper: HR (95% CI)");
  const table = element(
    "table",
    {class: "statistics"},
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        head.map((text) => element("th", {scope: "col"}, text))
      )
    ),
    element(
      "tbody",
      {},
      sets.map((set) => row(set, published?.figures ?? null))
    )
  );
  return element(
    "div",
    {},
    element("div", {class: "table-room", tabindex: 0, role: "region", "aria-label": "C-index by set"}, table),
    element("p", {}, modelSentence(study)),
    published ? element("p", {}, `Paper: ${published.source}. Its patients are not these.`) : null
  );
}

function row({set, label, answer, concordance}: RiskSet, published: readonly PublishedFigure[] | null): HTMLElement {
  const ratio = answer.hazardRatios.find(({group}) =>
    answer.groups.some((g) => g.label === group && g.tone === "high")
  );
  const cells = [
    formatCount(concordance?.n ?? answer.n),
    formatCount(concordance?.events ?? answer.events),
    concordance ? bare(concordance.concordance, concordance.lower, concordance.upper, threeDecimals) : "–",
    ratio?.estimable ? bare(ratio.hazardRatio, ratio.lower, ratio.upper) : "–"
  ];
  if (published) cells.push(paper(published, "concordance", set), paper(published, "hazardRatio", set));
  return element(
    "tr",
    {},
    element("th", {scope: "row"}, label),
    cells.map((cell) => element("td", {}, cell))
  );
}

const threeDecimals = (value: number) => value.toFixed(3);

function bare(estimate: number, lower: number, upper: number, format?: (value: number) => string): string {
  return formatInterval(estimate, lower, upper, format).replace("95% CI ", "");
}

function paper(
  figures: readonly PublishedFigure[],
  quantity: PublishedFigure["quantity"],
  set: RiskSet["set"]
): string {
  const format = quantity === "concordance" ? threeDecimals : undefined;
  const found = figures.filter((figure) => figure.quantity === quantity && figure.set === set);
  if (found.length === 0) return "–";
  const named = found.map(
    (f) => `${found.length > 1 ? `${f.label}: ` : ""}${bare(f.estimate, f.lower, f.upper, format)}`
  );
  return named.join("; ");
}

function modelSentence({riskModel, split, variables}: StudyDescription): string {
  const {label, fittedOn, cut, terms} = riskModel!;
  const names = [...new Set(terms.map(({variable}) => variables.find(({id}) => id === variable)?.label ?? variable))];
  const where = fittedOn.split && split ? "the training set" : "all patients";
  const inside = split ? "" : " They are also those it is judged on here, which flatters it.";
  return `${label}: Cox regression on ${names.join(", ")}, fitted on ${where} only (n = ${formatCount(fittedOn.n)}, ${formatCount(fittedOn.events)} events). High risk is a score above the ${cut.rule} of ${split ? "its patients" : "all patients"}, kept as it is for everyone else. C is Harrell's.${inside}`;
}
