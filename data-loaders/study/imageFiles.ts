import {existsSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";

/** Whether a file in the folder of a DICOM series is to be read: not what systems and discs put beside the images. */
export function isImageFile(name: string): boolean {
  return !name.startsWith(".") && !/^(DICOMDIR|Thumbs\.db|desktop\.ini|__MACOSX)$/i.test(name);
}

/** The files a path stands for: itself, or those of the folder; none where there is nothing. Relative to the study folder. */
export function filesAt(folder: string, path: string): string[] {
  const whole = join(folder, path);
  if (!existsSync(whole)) return [];
  if (!statSync(whole).isDirectory()) return [path];
  return readdirSync(whole).filter(isImageFile).sort().map((name) => `${path.replace(/\/$/, "")}/${name}`); // prettier-ignore
}

/**
 * The path of a patient's file by its pattern. Where there is none of exactly that name, one that differs only in case, or in
 * "-", "_" and spaces: HECKTOR's own tables and files do.
 */
export function pathFor(folder: string, pattern: string, patient: string): string {
  const exact = pattern.replaceAll("{id}", patient);
  if (existsSync(join(folder, exact))) return exact;
  let found = "";
  for (const part of exact.split("/")) {
    const next = found === "" ? part : `${found}/${part}`;
    if (existsSync(join(folder, next))) {
      found = next;
      continue;
    }
    const alike = namesIn(join(folder, found)).filter((name) => plain(name) === plain(part));
    if (alike.length !== 1) return exact;
    found = found === "" ? alike[0] : `${found}/${alike[0]}`;
  }
  return found;
}

const plain = (name: string) => name.toLowerCase().replace(/[-_ ]+/g, "-");

function namesIn(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}
