import {ImageError} from "./imageError.js";

/** What a PET image in SUV may have been divided by, other than body weight: DICOM's SUV Type (0054,1006). */
export type BodyNorm = "LBM" | "LBMJAMES128" | "LBMJANMA" | "IBW" | "BSA";

/** What the norms are computed from. */
export interface Body {
  readonly weightKg: number;
  readonly heightM: number;
  /** "O", other: the mean of both sexes. */
  readonly sex: "M" | "F" | "O";
}

type BySex = (sex: "M" | "F", weightKg: number, heightCm: number) => number;

/** 120 is the standard's own figure for plain LBM; James (1976) has 128, which got a term of its own. */
const james =
  (male: number): BySex =>
  (sex, weight, height) =>
    sex === "M" ? 1.1 * weight - male * (weight / height) ** 2 : 1.07 * weight - 148 * (weight / height) ** 2;

const kilograms: Readonly<Record<Exclude<BodyNorm, "BSA">, BySex>> = {
  LBM: james(120),
  LBMJAMES128: james(128),
  LBMJANMA: (sex, weight, height) => {
    const bmi = weight / (height / 100) ** 2;
    return (9270 * weight) / (sex === "M" ? 6680 + 216 * bmi : 8780 + 244 * bmi);
  },
  IBW: (sex, _, height) => (sex === "M" ? 48 + 1.06 * (height - 152) : 45.5 + 0.91 * (height - 152))
};

/**
 * The factor from SUV by another norm to SUV by body weight: weight / norm, both in the units SUV has (g/ml, and cm²/ml
 * for BSA).
 *
 * @param file - how messages call the file
 * @throws {ImageError} when the norm is not above 0 for such a body
 * @see DICOM PS3.16 annex D, concepts 126401–126406; Du Bois (1916); James (1976); Sugawara (1999); Janmahasatian (2005)
 */
export function toBodyWeight(norm: BodyNorm, {weightKg, heightM, sex}: Body, file: string): number {
  const height = 100 * heightM;
  if (norm === "BSA") {
    const squareMetres = 0.007184 * height ** 0.725 * weightKg ** 0.425;
    return (1000 * weightKg) / (10_000 * squareMetres);
  }
  const of = kilograms[norm];
  const both = of("M", weightKg, height) + of("F", weightKg, height);
  const kg = sex === "O" ? both / 2 : of(sex, weightKg, height);
  if (!(kg > 0)) {
    throw new ImageError(
      file,
      `its ${norm} comes to ${kg.toFixed(1)} kg for ${weightKg} kg and ${heightM} m; correct PatientWeight and PatientSize.`
    );
  }
  return weightKg / kg;
}
