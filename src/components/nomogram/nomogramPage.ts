import type {Cohort} from "../../cohort/readCohort.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {remarkList} from "../remarkList.js";
import {selectedPatients} from "../selectedPatients.js";
import type {SelectedPatients} from "../selectedPatients.js";
import {candidateTable} from "./candidateTable.js";
import {cutExplorer} from "./cutExplorer.js";
import {functionalFormFigures} from "./functionalFormFigures.js";
import {modelComparison} from "./modelComparison.js";
import {modelFacts} from "./modelFacts.js";
import {nomogramExplorer} from "./nomogramExplorer.js";

/** The page on the risk model and its rivals; it says what a study lacks instead of breaking. */
export function nomogramPage(cohort: Cohort, published: PublishedModels): HTMLElement {
  const {models, unfitted} = published;
  const {riskModel} = cohort.study;
  const reasons = remarkList(unfitted.map(({reason}) => reason));
  if (models.length === 0)
    return element(
      "div",
      {},
      element(
        "p",
        {},
        "This study has no fitted model, so there is no nomogram. Name one under riskModel in study.json."
      ),
      reasons
    );
  const root = element("div", {});
  const parting = element("div", {});
  let cut: number | null = null;
  const showCut = (of: Uint8Array | null) => {
    if (riskModel) parting.replaceChildren(cutExplorer(cohort, riskModel, of, cut, (moved) => (cut = moved)));
  };
  const onlyOf = ({rows, restricted}: SelectedPatients) => (restricted ? rows : null);
  const {head, selected} = selectedPatients(
    cohort,
    "The models themselves do not depend on it: how good they are and where the risk groups part is shown for the selected patients.",
    root,
    (now) => {
      comparison.judge(onlyOf(now));
      showCut(onlyOf(now));
    }
  );
  const comparison = modelComparison(cohort, published, onlyOf(selected));
  showCut(onlyOf(selected));
  root.append(
    head,
    element(
      "p",
      {},
      "Drag the patient along the axes, type values, or load a patient of the cohort; points, survival and curve follow. It describes these data and is no medical device."
    ),
    reasons,
    nomogramExplorer(cohort, published),
    element("h2", {}, "How good are the models?"),
    comparison.element,
    element("h2", {}, "Where do low and high risk part?"),
    riskModel ? parting : element("p", {}, "There are no risk groups: the risk model could not be fitted."),
    element("h2", {}, "The models in full"),
    element(
      "p",
      {},
      "Everything a prediction needs. Fitted on training patients only; no test patient's outcome entered any number here."
    ),
    ...models.map((model) => modelFacts(cohort, model)),
    element("h2", {}, "Were the terms well chosen?"),
    candidateTable(cohort.study, published),
    functionalFormFigures(cohort, published)
  );
  return root;
}
