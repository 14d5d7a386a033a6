import {writeFileSync} from "node:fs";
import {philox} from "../../src/numeric/random.js";

/** A cohort to time on: exponential survival, about half censored, times in hundredths so that some are tied. */
export interface BenchCohort {
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly group: Uint8Array;
  readonly x: readonly Float64Array[];
}

export function benchCohort(n: number, seed = 1): BenchCohort {
  const {uniform, normal} = philox(seed);
  const x = [0.3, 0.2, 0, -0.1, 0].map(() => Float64Array.from({length: n}, normal));
  const time = new Float64Array(n);
  const event = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const t = -Math.log(uniform()) * 40 * Math.exp(-0.3 * x[0][i] - 0.2 * x[1][i] + 0.1 * x[3][i]);
    const censored = 80 * uniform();
    time[i] = Math.round(100 * Math.min(t, censored)) / 100;
    event[i] = t <= censored ? 1 : 0;
  }
  return {time, event, group: Uint8Array.from(x[0], (v) => (v > 0 ? 1 : 0)), x};
}

export function writeCsv(path: string, {time, event, group, x}: BenchCohort): void {
  const rows = ["time,event,group,x1,x2,x3,x4,x5"];
  for (let i = 0; i < time.length; i++) rows.push([time[i], event[i], group[i], ...x.map((v) => v[i])].join(","));
  writeFileSync(path, rows.join("\n"));
}
