import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

/** The top of the project. */
export const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** Everything a build makes and keeps between builds; safe to delete. */
export const workFolder = join(root, ".stratum");

/** Absolute path of a module of ours, from the top of the project. */
export const moduleOf = (path: string) => join(root, path);
