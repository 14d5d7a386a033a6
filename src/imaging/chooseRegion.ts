import {ImageError, RegionError} from "./imageError.js";

/** A region of a mask file by number and name. */
export interface Region {
  readonly number: number;
  readonly name: string;
}

/**
 * The region asked for, by name (any case) or number; the only one when none is asked for.
 *
 * @param wanted - null to take the only one
 * @param kind - what the file holds, in messages: "contours", "segments"
 * @throws {RegionError} naming the regions there are
 * @throws {ImageError} when there are none
 */
export function chooseRegion<T extends Region>(
  regions: readonly T[],
  wanted: string | null,
  file: string,
  kind: string
): T {
  // prettier-ignore
  if (regions.length === 0) throw new ImageError(file, `holds no ${kind}; give the file with the tumour's.`);
  const names = regions.map(({name}) => `"${name}"`).join(", ");
  if (wanted === null) {
    if (regions.length === 1) return regions[0];
    throw new RegionError(file, `holds several ${kind} (${names})`);
  }
  const same = (name: string) => name.trim().toLowerCase() === wanted.trim().toLowerCase();
  const named = regions.filter(({name}) => same(name));
  const found = named.length > 0 ? named : regions.filter(({number}) => String(number) === wanted.trim());
  if (found.length === 1) return found[0];
  const problem = found.length === 0 ? "has no" : "has more than one";
  throw new RegionError(file, `${problem} "${wanted}" among its ${kind} (${names})`);
}
