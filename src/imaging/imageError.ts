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

/** Which region of a mask file is the tumour is not clear; where this is said depends on who reads. */
export class RegionError extends ImageError {
  constructor(
    file: string,
    /** What is wrong, without mend and full stop. */
    readonly fault: string,
    mend = "say which region is the tumour"
  ) {
    super(file, `${fault}; ${mend}.`);
  }
}
