import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {coxph} from "../../src/survival/coxph.js";
import type {Ties} from "../../src/survival/coxph.js";
import {logRank} from "../../src/survival/logRank.js";
import {surv} from "../../src/survival/surv.js";
import {followUps, permuted} from "./cohorts.js";
import {expectClose} from "./referenceData.js";

describe("coxph: what must hold for any cohort", () => {
  const cohorts = fc
    .tuple(
      followUps({entry: true, minLength: 12}),
      fc.array(fc.integer({min: -5, max: 5}), {minLength: 60, maxLength: 60})
    )
    .filter(([{event}]) => event.filter((e) => e === 1).length >= 5)
    .map(([cohort, x]) => ({cohort, x: x.slice(0, cohort.time.length)}));
  const close = (a: ArrayLike<number>, b: ArrayLike<number>) => expectClose(a, Array.from(b), 1e-6);
  const usable = (fit: {converged: boolean; coef: Float64Array; standardError: Float64Array}) =>
    fit.converged && Math.abs(fit.coef[0]) > 1e-3 && fit.standardError[0] < 10;

  it("does not depend on the order of patients or on the unit of time; a covariate's unit divides its coefficient", () => {
    fc.assert(
      fc.property(cohorts, fc.nat(), ({cohort, x}, seed) => {
        const fit = coxph({...cohort, terms: {x}});
        fc.pre(usable(fit));
        const {x: turned, ...other} = permuted({...cohort, x}, seed);
        close(coxph({...other, terms: {x: turned}}).coef, fit.coef);
        const months = (column: readonly number[]) => column.map((t) => t / 30.4375);
        close(coxph({...cohort, time: months(cohort.time), entry: months(cohort.entry!), terms: {x}}).coef, fit.coef);
        close(
          coxph({...cohort, terms: {x: x.map((v) => 10 * v)}}).coef,
          fit.coef.map((b) => b / 10)
        );
      })
    );
  });

  it("halves the variance when everyone is duplicated, and takes weight 2 for that (Breslow)", () => {
    fc.assert(
      fc.property(cohorts, ({cohort: {time, event}, x}) => {
        const once = coxph({time, event, terms: {x}}, {ties: "breslow"});
        fc.pre(usable(once));
        const twice = coxph(
          {time: [...time, ...time], event: [...event, ...event], terms: {x: [...x, ...x]}},
          {ties: "breslow"}
        );
        const weighted = coxph({time, event, weight: time.map(() => 2), terms: {x}}, {ties: "breslow"});
        close(weighted.coef, twice.coef);
        close(weighted.standardError, twice.standardError);
        close(
          twice.standardError,
          once.standardError.map((se) => se / Math.SQRT2)
        );
      })
    );
  });

  it("has the log-rank test as its score test without ties", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({min: 1, max: 500}), {minLength: 6, maxLength: 40}),
        fc.infiniteStream(fc.integer({min: 0, max: 3})),
        (time, coin) => {
          const draws = time.map(() => coin.next().value as number);
          const [event, group] = [draws.map((d) => d & 1), draws.map((d) => d >> 1)];
          const separated = time.some(
            (t, i) => event[i] === 1 && new Set(group.filter((_, j) => time[j] >= t)).size === 2
          );
          fc.pre(separated);
          const test = logRank({time, event, group});
          const {score} = coxph({time, event, terms: {group}});
          expectClose([score.statistic], test.chiSquare, 1e-8);
        }
      )
    );
  });

  it("gives where everyone enters at time 0, by the plain pass, what it gives by the fast ones without entry", () => {
    fc.assert(
      fc.property(
        cohorts,
        fc.constantFrom<Ties>("efron", "breslow"),
        fc.boolean(),
        ({cohort: {time, event}, x}, ties, weighted) => {
          const weight = weighted ? {weight: time.map((t) => 1 + (t % 3))} : {};
          for (const terms of <Record<string, number[]>[]>[{x}, {x, z: x.map((v, i) => (v * (i % 7)) % 5)}]) {
            const fast = coxph({time, event, ...weight, terms}, {ties});
            fc.pre(usable(fast));
            const plain = coxph({time, event, entry: time.map(() => 0), ...weight, terms}, {ties});
            expectClose(fast.logLikelihood, plain.logLikelihood, 1e-11);
            close(fast.standardError, plain.standardError);
          }
        }
      )
    );
  });

  it("gives a prepared cohort with a mask what it gives the rows themselves", () => {
    fc.assert(
      fc.property(cohorts, ({cohort, x}) => {
        const keep = x.map((v) => v !== 0);
        const only = (column: readonly number[]) => column.filter((_, i) => keep[i]);
        fc.pre(only(cohort.event).filter((e) => e === 1).length >= 3);
        const direct = coxph({
          time: only(cohort.time),
          event: only(cohort.event),
          entry: only(cohort.entry!),
          terms: {x: only(x)}
        });
        fc.pre(usable(direct));
        const masked = coxph({surv: surv(cohort), rows: Uint8Array.from(keep, Number), terms: {x}});
        close(masked.coef, direct.coef);
        expect(masked.n).toBe(direct.n);
      })
    );
  });
});
