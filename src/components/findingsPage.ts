import type {Cohort} from "../cohort/readCohort.js";
import {element} from "./element.js";
import {headlineTable} from "./headlineTable.js";
import {notesList} from "./notesList.js";
import {patientFlow} from "./patientFlow.js";
import {riskSets} from "./riskSets.js";
import {selectedPatients} from "./selectedPatients.js";
import type {SelectedPatients} from "./selectedPatients.js";
import {survivalSections} from "./survivalSections.js";

/** The first page: how well the risk model tells the selected patients apart, and who was studied. */
export function findingsPage(cohort: Cohort): HTMLElement {
  const {study} = cohort;
  const root = element("div", {});
  const [table, curves] = [0, 0].map(() => element("div", {}));
  const show = ({selection}: SelectedPatients) => {
    const sets = riskSets(cohort, selection);
    table.replaceChildren(headlineTable(study, sets));
    curves.replaceChildren(survivalSections(cohort, sets));
  };
  const {head, selected} = selectedPatients(
    cohort,
    "The table and the curves are of the selected patients; who was studied is of all.",
    root,
    show
  );
  show(selected);
  root.append(
    head,
    element("h2", {}, "How well does the risk model tell patients apart?"),
    table,
    curves,
    element("h2", {}, "Who was studied?"),
    patientFlow(study.flow),
    notesList(study.notes, "The checks of the study's tables had nothing to add.")
  );
  return root;
}
