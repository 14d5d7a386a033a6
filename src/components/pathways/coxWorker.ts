import {SurvivalInputError} from "../../survival/surv.js";
import {runCoxTask} from "./coxTask.js";
import type {CoxTask} from "./coxTask.js";

/** One task, then its result or the sentence that refuses it. */
self.onmessage = ({data}: MessageEvent<CoxTask>) => {
  try {
    self.postMessage({result: runCoxTask(data)});
  } catch (error) {
    self.postMessage({refusal: error instanceof SurvivalInputError ? error.message : String(error)});
  }
};
