import type {Cohort} from "../../cohort/readCohort.js";
import {pearson} from "../../enrichment/correlation.js";
import type {PathwayResult} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {adjust} from "../../numeric/adjust.js";
import {element} from "../element.js";
import {formatNumber, formatP} from "../formatting.js";
import {byPatient, setScores} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";
import {setLabel} from "./pathwayDots.js";

const MOST = 20;

/** From image to gene: correlation of each set's score with the signatures and the risk score, patient by patient. */
export function correlationTable(
  cohort: Cohort,
  data: ExpressionData,
  sets: readonly GeneSet[],
  pathways: readonly PathwayResult[]
): HTMLElement {
  const variables = cohort.study.variables.filter(({type, origin}) => type === "numeric" && origin !== "measured");
  if (variables.length === 0) return element("p", {}, "This study has no signature to correlate with.");
  const shown = pathways.slice(0, MOST);
  const cells = shown.map(({name}) => {
    const genes = sets.find((set) => set.name === name)!.genes;
    const score = byPatient(data, setScores(data, genes), cohort.n);
    return variables.map(({id}) => {
      const column = cohort.variable(id);
      return pearson(score, column.type === "numeric" ? column.values : new Float64Array(cohort.n).fill(NaN));
    });
  });
  const q = adjust(
    cells.flat().map(({p}) => p),
    "BH"
  );
  return element(
    "div",
    {class: "table-room dense", tabindex: 0, role: "region", "aria-label": "Correlation of pathways with signatures"},
    element(
      "table",
      {class: "correlations"},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ["Gene set", ...variables.map(({label}) => label)].map((text) => element("th", {scope: "col"}, text))
        )
      ),
      element(
        "tbody",
        {},
        shown.map(({name}, i) =>
          element(
            "tr",
            {},
            element("th", {scope: "row"}, setLabel(name)),
            cells[i].map(({r, p, n}, v) => {
              const cell = element(
                "td",
                {title: `n = ${n}, ${formatP(p)}, q = ${formatNumber(q[i * variables.length + v], 2)}`},
                `${formatNumber(r, 2)}${q[i * variables.length + v] < 0.05 ? " *" : ""}`
              );
              const share = Number.isNaN(r) ? 0 : Math.round(Math.abs(r) * 60);
              cell.style.background = `color-mix(in srgb, var(--tone-${r > 0 ? "high" : "low"}) ${share}%, transparent)`;
              return cell;
            })
          )
        )
      )
    ),
    element(
      "p",
      {class: "note-line"},
      "Pearson's r of the set's score (z-scores of its genes, Lee 2008) over patients with gene expression. *: q < 0.05, Benjamini–Hochberg over the table. The darker, the stronger."
    )
  );
}
