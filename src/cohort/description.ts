/**
 * What a published study says about itself: the shape of `data/study.json`, written by the loaders and read by every
 * page. Column names in `data/cohort.arrow` follow from it:
 *
 * - `patient` (Utf8): the id as in the study's table;
 * - one column a variable, named by `Variable.id`: Float64 (numeric) or Dictionary<Utf8> (categorical, the values being
 *   `Level.value`), null where missing;
 * - one pair an endpoint: `${endpoint.id}_time` (Float64) and `${endpoint.id}_event` (Int8: 0 censored, 1 event,
 *   2 competing event), and `${endpoint.id}_entry` (Float64) where the endpoint is left-truncated.
 *
 * `data/events.arrow` has a row a dated event: `patient` and `kind` (Dictionary<Utf8>, the latter `EventKind.id`), `time` and
 * `stop` (Float64, the latter null where the event has no length). Without dated events the file is empty.
 *
 * The schema metadata of every Arrow file holds `stratum`: a `Provenance` as JSON.
 */

export type TimeUnit = "days" | "weeks" | "months" | "years";

export interface Endpoint {
  readonly id: string;
  readonly label: string;
  readonly unit: TimeUnit;
  /** What time zero is, in words, e.g. "PET/CT at recurrence". */
  readonly origin?: string;
  readonly leftTruncated: boolean;
  readonly competing: boolean;
  /** Only of an endpoint that the reader defined from dated events: what it is, in words. */
  readonly definition?: string;
}

/** A kind of dated event. */
export interface EventKind {
  readonly id: string;
  readonly label: string;
  readonly events: number;
  /** Patients who had any. */
  readonly patients: number;
}

/** What the study knows of dated events. */
export interface EventsDescription {
  /** Id of the endpoint whose time is the end of each patient's follow-up. The events' times have its origin and unit. */
  readonly followUp: string;
  /** Which kind is death; null where no kind is. */
  readonly death: string | null;
  /** In the order they are offered in. */
  readonly kinds: readonly EventKind[];
}

export interface Level {
  /** As it stands in the Arrow column. */
  readonly value: string;
  readonly label: string;
}

export interface Variable {
  readonly id: string;
  readonly label: string;
  readonly type: "numeric" | "categorical";
  readonly units?: string;
  /** Categorical only: in their order; `reference` is one of their values. */
  readonly levels?: readonly Level[];
  readonly reference?: string;
  readonly ordered?: boolean;
  /** "measured" stands in the study's table; the others were computed by Stratum: "image" from the tumour mask. */
  readonly origin: "measured" | "image" | "signature" | "risk";
  /** One sentence for the reader, e.g. how a signature was made. */
  readonly note?: string;
}

/** One box of the patient flow: so many rows left, and why those before it went. */
export interface FlowStep {
  readonly label: string;
  readonly n: number;
  readonly excluded: readonly {readonly reason: string; readonly n: number; readonly patients: readonly string[]}[];
}

/** A network's output for one modality. */
export interface SignatureDescription {
  /** Id of the variable it fills, e.g. "pet_signature". */
  readonly variable: string;
  readonly modality: "pet" | "ct";
  readonly model: {
    readonly name: string;
    /** In words, as shown to the reader, e.g. "untrained baseline: seeded random backbone, Cox head fitted on training". */
    readonly training: string;
    readonly trained: boolean;
    readonly sha256: string;
    readonly inputPixels: number;
    readonly parameters: number;
  };
  /** What really ran: never call CPU output WebGPU output. */
  readonly execution: {
    readonly provider: "webgpu" | "cpu";
    /** Adapter name as WebGPU reports it, or null when none was found. */
    readonly adapter: string | null;
    readonly fallbackAdapter: boolean;
    /** Patients also run on WebGPU when the bulk ran on the CPU, and the largest difference seen, in SD. */
    readonly checkedOnWebGpu: number;
    readonly largestDifference: number | null;
    readonly runtime: string;
  };
  /** PET: the rules by which the images became SUV by body weight, in words, and whose. */
  readonly conversions?: readonly {readonly rule: string; readonly patients: readonly string[]}[];
}

/** The fitted risk model and the frozen cut. */
export interface RiskModelDescription {
  /** Of the model in models.json. */
  readonly id: string;
  readonly label: string;
  readonly endpoint: string;
  /** Fitted on these rows only. */
  readonly fittedOn: {readonly split: string | null; readonly n: number; readonly events: number};
  readonly terms: readonly {
    /** R's coefficient name, e.g. "t_stagerT2". */
    readonly name: string;
    readonly variable: string;
    readonly level: string | null;
    readonly coef: number;
    readonly standardError: number;
    readonly p: number;
  }[];
  readonly cut: {
    readonly rule: "median" | "maximally selected" | "fixed";
    /** High risk is a score above it. */
    readonly value: number;
    readonly learnedOn: string;
    /** Maximally selected only: p adjusted for the cuts looked at (Lausen and Schumacher). */
    readonly p: number | null;
    /** Maximally selected only: 2.5, 25, 50, 75 and 97.5% quantiles of the best cut over bootstrap resamples. */
    readonly spread: {readonly resamples: number; readonly quantiles: readonly number[]} | null;
  };
  readonly warnings: readonly string[];
}

/** A figure from the paper, to stand beside ours, labelled as the paper's. Typed in by the study's author. */
export interface PublishedFigure {
  readonly quantity: "concordance" | "hazardRatio";
  readonly set: "training" | "test" | "all";
  readonly label: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Provenance {
  /** SHA-256 over every input file of the study. */
  readonly study: string;
  /** SHA-256 over the source of the modules that made the file. */
  readonly code: string;
  /** Version of Stratum, from package.json. */
  readonly version: string;
  /** SHA-256 of each ONNX model by modality; empty without images. */
  readonly models: Readonly<Record<string, string>>;
  /** Execution provider and adapter by modality; empty without images. */
  readonly execution: Readonly<Record<string, {readonly provider: string; readonly adapter: string | null}>>;
}

export interface StudyDescription {
  readonly id: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly citation: {readonly text: string; readonly doi?: string} | null;
  readonly endpoints: readonly Endpoint[];
  /** Absent or null without dated events. */
  readonly events?: EventsDescription | null;
  /** Measured first, then computed ones. */
  readonly variables: readonly Variable[];
  /** Ids of the variables offered first as stratifiers. */
  readonly strata: readonly string[];
  /** Ids of the variables that are treatments. */
  readonly treatments: readonly string[];
  readonly split: {readonly variable: string; readonly training: string; readonly test: string} | null;
  readonly flow: readonly FlowStep[];
  /** What this study brings; pages say what is missing instead of breaking. */
  readonly has: {readonly images: boolean; readonly expression: boolean; readonly geneSets: boolean};
  /** Facts the reader should know: imputations refused, duplicates counted, unmatched samples, … one sentence each. */
  readonly notes: readonly string[];
  readonly signatures: readonly SignatureDescription[];
  readonly riskModel: RiskModelDescription | null;
  readonly published: {readonly source: string; readonly figures: readonly PublishedFigure[]} | null;
  readonly provenance: Provenance;
}
