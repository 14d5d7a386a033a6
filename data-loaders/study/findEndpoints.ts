import type {ClinicalColumn, ClinicalTable} from "./clinicalTable.js";
import {columnId} from "./columnId.js";
import {isMissingWord} from "./missingWords.js";
import type {EndpointFile} from "./schema.js";
import {survivalStatus} from "./survivalStatus.js";

/** What the field calls the endpoints whose prefixes it knows. */
const labels: Readonly<Record<string, string>> = {
  OS: "Overall survival",
  DSS: "Disease-specific survival",
  CSS: "Cancer-specific survival",
  PFS: "Progression-free survival",
  PFI: "Progression-free interval",
  DFS: "Disease-free survival",
  DFI: "Disease-free interval",
  IDFS: "Invasive disease-free survival",
  EFS: "Event-free survival",
  RFS: "Recurrence-free survival",
  LRFS: "Local recurrence-free survival",
  LRRFS: "Locoregional recurrence-free survival",
  DRFS: "Distant recurrence-free survival",
  DMFS: "Distant metastasis-free survival",
  MFS: "Metastasis-free survival"
};

/** Whether a column is one of such a pair, or would be with its fellow: outcomes, not covariates. */
export function isOfPair(header: string, headers: readonly string[]): boolean {
  const [, prefix, part] = /^(.+)_(STATUS|MONTHS)$/.exec(header) ?? [];
  return prefix in labels || (part !== undefined && headers.includes(`${prefix}_${part === "STATUS" ? "MONTHS" : "STATUS"}`)); // prettier-ignore
}

/** Endpoints that a table holds, and which of its pairs of columns are none. */
export interface FoundEndpoints {
  readonly endpoints: readonly EndpointFile[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Every pair of columns <PREFIX>_STATUS and <PREFIX>_MONTHS as an endpoint, as cBioPortal has it; overall survival comes first, the
 * others in the order of the table.
 *
 * @param own - endpoints that study.json describes: no pair of theirs is found again
 */
export function findEndpoints(table: ClinicalTable, own: readonly EndpointFile[]): FoundEndpoints {
  const notes: string[] = [];
  const endpoints = prefixes(table).flatMap((prefix): EndpointFile[] => {
    const [event, time] = [`${prefix}_STATUS`, `${prefix}_MONTHS`];
    const id = columnId(prefix);
    if (own.some((endpoint) => endpoint.id === id || endpoint.event === event)) return [];
    const [status, months] = [event, time].map((header) => table.column(header, `the endpoint "${id}"`)!);
    const why = unfit(status, months);
    if (why) {
      notes.push(`${event} and ${time} are no endpoint: ${why}.`);
      return [];
    }
    const origin = originOf(months);
    return [{id, label: labelOf(prefix, status, months), time, event, unit: "months", coding: "cBioPortal", ...(origin ? {origin} : {})}]; // prettier-ignore
  });
  return {endpoints, notes};
}

function prefixes({headers}: ClinicalTable): string[] {
  const found = headers.flatMap((own) =>
    own.flatMap((header) => {
      const prefix = /^(.+)_STATUS$/.exec(header)?.[1];
      return prefix && own.includes(`${prefix}_MONTHS`) ? [prefix] : [];
    })
  );
  return [...found.filter((prefix) => prefix === "OS"), ...found.filter((prefix) => prefix !== "OS")];
}

/** Why a pair is no endpoint; null if it is one, be it with faults that its reading tells of. */
function unfit(status: ClinicalColumn, months: ClinicalColumn): string | null {
  const said = status.cells.map(survivalStatus);
  // Such pairs as TREATMENT_STATUS and TREATMENT_MONTHS are not about survival.
  if (said.every((one) => one === null || one === "unknown") && said.includes("unknown"))
    return "no status begins with 0: or 1:, or is one of cBioPortal's words";
  const known = said.some((one, i) => one !== null && !isMissingWord(months.cells[i]));
  return known ? null : "no patient has both";
}

function labelOf(prefix: string, status: ClinicalColumn, months: ClinicalColumn): string {
  const named = [
    (status.attribute?.name ?? "").replace(/[\s(]*status\)?$/i, ""),
    (months.attribute?.name ?? "").replace(/[\s(]*months\)?$/i, "")
  ].find((name) => name !== "" && !/^[A-Z0-9]+_/.test(name));
  return labels[prefix] ?? named ?? prefix;
}

/** Time zero, where the description says "… since initial diagnosis". */
function originOf(months: ClinicalColumn): string | null {
  return (
    /\bsince (?:the )?(.+?)(?=\s+(?:to|until|till)\b|[.;,()]|$)/i
      .exec(months.attribute?.description ?? "")?.[1]
      .trim() ?? null
  );
}
