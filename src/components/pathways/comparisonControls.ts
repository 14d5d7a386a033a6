import {groupRows} from "../../cohort/groups.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {defaultSelection, NAMED} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import {element} from "../element.js";
import {optionGroups} from "../strataControls.js";

/** Two groups the reader has drawn, by row of the cohort: 1 the group of interest, 0 the reference, −1 neither. */
export interface DrawnGroups {
  readonly code: Int8Array;
  /** Reference, group of interest. */
  readonly names: readonly [string, string];
}

/**
 * Chooses two groups among the selected patients: a variable, and which two of its groups.
 *
 * @param selection - filters of the page's address; a numeric variable is cut at its median
 * @param rows - mask of the patients selected
 * @param first - variable and groups to begin with: those of the comparison published; null: the study's usual ones
 */
export function comparisonControls(
  cohort: Cohort,
  selection: Selection,
  rows: Uint8Array,
  first: {readonly variable: string; readonly names: readonly [string, string]} | null,
  onCompare: (groups: DrawnGroups) => void
): HTMLElement {
  const {study} = cohort;
  const by = element(
    "select",
    {name: "compare-by", onchange: () => fill()},
    selection.named.length > 1 ? element("option", {value: NAMED}, "Named selections") : null,
    optionGroups(study).map(([label, variables]) =>
      element(
        "optgroup",
        {label},
        variables.map((v) => element("option", {value: v.id}, v.label))
      )
    )
  );
  by.value = first?.variable ?? defaultSelection(study).stratifyBy ?? study.variables[0].id;
  const [interest, reference] = ["compare-high", "compare-low"].map((name) => element("select", {name}));
  const go = element("button", {type: "button", onclick: () => compare()}, "Recompute for these groups");
  const alone = element("small", {role: "status"});
  const grouping = () => groupRows(cohort, {...selection, stratifyBy: by.value, cut: {rule: "median"}}, rows);
  const fill = () => {
    const {groups, reference: usual} = grouping();
    go.disabled = groups.length < 2;
    alone.textContent = go.disabled ? "Among these patients this variable makes one group only; choose another." : "";
    const options = () => groups.map(({label}, g) => element("option", {value: g}, label));
    interest.replaceChildren(...options());
    reference.replaceChildren(...options());
    const named = (name: string) => groups.findIndex(({label}) => label === name || label.endsWith(`: ${name}`));
    const published = first && by.value === first.variable ? first.names.map(named) : [];
    const [low, high] = published.every((g) => g >= 0) ? published : [];
    reference.value = String(low ?? usual);
    interest.value = String(high ?? groups.findIndex((_, g) => g !== usual));
  };
  const compare = () => {
    const {code, groups} = grouping();
    if (groups.length < 2) return;
    const [high, low] = [Number(interest.value), Number(reference.value)];
    onCompare({
      code: Int8Array.from(code, (g, row) => (rows[row] === 0 ? -1 : g === high ? 1 : g === low ? 0 : -1)),
      names: [groups[low].label, groups[high].label]
    });
  };
  fill();
  return element("form", {class: "row-controls", onsubmit: (event) => event.preventDefault()}, [
    element("label", {}, element("span", {}, "Groups by"), by),
    element("label", {}, element("span", {}, "Compare"), interest),
    element("label", {}, element("span", {}, "against"), reference),
    go,
    alone
  ]);
}
