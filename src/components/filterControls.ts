import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import type {Filter, Selection} from "../cohort/selection.js";
import {element} from "./element.js";
import {filterList} from "./filterList.js";
import type {FilterList} from "./filterList.js";
import type {FollowedSelection} from "./followSelection.js";

/** What filters tell the page. */
export type FilterActs = Pick<FollowedSelection, "change" | "slide" | "settle">;

/** Filters on a page, and their counts, which follow every change. */
export interface FilterControls {
  readonly element: HTMLElement;
  /** Counts under the selection's other filters. */
  update(selection: Selection): void;
}

/** One alternative on the page. */
interface Block {
  readonly element: HTMLElement;
  readonly list: FilterList;
}

/** Filters that all must hold, and alternatives of which one must. */
export function filterControls(cohort: Cohort, selection: Selection, acts: FilterActs): FilterControls {
  let current = selection;
  const tell = (part: Partial<Selection>, sliding = false) => {
    current = {...current, ...part};
    acts[sliding ? "slide" : "change"](part);
  };
  const all = filterList(
    cohort,
    selection.filters,
    "",
    (filters, sliding) => tell({filters}, sliding),
    () => acts.settle()
  );
  const blocks: Block[] = [];
  const held = element("div", {class: "filters"});
  const more = element(
    "button",
    {
      type: "button",
      name: "add-alternative",
      onclick: () => {
        const added = blocks.length === 0 ? 2 : 1;
        const first = blocks.length;
        for (let k = 0; k < added; k++) addBlock([]);
        tell({anyOf: [...current.anyOf, ...Array.from({length: added}, () => [])]});
        blocks[first].element.querySelector("select")?.focus();
      }
    },
    ""
  );
  const say = () => {
    more.textContent = blocks.length === 0 ? "Either … or …" : "or …";
    more.title = "Alternatives: a patient must pass the filters of one of them";
    blocks.forEach(({element: block}, b) => {
      block.querySelector("legend")!.textContent = b === 0 ? "Either" : "or";
    });
  };
  const addBlock = (filters: readonly Filter[]) => {
    const own = () => blocks.indexOf(block);
    const list = filterList(
      cohort,
      filters,
      `any${nextBlock++}.`,
      (next, sliding) => tell({anyOf: current.anyOf.with(own(), next)}, sliding),
      () => acts.settle()
    );
    const remove = () => {
      const at = own();
      blocks.splice(at, 1);
      block.element.remove();
      say();
      tell({anyOf: current.anyOf.filter((_, b) => b !== at)});
      more.focus();
    };
    const block: Block = {
      list,
      element: element(
        "fieldset",
        {class: "alternative"},
        element("legend", {}),
        list.elements,
        element("button", {type: "button", class: "remove", onclick: remove}, "Remove this alternative")
      )
    };
    blocks.push(block);
    held.append(block.element);
    say();
  };
  let nextBlock = 1;
  for (const filters of selection.anyOf) addBlock(filters);
  say();
  const update = (next: Selection) => {
    current = next;
    all.update(next.filters, rowMask(cohort, {...next, filters: []}));
    if (blocks.length === 0) return;
    const among = rowMask(cohort, {...next, anyOf: []});
    blocks.forEach(({list}, b) => list.update(next.anyOf[b] ?? [], among));
  };
  update(selection);
  return {
    element: element(
      "fieldset",
      {class: "controls"},
      element("legend", {}, "Patients"),
      all.elements,
      held,
      element("p", {}, more)
    ),
    update
  };
}
