import {bootstrapPerformance} from "../../survival/bootstrapPerformance.js";
import type {BootstrapPerformance} from "../../survival/bootstrapPerformance.js";
import type {BootstrapOptimism} from "../../survival/bootstrapOptimism.js";
import {coxOptimism} from "../../survival/coxOptimism.js";
import type {Terms} from "../../survival/designColumns.js";
import {SurvivalInputError} from "../../survival/surv.js";

/** What a bootstrap needs: plain columns, so that it can be sent to a worker. */
export interface BootstrapTask {
  /** Patients the models are judged on; null: only the refits are asked for. */
  readonly judged: {readonly time: Float64Array; readonly event: Uint8Array} | null;
  /** By model: predicted probability of the event by the horizon. */
  readonly risks: Readonly<Record<string, Float64Array>>;
  readonly horizon: number;
  readonly thresholds: Float64Array;
  readonly pairs: readonly (readonly [string, string])[];
  /** By model: its training patients. */
  readonly training: readonly {
    readonly model: string;
    readonly time: Float64Array;
    readonly event: Uint8Array;
    readonly terms: Terms;
  }[];
  readonly resamples: number;
  readonly seed: number;
}

export interface BootstrapResult {
  /** Null, with a reason, where it could not be computed. */
  readonly performance: BootstrapPerformance | null;
  /** By model; a model that could not be resampled has none. */
  readonly optimism: Readonly<Record<string, BootstrapOptimism>>;
  readonly refusals: readonly string[];
}

/** Runs all of it, seeded: the same task gives the same result wherever it runs. */
export async function runBootstrapTask(
  task: BootstrapTask,
  onProgress: (share: number) => void = () => {}
): Promise<BootstrapResult> {
  const {judged, risks, horizon, thresholds, pairs, training, resamples, seed} = task;
  const refusals: string[] = [];
  const parts = (judged ? 1 : 0) + training.length;
  let part = 0;
  const onPart = (done: number, of: number) => onProgress((part + done / of) / parts);
  const attempt = async <T>(run: () => Promise<T>): Promise<T | null> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof SurvivalInputError)) throw error;
      refusals.push(error.message.replace(/^\w+: /, ""));
      return null;
    } finally {
      part++;
    }
  };
  const performance =
    judged &&
    (await attempt(() =>
      bootstrapPerformance({...judged, risks}, horizon, {thresholds, pairs, resamples, seed, onProgress: onPart})
    ));
  const optimism: Record<string, BootstrapOptimism> = {};
  for (const {model, time, event, terms} of training) {
    const found = await attempt(() => coxOptimism({time, event, terms}, {resamples, seed, onProgress: onPart}));
    if (found) optimism[model] = found;
  }
  return {performance, optimism, refusals: [...new Set(refusals)]};
}
