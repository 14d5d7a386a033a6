import type {Cohort} from "../cohort/readCohort.js";
import {countRows, patientMask} from "../cohort/rowMask.js";
import {MOST_NAMED, NAMED, withNamed, withoutNamed} from "../cohort/selection.js";
import type {NamedPatients} from "../cohort/selection.js";
import {patientsWords} from "../cohort/selectionWords.js";
import {element} from "./element.js";
import type {FollowedSelection} from "./followSelection.js";
import {formatCount} from "./formatting.js";
import {savedSelections} from "./savedSelections.js";

/**
 * Selections the reader has named: shown again at a click, compared as groups, kept in the link and in the browser.
 *
 * @param compares - whether the page can compare them as groups
 */
export function namedSelections(
  cohort: Cohort,
  followed: FollowedSelection,
  {compares}: {readonly compares: boolean}
): HTMLElement {
  const saved = savedSelections(cohort.study);
  const {study} = cohort;
  const list = element("ul", {class: "named"});
  const said = element("small", {role: "status"});
  const earlier = element("details", {});
  const name = element("input", {
    type: "text",
    name: "selection-name",
    maxlength: 40,
    autocomplete: "off",
    onkeydown: (event) => {
      if ((event as KeyboardEvent).key !== "Enter") return;
      event.preventDefault();
      save();
    }
  });
  const compare = element(
    "button",
    {
      type: "button",
      name: "compare-named",
      hidden: !compares,
      onclick: () => {
        if (compare.getAttribute("aria-disabled") === "true")
          said.textContent = "Name two selections or more to compare them.";
        else followed.choose({stratifyBy: NAMED, crossBy: null, reference: null, filters: [], anyOf: []});
      }
    },
    "Compare them as groups"
  );
  const save = () => {
    const given = name.value.trim();
    const now = followed.current();
    if (given === "") {
      said.textContent = "Give the selection a name first.";
      name.focus();
      return;
    }
    const next = withNamed(now, {name: given, filters: now.filters, anyOf: now.anyOf});
    if (next === now) {
      said.textContent = `${MOST_NAMED} selections have names already; remove one first.`;
      return;
    }
    saved.save(next.named.find((other) => other.name === given)!);
    name.value = "";
    followed.choose({named: next.named});
    said.textContent = `"${given}" is kept: ${patientsWords(study, now)}.`;
  };
  const show = ({name, filters, anyOf}: NamedPatients) => {
    followed.choose({filters, anyOf});
    said.textContent = `"${name}" is selected.`;
  };
  const remove = (gone: string) => {
    const {named, stratifyBy} = withoutNamed(study, followed.current(), gone);
    followed.choose({named, stratifyBy});
    said.textContent = `"${gone}" was removed.`;
    name.focus();
  };
  const add = (patients: NamedPatients) => {
    const next = withNamed(followed.current(), patients);
    if (next === followed.current())
      said.textContent = `${MOST_NAMED} selections have names already; remove one first.`;
    else followed.choose({named: next.named});
    name.focus();
  };
  let shown: readonly NamedPatients[] | null = null;
  const follow = () => {
    if (followed.current().named !== shown) fill();
  };
  const fill = () => {
    const {named} = followed.current();
    shown = named;
    list.replaceChildren(...named.map((patients) => line(cohort, patients, () => show(patients), remove)));
    compare.setAttribute("aria-disabled", String(named.length < 2));
    const others = saved.all().filter((other) => !named.some((present) => present.name === other.name));
    earlier.hidden = others.length === 0;
    earlier.replaceChildren(
      element("summary", {}, `Kept in this browser (${others.length})`),
      element(
        "ul",
        {class: "named"},
        others.map((patients) =>
          element(
            "li",
            {},
            text(cohort, patients),
            button("Add", `Add ${patients.name} to these selections`, () => add(patients)),
            button("Forget", `Forget ${patients.name} in this browser`, () => {
              saved.forget(patients.name);
              fill();
              said.textContent = `"${patients.name}" was forgotten.`;
              name.focus();
            })
          )
        )
      )
    );
  };
  followed.onChange(() => queueMicrotask(follow));
  fill();
  return element(
    "fieldset",
    {class: "controls"},
    element("legend", {}, "Named selections"),
    list,
    element("label", {}, element("span", {}, "Name the patients now selected"), name),
    element("div", {class: "downloads"}, button("Keep", "Keep the selection under this name", save), compare),
    said,
    earlier
  );
}

function line(cohort: Cohort, patients: NamedPatients, show: () => void, remove: (name: string) => void): HTMLElement {
  const {name} = patients;
  return element(
    "li",
    {},
    text(cohort, patients),
    button("Select", `Select ${name}`, show),
    button("Remove", `Remove ${name}`, () => remove(name))
  );
}

function text(cohort: Cohort, patients: NamedPatients): HTMLElement {
  const n = countRows(patientMask(cohort, patients));
  return element(
    "span",
    {},
    element("b", {}, patients.name),
    ` ${formatCount(n)} `,
    element("small", {}, patientsWords(cohort.study, patients))
  );
}

function button(label: string, says: string, onclick: () => void): HTMLButtonElement {
  return element("button", {type: "button", class: "remove", "aria-label": says, onclick}, label);
}
