import type {ImageBytes} from "../imaging/dicomSeries.js";
import {ImageError} from "../imaging/imageError.js";

/** Larger files are refused before a byte is read: no volume that fits is so large. */
export const largestFile = 2 ** 31 - 1;

/** All files of one image together: a whole-body PET/CT with room to spare. */
export const largestImage = 3 * 2 ** 30;

/** A file as a browser gives it. */
export type ReadableFile = Pick<File, "name" | "size" | "arrayBuffer">;

/**
 * The bytes of the files of one image.
 *
 * @param image - what messages call all of them
 * @throws {ImageError} when a file, or all together, is too large to be read, is empty, or has gone since
 */
export async function readFiles(files: readonly ReadableFile[], image: string): Promise<ImageBytes[]> {
  for (const {name, size} of files) {
    if (size > largestFile) throw new ImageError(name, `is ${gigabytes(size)}, more than 2 GB; crop the volume.`);
    if (size === 0) throw new ImageError(name, "is empty; copy the file again.");
  }
  const total = files.reduce((sum, {size}) => sum + size, 0);
  if (total > largestImage) {
    throw new ImageError(image, `its files are ${gigabytes(total)} together, more than 3 GB; give one series only.`);
  }
  const read: ImageBytes[] = [];
  for (const file of files) {
    try {
      read.push({name: file.name, bytes: new Uint8Array(await file.arrayBuffer())});
    } catch {
      throw new ImageError(file.name, "cannot be read any more; choose it again.");
    }
  }
  return read;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
