import {philox} from "../numeric/random.js";
import {pauseForEvents} from "./pauseForEvents.js";
import {SurvivalInputError} from "./surv.js";

/** A model that can be refitted and judged on any rows of a cohort. */
export interface OptimismProblem<Model> {
  /** Number of patients: rows are 0 … size − 1. */
  readonly size: number;
  /** Fits on the given rows; a row may occur more than once. */
  readonly fit: (rows: Uint32Array) => Model;
  /** Judges a model on the given rows: name of the measure → value. */
  readonly score: (model: Model, rows: Uint32Array) => Readonly<Record<string, number>>;
}

export interface OptimismOptions {
  /** Default 200. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Use these resamples (rows from 0, each of length `size`) instead of drawing them. */
  readonly rows?: readonly (Uint32Array | readonly number[])[];
  /** Called after each resample. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops the work: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Harrell's optimism-corrected value of one measure. */
export interface Optimism {
  /** On the patients the model was fitted on. */
  readonly apparent: number;
  /** Mean over resamples of the refitted model on its own resample. */
  readonly training: number;
  /** Mean over resamples of the refitted model on the original patients. */
  readonly test: number;
  /** training − test. */
  readonly optimism: number;
  /** apparent − optimism. */
  readonly corrected: number;
  /** Monte-Carlo standard error of the optimism (and so of `corrected`, given the data). */
  readonly monteCarloError: number;
}

export interface BootstrapOptimism {
  readonly measures: Readonly<Record<string, Optimism>>;
  /** Resamples that went into the means. */
  readonly resamples: number;
  /** Resamples on which the model could not be fitted or judged. */
  readonly failed: number;
  readonly warnings: readonly string[];
}

/**
 * Optimism of a model's performance by Harrell's bootstrap.
 *
 * Each resample draws `size` rows with replacement, refits, and judges the refit on the resample and on the original
 * rows; the mean difference is the optimism. A resample whose fit throws or gives a value that is not finite is left out
 * and counted.
 *
 * @throws {SurvivalInputError} if the rows given do not fit the cohort, or every resample fails
 * @throws the signal's reason if aborted
 * @see R `rms::validate` 6.5-0; Harrell, Lee and Mark (1996), Stat Med 15:361–387
 */
export async function bootstrapOptimism<Model>(
  problem: OptimismProblem<Model>,
  {resamples = 200, seed = 1, rows, onProgress, signal}: OptimismOptions = {}
): Promise<BootstrapOptimism> {
  const {size} = problem;
  const everyone = Uint32Array.from({length: size}, (_, i) => i);
  const total = rows?.length ?? resamples;
  if (!(total >= 1)) throw new SurvivalInputError(`bootstrapOptimism: needs at least 1 resample, got ${total}.`);
  const apparent = problem.score(problem.fit(everyone), everyone);
  const random = philox(seed);
  const draws: {training: Readonly<Record<string, number>>; test: Readonly<Record<string, number>>}[] = [];
  const pause = pauseForEvents();
  for (let b = 0; b < total; b++) {
    signal?.throwIfAborted();
    const sample = rows ? checkedRows(rows[b], size, b) : drawRows(size, random.uniform);
    const draw = attempt(problem, sample, everyone);
    if (draw) draws.push(draw);
    onProgress?.(b + 1, total);
    await pause();
  }
  if (draws.length === 0)
    throw new SurvivalInputError(`bootstrapOptimism: the model could not be fitted on any of ${total} resamples.`);
  const failed = total - draws.length;
  return {
    measures: Object.fromEntries(Object.keys(apparent).map((name) => [name, optimismOf(apparent[name], draws, name)])),
    resamples: draws.length,
    failed,
    warnings: failed > 0 ? [`${failed} of ${total} resamples gave no fit and were left out.`] : []
  };
}

/** `size` rows drawn with replacement. */
export function drawRows(size: number, uniform: () => number): Uint32Array {
  return Uint32Array.from({length: size}, () => Math.floor(uniform() * size));
}

function attempt<Model>({fit, score}: OptimismProblem<Model>, sample: Uint32Array, everyone: Uint32Array) {
  try {
    const model = fit(sample);
    const draw = {training: score(model, sample), test: score(model, everyone)};
    const finite = [draw.training, draw.test].every((values) => Object.values(values).every(Number.isFinite));
    return finite ? draw : null;
  } catch (error) {
    // A resample may hold no event or one level only; a programming error must not pass as such.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function optimismOf(
  apparent: number,
  draws: readonly {training: Readonly<Record<string, number>>; test: Readonly<Record<string, number>>}[],
  name: string
): Optimism {
  const mean = (of: (draw: (typeof draws)[number]) => number) =>
    draws.reduce((sum, d) => sum + of(d), 0) / draws.length;
  const training = mean((d) => d.training[name]);
  const test = mean((d) => d.test[name]);
  const optimism = training - test;
  const square = mean((d) => (d.training[name] - d.test[name] - optimism) ** 2);
  return {
    apparent,
    training,
    test,
    optimism,
    corrected: apparent - optimism,
    monteCarloError: draws.length > 1 ? Math.sqrt(square / (draws.length - 1)) : NaN
  };
}

function checkedRows(rows: Uint32Array | readonly number[], size: number, b: number): Uint32Array {
  if (rows.length !== size)
    throw new SurvivalInputError(`bootstrapOptimism: rows[${b}] has ${rows.length} entries for ${size} patients.`);
  for (const i of rows)
    if (!(Number.isInteger(i) && i >= 0 && i < size))
      throw new SurvivalInputError(`bootstrapOptimism: rows[${b}] holds ${i}; rows run from 0 to ${size - 1}.`);
  return Uint32Array.from(rows);
}
