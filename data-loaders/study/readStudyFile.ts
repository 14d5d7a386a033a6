import type {z} from "zod";
import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import {readText} from "./readText.js";
import {jsonFault} from "./jsonFault.js";
import {studyJsonSchema, studySchema} from "./schema.js";
import type {StudyFile} from "./schema.js";

const file = "study.json";

/**
 * study.json, its shape checked.
 *
 * @returns null, with problems noted, if its shape is wrong
 */
export async function readStudyFile(folder: string, problems: Problems): Promise<StudyFile | null> {
  const text = await readText(folder, file, problems);
  if (text === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const fault = jsonFault(text);
    const what = fault ? `at character ${fault.character} ${fault.words}` : (error as Error).message;
    problems.add({file, row: fault?.row}, `this is not JSON: ${what}. Correct it there.`);
    return null;
  }
  const result = studySchema.safeParse(json);
  if (result.success) return result.data;
  for (const issue of result.error.issues)
    problems.add({file, column: issue.path.join(".") || undefined}, sentence(issue, json));
  return null;
}

function sentence(issue: z.core.$ZodIssue, json: unknown): string {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(issue.path);
    const hints = issue.keys.map((key) => `"${key}" is not known.${didYouMean(key, known)}`);
    return `${hints.join(" ")} Correct or remove it.`;
  }
  if (issue.code === "invalid_type" && valueAt(json, issue.path) === undefined)
    return `this is missing, but is needed (${issue.expected}). Add it.`;
  const message = issue.code === "invalid_union" ? "no allowed form fits" : issue.message;
  return `${message}. See study.schema.json for what may stand here.`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], json);
}

/** Keys that may stand at a path of study.json, by its JSON Schema. */
function keysAt(path: readonly PropertyKey[]): string[] {
  type Node = {properties?: Record<string, Node>; items?: Node; anyOf?: Node[]};
  const within = (node: Node): Node[] => [node, ...(node.anyOf ?? []).flatMap(within)];
  let nodes = within(studyJsonSchema() as Node);
  for (const key of path)
    nodes = nodes
      .map((node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]))
      .filter((node) => node !== undefined)
      .flatMap(within);
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}
