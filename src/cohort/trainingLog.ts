/** What a training run leaves behind of itself, as JSON. */
export interface TrainingLog {
  readonly study: {
    readonly title: string;
    readonly synthetic: boolean;
    readonly n: number;
    readonly split: string | null;
  };
  readonly model: {
    readonly modality: string;
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly precision: string;
    readonly halfMoves: number;
    readonly parameters: number;
    readonly training: string;
  };
  readonly preprocessing: {readonly minimumSideMm: number};
  readonly signature: object;
  readonly trained: {readonly n: number; readonly events: number; readonly endpoint: string};
  readonly seed: number;
  readonly pretext: object | null;
  readonly survival: object;
  /** Loss of every tenth step of the pretext stage. */
  readonly pretextLosses: readonly number[];
  /** By epoch and inner fold: loss, C of the patients trained on. */
  readonly folds: readonly (readonly CurvePoint[])[];
  readonly foldScores: readonly number[];
  readonly chosenEpoch: number;
  readonly epochs: readonly CurvePoint[];
  readonly comparison: Comparison;
  readonly hardware: string;
  readonly software: string;
  /** Of this run; stages taken from checkpoints are not in it. */
  readonly minutes: number | null;
}

/** Of an epoch. */
export interface CurvePoint {
  readonly epoch: number;
  readonly loss: number | null;
  readonly concordance: number;
}

/** The trained signature beside what it has to beat, and how close it comes to what generated the images. */
export interface Comparison {
  readonly judged: readonly Judged[];
  /** The trained signature's C minus each baseline's on the same patients; absent in logs of earlier runs. */
  readonly differences?: readonly Difference[];
  /** Correlation of each signature with the true heterogeneity, by set; empty where nobody knows it. */
  readonly correlations: readonly {readonly signature: string; readonly set: string; readonly r: number}[];
}

/** A C-index with its 95% interval, and whom it was taken over. */
export interface Judged {
  /** In words: "trained network", "untrained baseline", … */
  readonly signature: string;
  readonly set: string;
  readonly n: number;
  readonly events: number;
  readonly concordance: number;
  readonly lower: number;
  readonly upper: number;
}

/** By how much one score's C exceeds another's on the same patients, with its 95% interval. */
export interface Difference {
  /** The other score, in words. */
  readonly than: string;
  readonly set: string;
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}
