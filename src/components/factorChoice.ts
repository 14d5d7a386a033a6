import type {StudyDescription, Variable} from "../cohort/description.js";
import {element} from "./element.js";
import {readOption, writeOption} from "./pageOptions.js";

/** A list of factors that make panels; it keeps the reader's choice while it is offered, and stands in the address. */
export interface FactorChoice {
  readonly element: HTMLElement;
  readonly chosen: () => Variable | null;
  readonly offer: (factors: readonly Variable[]) => void;
}

/**
 * @param none - the words for no panels at all, which then is the usual choice; without them the first categorical factor is
 */
export function factorChoice({split}: StudyDescription, change: () => void, none?: string): FactorChoice {
  let factors: readonly Variable[] | null = null;
  let wanted = readOption("panels");
  const usual = () =>
    none === undefined
      ? (factors?.find(({id, type}) => type === "categorical" && id !== split?.variable) ?? factors?.[0] ?? null)
      : null;
  const chosen = () => factors?.find(({id}) => id === wanted) ?? usual();
  const select = element("select", {
    name: "panels",
    onchange: () => {
      wanted = select.value;
      writeOption("panels", wanted === "" ? null : wanted);
      change();
    }
  });
  return {
    element: element("p", {class: "option"}, element("label", {}, "A panel for each level of ", select)),
    chosen,
    offer: (next) => {
      const same = next.length === factors?.length && next.every((variable, f) => variable === factors?.[f]);
      factors = next;
      if (same) return;
      select.replaceChildren(
        ...(none === undefined ? [] : [element("option", {value: ""}, none)]),
        ...next.map(({id, label}) => element("option", {value: id}, label))
      );
      select.value = chosen()?.id ?? "";
    }
  };
}
