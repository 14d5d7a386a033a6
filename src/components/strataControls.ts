import type {StudyDescription, Variable} from "../cohort/description.js";
import {NAMED, stratifier} from "../cohort/selection.js";
import type {Band, Cut, Interval, Selection} from "../cohort/selection.js";
import {readCut} from "../cohort/selectionUrl.js";
import {element} from "./element.js";
import {endpointControls} from "./endpointControls.js";
import {labelled, timeControls} from "./timeControls.js";

/** Told of every change the reader makes. */
export type Change = (change: Partial<Selection>) => void;

export interface StrataOptions {
  /** Whether groups may be crossed with those of a second variable. Default no: then the page compares one variable's. */
  readonly offersCross?: boolean;
}

/** Fields for endpoint, groups, cut, interval, band, unit of time and landmark. They stay in place while the reader works with them. */
export function strataControls(
  study: StudyDescription,
  selection: Selection,
  change: Change,
  {offersCross = false}: StrataOptions = {}
): HTMLElement {
  const cut = element("div", {class: "cut"});
  let current = selection;
  const tell = (asked: Partial<Selection>) => {
    // Other groups have another reference.
    const others = asked.stratifyBy !== undefined || asked.crossBy !== undefined;
    const part = others ? {...asked, reference: null} : asked;
    current = {...current, ...part};
    if (part.stratifyBy !== undefined) showCut();
    if (part.endpoint !== undefined || part.unit !== undefined) time.update();
    change(part);
  };
  const showCut = () => {
    const numeric = stratifier(study, current)?.type === "numeric";
    cut.replaceChildren(...(numeric ? [cutField(current.cut, (next) => tell({cut: next}))] : []));
  };
  const time = timeControls(study, () => current, tell, {comparesAt: offersCross});
  showCut();
  return element(
    "fieldset",
    {class: "controls"},
    element("legend", {}, "Groups"),
    endpointControls(study, selection, (endpoint) => tell({endpoint})),
    groupField(study, selection, tell),
    cut,
    offersCross ? crossField(study, selection, tell) : null,
    element(
      "details",
      {
        open:
          [selection.landmark, selection.horizon, selection.unit].some((part) => part !== null) ||
          selection.interval !== "log-log" ||
          selection.band !== "pointwise"
      },
      [
        element("summary", {}, "Interval, time and landmark"),
        intervalField(selection, tell),
        bandField(selection, tell),
        ...time.elements
      ]
    )
  );
}

function choice(value: string, label: string, chosen: boolean): HTMLOptionElement {
  return element("option", {value, selected: chosen}, label);
}

function groupField(study: StudyDescription, {stratifyBy, named}: Selection, change: Change): HTMLElement {
  const select = element(
    "select",
    {name: "by", onchange: () => change({stratifyBy: select.value || null})},
    choice("", "Nothing: all patients together", stratifyBy === null),
    named.length > 1 ? choice(NAMED, `Named selections (${named.length})`, stratifyBy === NAMED) : null,
    optionGroups(study).map(([label, variables]) =>
      element(
        "optgroup",
        {label},
        variables.map((variable) => choice(variable.id, variable.label, variable.id === stratifyBy))
      )
    )
  );
  return labelled("Groups by", select);
}

function crossField(study: StudyDescription, {crossBy}: Selection, change: Change): HTMLElement {
  const select = element(
    "select",
    {name: "and", onchange: () => change({crossBy: select.value || null})},
    choice("", "nothing else", crossBy === null),
    optionGroups(study).map(([label, variables]) =>
      element(
        "optgroup",
        {label},
        variables.map((variable) => choice(variable.id, variable.label, variable.id === crossBy))
      )
    )
  );
  return labelled("and by", select);
}

/** Every variable once: the computed ones, those the study offers first, treatments, the rest. */
export function optionGroups(study: StudyDescription): [string, Variable[]][] {
  const isTreatment = ({id}: Variable) => study.treatments.includes(id);
  const isFirst = ({id}: Variable) => study.strata.includes(id);
  const measured = study.variables.filter(({origin}) => origin === "measured");
  const groups: [string, Variable[]][] = [
    ["Risk and signatures", study.variables.filter(({origin}) => origin !== "measured").reverse()],
    ["Main characteristics", measured.filter((v) => isFirst(v) && !isTreatment(v))],
    ["Treatments", measured.filter(isTreatment)],
    ["Other variables", measured.filter((v) => !isFirst(v) && !isTreatment(v))]
  ];
  return groups.filter(([, variables]) => variables.length > 0);
}

function cutField(cut: Cut, change: (cut: Cut) => void): HTMLElement {
  const values = element("input", {
    type: "text",
    inputmode: "decimal",
    name: "cut-values",
    "aria-label": "Values to cut at, separated by commas",
    placeholder: "e.g. 50, 60",
    value: cut.rule === "at" ? cut.values.join(", ") : "",
    hidden: cut.rule !== "at",
    onchange: () => {
      const read = readCut(values.value.trim());
      const usable = read?.rule === "at";
      values.setAttribute("aria-invalid", String(!usable));
      if (usable) change(read);
    }
  });
  const radio = (rule: Cut["rule"], label: string) =>
    element(
      "label",
      {class: "choice"},
      element("input", {
        type: "radio",
        name: "cut",
        value: rule,
        checked: cut.rule === rule,
        onchange: () => {
          values.hidden = rule !== "at";
          if (rule !== "at") change({rule});
          else values.focus();
        }
      }),
      label
    );
  return element(
    "fieldset",
    {class: "inner"},
    element("legend", {}, "Cut at"),
    radio("median", "median"),
    radio("tertiles", "tertiles"),
    radio("quartiles", "quartiles"),
    radio("at", "values"),
    values
  );
}

function intervalField({interval}: Selection, change: Change): HTMLElement {
  const select = element(
    "select",
    {name: "interval", onchange: () => change({interval: select.value as Interval})},
    ["log-log", "log", "plain"].map((scale) => choice(scale, scale, scale === interval))
  );
  return labelled("Interval of the curve", select);
}

function bandField({band}: Selection, change: Change): HTMLElement {
  const select = element(
    "select",
    {name: "band", onchange: () => change({band: select.value as Band})},
    choice("pointwise", "each point: pointwise", band === "pointwise"),
    choice("hall-wellner", "the whole curve: Hall–Wellner", band === "hall-wellner"),
    choice("equal-precision", "the whole curve: equal precision", band === "equal-precision")
  );
  return labelled("The band holds, with 95% confidence", select);
}
