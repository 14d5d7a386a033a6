import {describe, expect, it} from "vitest";
import {countTied, noEvents} from "../../src/survival/tiedEvents.js";

/** What a partial likelihood sums over the events at one time. */
const terms = [
  (risk: number) => Math.log(risk),
  (risk: number) => 1 / risk,
  (risk: number, share: number) => (0.3 - 0.2 * share) / risk,
  (risk: number, share: number) => ((0.3 - 0.2 * share) / risk) ** 2,
  (risk: number) => 1 / risk ** 3
];

describe("events at one time", () => {
  const cases = [2, 4, 5, 6, 7, 30, 278, 20_000].flatMap((m) => [0.001, 0.0499, 0.4, 1].map((part) => ({m, part})));

  it.each(cases)("sum up to what $m of them do, one after the other, with $part of the risk", ({m, part}) => {
    const tied = noEvents();
    countTied(tied, "efron", m, 50 * part, 50);
    for (const term of terms) {
      let [sum, truth, lost] = [0, 0, 0];
      for (let l = 0; l < tied.count; l++) sum += tied.weight[l] * term(50 * (1 - part * tied.share[l]), tied.share[l]);
      for (let l = 0; l < m; l++) {
        // Kahan's sum: rounding of many terms would be more than the difference looked for.
        const more = term(50 * (1 - (part * l) / m), l / m) - lost;
        const next = truth + more;
        lost = next - truth - more;
        truth = next;
      }
      expect(Math.abs(sum / truth - 1)).toBeLessThan(5e-12);
    }
  });

  it("are four at most where they are many and few of those at risk", () => {
    const tied = noEvents();
    countTied(tied, "efron", 278, 2, 50);
    expect(tied.count).toBe(4);
    countTied(tied, "efron", 278, 6, 50);
    expect(tied.count).toBe(278);
  });

  it("all see the same risk after Breslow", () => {
    const tied = noEvents();
    countTied(tied, "breslow", 12, 4, 50);
    expect([tied.count, tied.share[0], tied.weight[0]]).toEqual([1, 0, 12]);
  });
});
