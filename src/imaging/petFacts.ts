/** The facts of a PET series that SUV needs, by DICOM keyword: the content of the JSON file beside a NIfTI image. */
export interface PetFacts {
  /**
   * BQML: the image holds Bq/ml. GML: SUV already, by `SUVType`. CM2ML: SUV by body surface. CNTS: Philips's counts, which
   * need one of its two factors.
   */
  readonly Units: "BQML" | "GML" | "CM2ML" | "CNTS";
  /** With GML; absent or "BW": by body weight. */
  readonly SUVType?: "BW" | "LBM" | "LBMJAMES128" | "LBMJANMA" | "IBW";
  /** What decay correction refers to: START the start of the series, ADMIN the injection, NONE nothing. Needed with BQML. */
  readonly DecayCorrection?: "START" | "ADMIN" | "NONE";
  /** kg; a value over 1000 is taken as grams. */
  readonly PatientWeight?: number;
  /** Metres. Only for SUV by another norm than weight. */
  readonly PatientSize?: number;
  readonly PatientSex?: "M" | "F" | "O";
  /** Bq at injection; a value under 100,000 is taken as MBq. */
  readonly RadionuclideTotalDose?: number;
  /** Seconds; F-18: 6586.2. */
  readonly RadionuclideHalfLife?: number;
  /** DICOM TM ("HHMMSS.ffffff") or "HH:MM:SS". */
  readonly RadiopharmaceuticalStartTime?: string;
  /** DICOM DT ("YYYYMMDDHHMMSS"), preferred where present. */
  readonly RadiopharmaceuticalStartDateTime?: string;
  readonly SeriesTime?: string;
  /** DICOM DA ("YYYYMMDD"). */
  readonly SeriesDate?: string;
  readonly AcquisitionTime?: string;
  readonly AcquisitionDate?: string;
  /** Milliseconds. */
  readonly ActualFrameDuration?: number;
  /** Milliseconds from the time that decay correction refers to, to when the frame's mean activity was measured. */
  readonly FrameReferenceTime?: number;
  /** GE's (0009,100D), DT: when the scan began. */
  readonly GEScanDateTime?: string;
  /** Philips's (7053,1000): from the image's values to SUV by body weight; 0 is none. */
  readonly PhilipsSUVScaleFactor?: number;
  /** Philips's (7053,1009): from the image's values to Bq/ml. */
  readonly PhilipsActivityConcentrationScaleFactor?: number;
  /** Only looked at where present: must hold ATTN. A DICOM series must have it. */
  readonly CorrectedImage?: string | readonly string[];
  /** What differs from slice to slice, in the order of the slices; takes the place of the four facts above. */
  readonly Slices?: readonly SliceFacts[];
}

/** When a slice was taken. Units as in `PetFacts`. */
export type SliceFacts = Pick<
  PetFacts,
  "AcquisitionDate" | "AcquisitionTime" | "ActualFrameDuration" | "FrameReferenceTime"
>;
