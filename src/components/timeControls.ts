import type {StudyDescription, TimeUnit} from "../cohort/description.js";
import {endpointOf} from "../cohort/selection.js";
import type {Selection} from "../cohort/selection.js";
import {TIME_UNITS, toUnit} from "../cohort/timeUnit.js";
import {element} from "./element.js";

/** A control under its name. */
export function labelled(text: string, control: HTMLElement, hint?: HTMLElement): HTMLElement {
  return element("label", {}, element("span", {}, text), control, hint);
}

/**
 * Fields for the unit of time and the landmark. The landmark is shown in the unit the reader chose and kept in the study's
 * own, so that another unit does not move it.
 *
 * @returns `update` shows the unit and the landmark of another endpoint or unit
 */
export function timeControls(
  study: StudyDescription,
  current: () => Selection,
  change: (part: Partial<Selection>) => void
): {readonly elements: readonly HTMLElement[]; readonly update: () => void} {
  const usual = element("option", {value: ""});
  const unit = element(
    "select",
    {name: "unit", onchange: () => change({unit: unit.value === "" ? null : (unit.value as TimeUnit)})},
    usual,
    TIME_UNITS.map((other) => element("option", {value: other}, other))
  );
  const hint = element("small", {});
  const units = () => {
    const own = endpointOf(study, current()).unit;
    return {own, shown: current().unit ?? own};
  };
  const input = element("input", {
    type: "number",
    name: "landmark",
    min: 0,
    step: "any",
    onchange: () => {
      const {own, shown} = units();
      const at = toUnit(input.valueAsNumber, shown, own);
      change({landmark: at > 0 ? Number(at.toPrecision(12)) : null});
    }
  });
  const update = () => {
    const {landmark} = current();
    const {own, shown} = units();
    usual.textContent = `as in the study (${own})`;
    unit.value = current().unit ?? "";
    input.value = landmark === null ? "" : String(Number(toUnit(landmark, own, shown).toPrecision(6)));
    hint.textContent = `${shown}; only patients still followed then count`;
  };
  update();
  return {elements: [labelled("Times in", unit), labelled("Landmark", input, hint)], update};
}
