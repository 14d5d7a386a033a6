import {describe, expect, it} from "vitest";
import {philox} from "../../src/numeric/random.js";
import {equalPrecisionCritical, hallWellnerCritical} from "../../src/survival/bandCriticalValue.js";
import {kaplanMeier} from "../../src/survival/kaplanMeier.js";
import type {SurvivalInterval} from "../../src/survival/kaplanMeier.js";
import {simultaneousBand} from "../../src/survival/simultaneousBand.js";
import type {BandKind} from "../../src/survival/simultaneousBand.js";
import {evaluate} from "./cohorts.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

interface Place {
  a: number;
  b: number;
  confidence: number;
}
interface Band {
  data: string;
  time: string;
  event: string;
  entry: string | null;
  kind: BandKind;
  interval: SurvivalInterval;
  confidence: number;
  from: number;
  to: number;
  aLower: number;
  aUpper: number;
  critical: number;
  first: number;
  lower: number[];
  upper: number[];
  kmci?: {time: number[]; lower: number[]; upper: number[]};
}
const fixture = readFixture<{
  critical: (Place & {hallWellner: number; nair: number; equalPrecision: number})[];
  misprints: (Place & {hallWellner: number})[];
  tables: {kind: BandKind; confidence: number; a: number[]; b: number[]; value: number[]}[];
  bands: Band[];
}>("simultaneousBand");

const criticalOf = {"hall-wellner": hallWellnerCritical, "equal-precision": equalPrecisionCritical};

describe("critical values", () => {
  it.each(fixture.critical)("of $a to $b at $confidence are those of the bridge and of Nair's formula", (c) => {
    expectClose([hallWellnerCritical(c.a, c.b, c.confidence)], [c.hallWellner], 1e-11);
    expectClose([equalPrecisionCritical(c.a, c.b, c.confidence)], [c.nair], 1e-11);
  });

  it("of Nair's formula lie within 0.026 of the exact ones at 95%, and within 0.01 where b/(1 − b) is twice a/(1 − a)", () => {
    const usual = fixture.critical.filter(({confidence}) => confidence >= 0.95);
    for (const {a, b, nair, equalPrecision} of usual)
      expect(Math.abs(nair - equalPrecision)).toBeLessThan((b * (1 - a)) / (a * (1 - b)) > 2 ? 0.01 : 0.026);
    expect(usual.length).toBeGreaterThan(10);
  });

  it.each(fixture.tables)(
    "are those printed in four decimals: $kind at $confidence",
    ({kind, confidence, ...table}) => {
      const misprinted = (a: number, b: number) =>
        kind === "hall-wellner" &&
        fixture.misprints.some((m) => m.confidence === confidence && near(m.a, a) && near(m.b, b));
      let checked = 0;
      table.value.forEach((printed, i) => {
        const [a, b] = [table.a[i], table.b[i]];
        if (misprinted(a, b)) return;
        checked++;
        expect(Math.abs(criticalOf[kind](a, b, confidence) - printed), `${a} to ${b}`).toBeLessThan(5.3e-5);
      });
      expect(checked).toBeGreaterThan(300);
    }
  );

  it("differ from km.ci's tables where those are misprinted, and agree with the bridge", () => {
    for (const {a, b, confidence, hallWellner} of fixture.misprints)
      expectClose([hallWellnerCritical(a, b, confidence)], [hallWellner], 1e-9);
  });

  it("are Kolmogorov's over the whole bridge, and no smaller over a wider range", () => {
    expect(hallWellnerCritical(0, 1, 0.95)).toBeCloseTo(1.3580986393225505, 12);
    for (const critical of Object.values(criticalOf))
      for (const [a, b] of [
        [0.3, 0.3],
        [0.1, 0.5],
        [0.01, 0.99]
      ])
        expect(critical(a / 2, b, 0.95)).toBeGreaterThanOrEqual(critical(a, b, 0.95));
  });
});

const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;

describe("simultaneousBand(curve, kind)", () => {
  const curveOf = ({data, time, event, entry, ...options}: Band) => {
    const columns = readDataset(data);
    const column = (name: string) => evaluate(columns, name);
    return kaplanMeier({time: column(time), event: column(event), ...(entry ? {entry: column(entry)} : {})}, options);
  };

  it.each(fixture.bands)("is R's: $data $kind $interval entry $entry", (truth) => {
    const curve = curveOf(truth);
    const band = simultaneousBand(curve, truth.kind)!;
    expectClose(
      [band.from, band.to, band.aLower, band.aUpper, band.critical],
      [truth.from, truth.to, truth.aLower, truth.aUpper, truth.critical],
      1e-9
    );
    const end = truth.first + truth.lower.length;
    for (const side of ["lower", "upper"] as const) {
      expectClose(band[side].subarray(truth.first, end), truth[side], 1e-9);
      expect(band[side].every((v, j) => Number.isNaN(v) === (j < truth.first || j >= end))).toBe(true);
    }
  });

  it.each(fixture.bands.filter(({kmci}) => kmci))("is km.ci's but for its tables: $data $kind $interval", (truth) => {
    const {kmci, kind} = truth;
    const curve = curveOf(truth);
    const band = simultaneousBand(curve, kind)!;
    kmci!.time.forEach((time, k) => {
      const j = curve.time.indexOf(time);
      for (const side of ["lower", "upper"] as const)
        expect(Math.abs(band[side][j] - kmci![side][k])).toBeLessThan(tableError(truth));
    });
    expect(kmci!.time.length).toBeGreaterThan(5);
  });

  // km.ci goes from one printed value to the next its own way.
  const tableError = ({kind, data}: Band) => (kind === "equal-precision" ? 3e-3 : data === "ovarian" ? 3e-3 : 2e-5);

  it.each(["hall-wellner", "equal-precision"] as const)(
    "holds the whole true curve in about 95% of cohorts, with late entry too: %s",
    (kind) => {
      for (const late of [false, true]) {
        const held = coverage(kind, late);
        expect(held).toBeGreaterThan(0.92);
        expect(held).toBeLessThan(0.975);
      }
    }
  );

  it("does not depend on the unit of time, and weighs a patient of weight 2 as two", () => {
    const truth = fixture.bands[0];
    const curve = curveOf(truth);
    const columns = readDataset(truth.data);
    const [time, event] = [evaluate(columns, truth.time), evaluate(columns, truth.event)];
    const scaled = kaplanMeier({time: time.map((t) => t / 7), event});
    const twice = kaplanMeier({time: [...time, ...time], event: [...event, ...event]});
    const weighted = kaplanMeier({time, event, weight: time.map(() => 2)});
    for (const kind of ["hall-wellner", "equal-precision"] as const) {
      expectClose(simultaneousBand(scaled, kind)!.lower, Array.from(simultaneousBand(curve, kind)!.lower), 1e-9);
      expectClose(simultaneousBand(weighted, kind)!.upper, Array.from(simultaneousBand(twice, kind)!.upper), 1e-9);
    }
  });

  it("of one event is about the pointwise interval, and never narrower", () => {
    const curve = kaplanMeier({time: [1, 2, 3, 4, 5, 6, 7, 8], event: [0, 0, 0, 1, 0, 0, 0, 0]}, {interval: "log"});
    for (const kind of ["hall-wellner", "equal-precision"] as const) {
      const band = simultaneousBand(curve, kind)!;
      expect([band.from, band.to]).toEqual([4, 4]);
      expect(band.lower[3]).toBeLessThan(curve.lower[3]);
      expect(band.lower[3]).toBeGreaterThan(0.6 * curve.lower[3]);
    }
  });

  it("is none where no event leaves anybody at risk, and refused where weights are no whole numbers", () => {
    for (const event of [
      [0, 0, 0],
      [0, 0, 1]
    ])
      expect(simultaneousBand(kaplanMeier({time: [1, 2, 3], event}), "hall-wellner")).toBeNull();
    const weighted = kaplanMeier({time: [1, 2, 3], event: [1, 1, 0], weight: [1, 0.5, 1.5]});
    expect(() => simultaneousBand(weighted, "equal-precision")).toThrow("has no simultaneous band");
  });
});

const COHORTS = 600;
const PATIENTS = 150;

/** Share of cohorts with exponential survival and uniform censoring whose log-log band holds the true curve throughout. */
function coverage(kind: BandKind, late: boolean): number {
  const {uniform} = philox(20240611, late ? 1 : 0);
  let held = 0;
  for (let c = 0; c < COHORTS; c++) {
    const rows: {time: number; event: number; entry: number}[] = [];
    while (rows.length < PATIENTS) {
      const [death, end, entry] = [-Math.log1p(-uniform()), 0.5 + 2 * uniform(), late ? uniform() - 0.7 : 0];
      const time = Math.min(death, end);
      if (time > entry) rows.push({time, event: Number(death <= end), entry: Math.max(0, entry)});
    }
    const column = (name: "time" | "event" | "entry") => rows.map((row) => row[name]);
    const curve = kaplanMeier({
      time: column("time"),
      event: column("event"),
      ...(late ? {entry: column("entry")} : {})
    });
    const {lower, upper} = simultaneousBand(curve, kind)!;
    held += Number(
      curve.time.every((time, j) => {
        if (Number.isNaN(lower[j])) return true;
        const until = Number.isNaN(lower[j + 1]) ? time : curve.time[j + 1];
        return upper[j] >= Math.exp(-time) && lower[j] <= Math.exp(-until);
      })
    );
  }
  return held / COHORTS;
}
