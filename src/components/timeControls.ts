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
 * Fields for the unit of time, the landmark and the time at which groups are compared. Times are shown in the unit the reader
 * chose and kept in the study's own, so that another unit does not move them.
 *
 * @param options - `comparesAt`: whether the page compares groups at a time
 * @returns `update` shows the unit and the landmark of another endpoint or unit
 */
export function timeControls(
  study: StudyDescription,
  current: () => Selection,
  change: (part: Partial<Selection>) => void,
  {comparesAt = false}: {readonly comparesAt?: boolean} = {}
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
  const field = (name: "landmark" | "horizon") => {
    const input = element("input", {
      type: "number",
      name,
      min: 0,
      step: "any",
      onchange: () => {
        const {own, shown} = units();
        const at = toUnit(input.valueAsNumber, shown, own);
        change({[name]: at > 0 ? Number(at.toPrecision(12)) : null});
      }
    });
    const follow = () => {
      const at = current()[name];
      const {own, shown} = units();
      input.value = at === null ? "" : String(Number(toUnit(at, own, shown).toPrecision(6)));
    };
    return {input, follow};
  };
  const [landmark, horizon] = [field("landmark"), field("horizon")];
  const horizonHint = element("small", {});
  const update = () => {
    const {own, shown} = units();
    usual.textContent = `as in the study (${own})`;
    unit.value = current().unit ?? "";
    landmark.follow();
    horizon.follow();
    hint.textContent = `${shown}; only patients still followed then count`;
    const what = endpointOf(study, current()).competing
      ? "time lost up to then, incidence by it"
      : "mean up to then, survival at it";
    horizonHint.textContent = `${shown}; ${what}`;
  };
  update();
  const elements = [labelled("Times in", unit), labelled("Landmark", landmark.input, hint)];
  if (comparesAt) elements.push(labelled("Compare the groups at", horizon.input, horizonHint));
  return {elements, update};
}
