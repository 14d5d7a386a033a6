import {element} from "./element.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** Which group the others are compared with. */
export interface ReferenceChoice {
  readonly element: HTMLElement;
  /** Offers the groups of an answer that have patients; nothing where there are fewer than two. */
  offer(answer: SurvivalAnswer): void;
}

/** @param choose - told the key of a group, see `Grouping.keys` */
export function referenceChoice(choose: (key: string) => void): ReferenceChoice {
  const select = element("select", {name: "reference", onchange: () => choose(select.value)});
  const root = element("p", {class: "option"}, element("label", {}, "Compared with ", select));
  let offered = "";
  return {
    element: root,
    offer({grouping: {groups, keys, reference}, groups: found}) {
      root.hidden = found.length < 2;
      const here = groups.flatMap(({label}, g) =>
        found.some((group) => group.label === label) ? [{label, key: keys[g]}] : []
      );
      const now = JSON.stringify(here);
      if (now !== offered) {
        offered = now;
        select.replaceChildren(...here.map(({label, key}) => element("option", {value: key}, label)));
      }
      // A reference without patients gives way to the first group that has some.
      select.value = here.some(({key}) => key === keys[reference]) ? keys[reference] : (here[0]?.key ?? "");
    }
  };
}
