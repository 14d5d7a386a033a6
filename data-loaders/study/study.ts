import type {Endpoint, EventsDescription, FlowStep, PublishedFigure, Variable} from "../../src/cohort/description.js";

/** Follow-up for one endpoint, a row a patient. */
export interface EndpointColumns {
  /** Length n; NaN where follow-up is missing. */
  readonly time: Float64Array;
  /** Length n; 0 censored, 1 event, 2 competing event, −1 where follow-up is missing. */
  readonly event: Int8Array;
  /** Length n, or null without left truncation. */
  readonly entry: Float64Array | null;
}

/** Dated events, by patient and time. */
export interface StudyEvents {
  readonly description: EventsDescription;
  /** Length m; index into `Study.patients`, ascending. */
  readonly patient: Int32Array;
  /** Length m; index into `description.kinds`. */
  readonly kind: Int32Array;
  /** Length m; since time zero, in the unit of the follow-up endpoint. */
  readonly time: Float64Array;
  /** Length m; when it was over, NaN where it has no length. */
  readonly stop: Float64Array;
}

/** A patient's images of one modality: paths relative to the study folder. */
export interface ImageFiles {
  /** A NIfTI file, or the folder of a DICOM series. */
  readonly image: string;
  /** NIfTI, RTSTRUCT or SEG. */
  readonly mask: string;
  /** Which region of the mask; without it the only one (NIfTI: all labels). */
  readonly roi?: string;
  /** PET as NIfTI: the image holds SUV by body weight already and needs no facts beside it. */
  readonly unit?: "SUVbw";
}

/** A study folder after every check: what the loaders work on. Rows are patients in the order of the table. */
export interface Study {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly id: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly citation: {readonly text: string; readonly doi?: string} | null;
  /** Length n, unique. */
  readonly patients: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** By endpoint id. */
  readonly followUp: Readonly<Record<string, EndpointColumns>>;
  /** Null without dated events. */
  readonly events: StudyEvents | null;
  readonly variables: readonly Variable[];
  /** By variable id: numbers with NaN where missing, or level values with null where missing. */
  readonly columns: Readonly<Record<string, Float64Array | readonly (string | null)[]>>;
  readonly strata: readonly string[];
  readonly treatments: readonly string[];
  readonly split: {readonly variable: string; readonly training: string; readonly test: string} | null;
  /** What the risk model is fitted on, as study.json names it; null: no model is fitted. */
  readonly riskModel: {
    readonly label: string;
    readonly endpoint: string;
    /** Ids of variables; computed ones are "pet_signature", "ct_signature" and "tumour_volume". */
    readonly terms: readonly string[];
    readonly cut: "median" | "maximallySelected" | {readonly fixed: number};
  } | null;
  /** Rivals of the risk model, fitted for the same endpoint. */
  readonly models: readonly {readonly id: string; readonly label: string; readonly terms: readonly string[]}[];
  /** By modality, aligned with `patients`; null where a patient has no image of it. Empty without images. */
  readonly images: Readonly<Partial<Record<"pet" | "ct", readonly (ImageFiles | null)[]>>>;
  /** By modality: the trained network study.json names, relative to the folder. */
  readonly networks: Readonly<Partial<Record<"pet" | "ct", string>>>;
  readonly expression: ExpressionFile | null;
  /** GMT files, relative to the folder. */
  readonly geneSets: readonly string[];
  readonly flow: readonly FlowStep[];
  readonly notes: readonly string[];
  readonly published: {readonly source: string; readonly figures: readonly PublishedFigure[]} | null;
  /** Every file the study reads, relative to the folder, study.json first: what its hash covers. */
  readonly files: readonly string[];
}

/** An expression matrix (genes in rows, samples in columns), its header already checked against the patients. */
export interface ExpressionFile {
  readonly file: string;
  readonly kind: "counts" | "fpkm" | "tpm" | "log2";
  readonly separator: "\t" | ",";
  /** Patients of the study that have a sample, and by patient the one that is used. */
  readonly matched: readonly string[];
  readonly samples: readonly string[];
  /** Patients with samples beside the one used, and how many of theirs are not. */
  readonly several: {readonly patients: number; readonly unused: number};
  /** The clinical table of samples that says which of a patient's counts; null where the first column does. */
  readonly countedBy: string | null;
  /** Samples that match no patient. */
  readonly unmatched: readonly string[];
  readonly genes: number;
}

/** One thing wrong with a study folder, as one sentence for an investigator. */
export interface StudyProblem {
  /** Relative to the study folder. */
  readonly file: string;
  /** Line of the table as a spreadsheet counts it: the header is row 1. */
  readonly row?: number;
  readonly column?: string;
  /** Starts with file, row and column; ends with the mend. */
  readonly message: string;
}

/** All problems of a study at once. */
export class StudyError extends Error {
  override name = "StudyError";
  constructor(readonly problems: readonly StudyProblem[]) {
    super(problems.map((problem) => problem.message).join("\n"));
  }
}
