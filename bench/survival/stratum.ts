import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";
import {philox} from "../../src/numeric/random.js";
import {coxRefit} from "../../src/survival/coxRefit.js";
import {concordance, coxph, kaplanMeierBy, logRank, maximallySelectedLogRank, surv} from "../../src/survival/index.js";
import {benchCohort} from "./cohort.js";
import type {BenchCohort} from "./cohort.js";

/** Median milliseconds of each task. */
export type Timings = Record<string, number>;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** As bench.R does it: garbage is collected before each run, not in it. One run first, to lay out memory. */
function median(run: () => unknown, runs: number): number {
  run();
  const times = Array.from({length: runs}, () => {
    collectGarbage();
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1];
}

/** R's code comes compiled; ours is compiled by the engine as it runs. A page's is after a few of the reader's choices. */
function warmUp(): void {
  const {time, event, group, x} = benchCohort(2000);
  const [x1, x2, x3, x4, x5] = x;
  for (let run = 0; run < 60; run++) {
    const cohort = surv({time, event});
    kaplanMeierBy({surv: cohort, group});
    logRank({surv: cohort, group});
    coxph({surv: cohort, terms: {x1}});
    coxph({surv: cohort, terms: {x1, x2, x3, x4, x5}});
    concordance({surv: cohort, score: x1});
  }
}

export function timeLarge({time, event, group, x}: BenchCohort): Timings {
  warmUp();
  const runs = time.length > 500_000 ? 3 : 7;
  const cohort = surv({time, event});
  const [x1, x2, x3, x4, x5] = x;
  return {
    sort: median(() => surv({time, event}), runs),
    survfit: median(() => kaplanMeierBy({surv: cohort, group}), runs),
    survdiff: median(() => logRank({surv: cohort, group}), runs),
    cox1: median(() => coxph({surv: cohort, terms: {x1}}), runs),
    cox5: median(() => coxph({surv: cohort, terms: {x1, x2, x3, x4, x5}}), runs),
    concordance: median(() => concordance({surv: cohort, score: x1}), runs)
  };
}

export function timeSmall({time, event, x}: BenchCohort): Timings {
  const [x1, x2, x3, x4] = x;
  const cohort = surv({time, event});
  return {
    bootstrap: median(() => thousandRefits({surv: cohort, terms: {x1, x2, x3, x4}}), 3),
    scan: median(
      () => maximallySelectedLogRank({surv: cohort, score: x1}, {minProportion: 0, maxProportion: 1, pMethod: "none"}),
      5
    )
  };
}

/** A thousand resamples, each refitted and judged by C on the original patients. */
function thousandRefits(input: Parameters<typeof coxRefit>[0]): number {
  const {size, fit, concordance} = coxRefit(input, "bench");
  const everyone = Uint32Array.from({length: size}, (_, i) => i);
  const {integer} = philox(1);
  let sum = 0;
  for (let b = 0; b < 1000; b++) sum += concordance(fit(Uint32Array.from(everyone, () => integer(size))), everyone);
  return sum / 1000;
}
