import type {EventKind, StudyDescription} from "../cohort/description.js";
import {definitionOf, isDefined, writeDefinition} from "../cohort/endpointDefinition.js";
import type {EndpointDefinition} from "../cohort/endpointDefinition.js";
import type {Selection} from "../cohort/selection.js";
import {element} from "./element.js";
import {counted} from "./formatting.js";
import {labelled} from "./timeControls.js";

/** What a kind of event can be to an endpoint. */
const ROLES = {
  none: "no part",
  to: "event",
  competing: "competing",
  censoring: "censoring"
} as const;
type Role = keyof typeof ROLES;

/**
 * The endpoint: one of the study's own or, where it has dated events, one that the reader makes of them.
 *
 * @returns null where there is nothing to choose
 */
export function endpointControls(
  study: StudyDescription,
  {endpoint}: Pick<Selection, "endpoint">,
  change: (endpoint: string) => void
): HTMLElement | null {
  const {endpoints, events} = study;
  if (endpoints.length < 2 && !events) return null;
  const option = (value: string, label: string) =>
    element("option", {value, selected: value === (isDefined(endpoint) ? "*" : endpoint)}, label);
  const definition = element("div", {class: "definition"});
  const select = element(
    "select",
    {
      name: "endpoint",
      onchange: () => {
        const defined = select.value === "*";
        const chosen = defined ? writeDefinition(usualDefinition(study), study) : select.value;
        definition.replaceChildren(...(defined ? [definitionField(study, chosen, change)] : []));
        change(chosen);
      }
    },
    endpoints.map(({id, label}) => option(id, label)),
    events ? option("*", "Of dated events, defined here") : null
  );
  if (isDefined(endpoint)) definition.append(definitionField(study, endpoint, change));
  return element("div", {class: "panel-controls"}, labelled("Endpoint", select), definition);
}

/** What a reader starts from: time zero to death, or to the first kind there is. */
function usualDefinition({events}: StudyDescription): EndpointDefinition {
  const {death, kinds} = events!;
  return {from: null, to: [death ?? kinds[0].id], competing: [], censoring: []};
}

/** Where the clock starts, and what each kind of event is to the endpoint. */
function definitionField(study: StudyDescription, endpoint: string, change: (endpoint: string) => void): HTMLElement {
  const {kinds} = study.events!;
  let current = definitionOf(study, endpoint);
  const said = element("small", {role: "status"});
  const tell = (part: Partial<EndpointDefinition>) => {
    const next = {...current, ...part};
    said.textContent = next.to.length === 0 ? "An endpoint needs an event: choose a kind that is one." : "";
    current = next;
    if (next.to.length > 0) change(writeDefinition(next, study));
  };
  const {from} = current;
  const startOption = (value: string, label: string) =>
    element("option", {value, selected: value === (from ? `${from.which}-${from.kind}` : "zero")}, label);
  const start = element(
    "select",
    {
      name: "from",
      onchange: () => {
        const [which, kind] = start.value.split("-");
        tell({from: kind ? {which: which as "first" | "last", kind} : null});
      }
    },
    startOption("zero", "time zero"),
    kinds.flatMap((kind) => startsOf(kind).map(([value, label]) => startOption(value, label)))
  );
  const roles = kinds.map(({id, label}) => {
    const own = (Object.keys(ROLES) as Role[]).find((role) => role !== "none" && current[role].includes(id)) ?? "none";
    const select = element(
      "select",
      {
        name: `role-${id}`,
        onchange: () => {
          const without = (role: "to" | "competing" | "censoring") => current[role].filter((other) => other !== id);
          const cleared = {to: without("to"), competing: without("competing"), censoring: without("censoring")};
          const role = select.value as Role;
          tell(role === "none" ? cleared : {...cleared, [role]: [...cleared[role], id]});
        }
      },
      Object.entries(ROLES).map(([role, words]) => element("option", {value: role, selected: role === own}, words))
    );
    return element("label", {class: "role"}, element("span", {}, label), select);
  });
  return element(
    "fieldset",
    {class: "inner definition-field"},
    element("legend", {}, "Defined from dated events"),
    labelled("The clock starts at", start),
    roles,
    said
  );
}

function startsOf({id, label, events, patients}: EventKind): [string, string][] {
  const of = `${label} (${counted(patients, "patient")})`;
  return events > patients ? [[`first-${id}`, `the first ${of}`], [`last-${id}`, `the last ${of}`]] : [[`first-${id}`, of]]; // prettier-ignore
}
