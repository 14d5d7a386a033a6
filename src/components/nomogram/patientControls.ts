import type {StudyDescription} from "../../cohort/description.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {formatNumber} from "../formatting.js";
import type {PatientValues} from "./patientValue.js";

export interface PatientControls {
  readonly element: HTMLElement;
  /** Shows values that were changed elsewhere. */
  show(values: PatientValues): void;
}

/** One field a term: a number to type, or a level to choose. */
export function patientControls(
  study: StudyDescription,
  model: PublishedModel,
  values: PatientValues,
  onChange: (variable: string, value: number | string) => void
): PatientControls {
  const fields = model.terms.map((term) => {
    const variable = study.variables.find(({id}) => id === term.variable)!;
    const name = variable.units ? `${variable.label}, ${variable.units}` : variable.label;
    if (term.kind === "factor") {
      const labels = new Map(variable.levels!.map(({value, label}) => [value, label]));
      const select = element(
        "select",
        {name: `patient.${term.variable}`, onchange: () => onChange(term.variable, select.value)},
        term.levels.map((level) => element("option", {value: level}, labels.get(level) ?? level))
      );
      return {variable: term.variable, name, input: select, help: null};
    }
    const [low, high] = term.range;
    const help = element("small", {}, `training: ${formatNumber(low)} to ${formatNumber(high)}`);
    const input = element("input", {
      type: "number",
      step: "any",
      name: `patient.${term.variable}`,
      oninput: () => {
        const value = input.valueAsNumber;
        if (Number.isFinite(value)) onChange(term.variable, value);
      }
    });
    return {variable: term.variable, name, input, help};
  });
  const show = (next: PatientValues) => {
    for (const {variable, input} of fields) {
      const text = String(next[variable]);
      // What the reader is typing is left alone: "1." must not become "1".
      if (Number(input.value) !== next[variable] && input.value !== text) input.value = text;
    }
  };
  show(values);
  return {
    element: element(
      "fieldset",
      {class: "controls"},
      element("legend", {}, "Patient"),
      fields.map(({name, input, help}) => element("label", {}, element("span", {}, name), input, help))
    ),
    show
  };
}

/** Terms whose value lies beyond the training patients', in one sentence each. */
export function beyondTraining(study: StudyDescription, model: PublishedModel, values: PatientValues): string[] {
  return model.terms.flatMap((term) => {
    if (term.kind === "factor") return [];
    const value = values[term.variable] as number;
    const [low, high] = term.range;
    if (value >= low && value <= high) return [];
    const {label} = study.variables.find(({id}) => id === term.variable)!;
    return [
      `${label} ${formatNumber(value)} lies beyond the training patients (${formatNumber(low)} to ${formatNumber(high)}): this prediction extrapolates.`
    ];
  });
}
