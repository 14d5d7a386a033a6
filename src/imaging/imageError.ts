/** Something wrong with one image file: one sentence that names the file and says how to mend it. */
export class ImageError extends Error {
  override name = "ImageError";
  constructor(
    /** As given to the reader, e.g. "images/P001_pet.nii.gz". */
    readonly file: string,
    /** What is wrong and the mend, without the file. */
    readonly problem: string
  ) {
    super(`${file}: ${problem}`);
  }
}
