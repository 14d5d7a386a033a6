import type {Endpoint, EventKind, EventsDescription, StudyDescription} from "./description.js";

/** An endpoint that a reader makes of dated events. */
export interface EndpointDefinition {
  /** When the clock starts: at the first or last event of a kind; null: at the study's time zero. */
  readonly from: {readonly which: "first" | "last"; readonly kind: string} | null;
  /** Kinds of event of which the first is the event; at least one. */
  readonly to: readonly string[];
  /** Kinds that make the event impossible, or another question. */
  readonly competing: readonly string[];
  /** Kinds at which follow-up is cut off; it ends with the study's own follow-up at the latest. */
  readonly censoring: readonly string[];
}

/**
 * A definition stands where the id of an endpoint would: a star, which no id begins with, the version of the words, then start,
 * event, competing and censoring kinds, e.g. `*1.first-surgery.progression-death..chemotherapy`. None of its letters is
 * escaped in an address.
 */
const VERSION = "1";

export const isDefined = (endpoint: string): boolean => endpoint.startsWith("*");

/** The definition in short; equal definitions of a study are equal texts. */
export function writeDefinition({from, to, competing, censoring}: EndpointDefinition, study: StudyDescription): string {
  const order = eventsOf(study).kinds.map(({id}) => id);
  const kinds = (some: readonly string[]) => order.filter((id) => some.includes(id)).join("-");
  const start = from ? `${from.which}-${from.kind}` : "zero";
  return [`*${VERSION}`, start, kinds(to), kinds(competing), kinds(censoring)].join(".").replace(/\.+$/, "");
}

/** A definition as read from a link, and what of it could not be used, one sentence each. */
export interface ReadDefinition {
  /** Null: nothing is left of it. */
  readonly definition: EndpointDefinition | null;
  readonly problems: readonly string[];
}

/** Reads a definition. What it names and the study lacks is left out; without a start or an event nothing is left of it. */
export function readDefinition(text: string, {events}: StudyDescription): ReadDefinition {
  const none = (problem: string): ReadDefinition => ({definition: null, problems: [problem]});
  const [version, start = "", ...parts] = text.split(".");
  if (!events) return none("The link defines an endpoint by dated events, which this study does not have; the usual endpoint is shown."); // prettier-ignore
  if (version !== `*${VERSION}` || parts.length > 3)
    return none(`The link defines an endpoint as "${text}", which this site cannot read; the usual endpoint is shown.`);
  const problems: string[] = [];
  const known = (id: string) => {
    if (events.kinds.some((kind) => kind.id === id)) return true;
    problems.push(`The link defines an endpoint by "${id}", a kind of event that this study does not have; it was left out.`); // prettier-ignore
    return false;
  };
  const taken = new Set<string>();
  const [to, competing, censoring] = [0, 1, 2].map((p) =>
    [...new Set((parts[p] ?? "").split("-"))].filter((id) => id !== "" && known(id) && !taken.has(id) && taken.add(id))
  );
  const [, which, kind] = /^(first|last)-(.+)$/.exec(start) ?? [];
  const from = which ? {which: which as "first" | "last", kind} : null;
  if ((from ? !known(kind) : start !== "zero") || to.length === 0)
    return {
      definition: null,
      problems: [...problems, "The link's endpoint has no start or no event left; the usual endpoint is shown."]
    };
  return {definition: {from, to, competing, censoring}, problems};
}

/** @throws {RangeError} if the text is no definition that the study can read */
export function definitionOf(study: StudyDescription, endpoint: string): EndpointDefinition {
  const {definition, problems} = readDefinition(endpoint, study);
  if (!definition || problems.length > 0) throw new RangeError(`"${endpoint}" defines no endpoint of this study.`);
  return definition;
}

/** A defined endpoint as pages have one: its id is its definition. */
export function definedEndpoint(study: StudyDescription, id: string): Endpoint {
  const definition = definitionOf(study, id);
  const {unit, origin, leftTruncated} = followUpEndpoint(study);
  const words = definitionWords(study, definition);
  return {
    id,
    label: words.title,
    unit,
    origin: definition.from ? words.start : origin,
    leftTruncated,
    competing: definition.competing.length > 0,
    definition: words.whole
  };
}

/** The endpoint whose time ends every patient's follow-up. */
export function followUpEndpoint(study: StudyDescription): Endpoint {
  const {followUp} = eventsOf(study);
  return study.endpoints.find(({id}) => id === followUp)!;
}

function eventsOf({events}: StudyDescription): EventsDescription {
  if (!events) throw new RangeError("The study has no dated events.");
  return events;
}

function definitionWords(study: StudyDescription, {from, to, competing, censoring}: EndpointDefinition) {
  const {kinds} = eventsOf(study);
  const kindOf = (id: string) => kinds.find((kind) => kind.id === id)!;
  const either = (ids: readonly string[]) => ids.map((id) => kindWords(kindOf(id))).join(" or ");
  const start = from ? startWords(from.which, kindOf(from.kind)) : (followUpEndpoint(study).origin ?? "time zero");
  const title = `${capital(start)} to ${either(to)}`;
  const sooner = to.length > 1 ? ", whichever came first" : "";
  const compete = competing.length > 0 ? `; competing: ${either(competing)}` : "";
  const cut = censoring.length > 0 ? `at ${either(censoring)}, at the latest ` : "";
  return {
    title,
    start,
    whole: `from ${start} to ${either(to)}${sooner}${compete}; censored ${cut}at the end of follow-up`
  };
}

/** "Surgery" → "surgery"; "EBV relapse" stays. */
export const kindWords = ({label}: Pick<EventKind, "label">): string =>
  /^.[A-Z0-9]/.test(label) ? label : label[0].toLowerCase() + label.slice(1);

/** "first chemotherapy"; of what happens once, the word alone. */
function startWords(which: "first" | "last", kind: EventKind): string {
  return kind.events > kind.patients ? `${which} ${kindWords(kind)}` : kindWords(kind);
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);
