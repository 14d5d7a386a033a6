import {filesAt} from "../study/imageFiles.js";
import type {Study} from "../study/study.js";

/**
 * A sentence for every image that several patients have, byte for byte: a patient may have been entered twice, and perhaps into
 * training and test.
 */
export function sameImages(
  {folder, patients, images}: Pick<Study, "folder" | "patients" | "images">,
  hashes: ReadonlyMap<string, string>
): string[] {
  return (["pet", "ct"] as const).flatMap((modality) => {
    const owners = new Map<string, string[]>();
    images[modality]?.forEach((pair, i) => {
      if (!pair) return;
      const bytes = filesAt(folder, pair.image).map((file) => hashes.get(file)).sort().join(); // prettier-ignore
      owners.set(bytes, [...(owners.get(bytes) ?? []), patients[i]]);
    });
    return [...owners.values()]
      .filter((same) => same.length > 1)
      .map((same) => `${same.join(" and ")} have the same ${modality.toUpperCase()} image, byte for byte: is one patient entered twice?`); // prettier-ignore
  });
}
