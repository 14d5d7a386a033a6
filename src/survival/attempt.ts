import {SurvivalInputError} from "./surv.js";

/** Computes a statistic; what it refuses is noted as a sentence, without the statistic's name, and gives null. */
export function attempt<T>(refusals: string[], statistic: () => T): T | null {
  try {
    return statistic();
  } catch (error) {
    if (!(error instanceof SurvivalInputError)) throw error;
    const reason = error.message.replace(/^\w+: /, "");
    refusals.push(reason[0].toUpperCase() + reason.slice(1));
    return null;
  }
}
