import {readFileSync} from "node:fs";
import {crc32, inflateSync, deflateSync} from "node:zlib";
import {describe, expect, it} from "vitest";
import {csvText} from "../../src/components/csv.js";
import {
  bareP,
  exactP,
  formatInterval,
  formatP,
  formatRatio,
  formatTime,
  genomicP
} from "../../src/components/formatting.js";
import {pushedApart} from "../../src/components/kaplanMeierPlot.js";
import {inPrint, palette} from "../../src/components/palette.js";
import {stages} from "../../src/components/patientFlow.js";
import {withResolution} from "../../src/components/pngResolution.js";
import {censorMarks, thinCurve} from "../../src/components/thinCurve.js";
import {timeTicks} from "../../src/components/timeTicks.js";
import {kaplanMeier} from "../../src/survival/kaplanMeier.js";
import {readFollowUp} from "../survival/referenceData.js";

describe("numbers in words", () => {
  it.each([
    [1.2e-40, "p < 0.0001", "p = 1.2e-40"],
    [0, "p < 0.0001", "p < 1e-300"],
    [0.00042, "p = 0.00042", "p = 0.0004200"],
    [0.0001, "p = 0.00010", "p = 0.0001000"],
    [0.0000999, "p < 0.0001", "p = 1.0e-4"],
    [0.00131, "p = 0.0013", "p = 0.001310"],
    [0.0496, "p = 0.050", "p = 0.04960"],
    [0.3449, "p = 0.34", "p = 0.3449"],
    [0.9987, "p > 0.99", "p = 0.9987"],
    [NaN, "p not available", "p not available"]
  ])("p = %d", (p, text, exact) => {
    expect(formatP(p)).toBe(text);
    expect(exactP(p)).toBe(exact);
  });
  it.each([
    [1.2e-40, "1.2e−40", "q = 1.2e−40"],
    [0, "< 1e−300", "q < 1e−300"],
    [0.00042, "0.00042", "q = 0.00042"],
    [0.03, "0.030", "q = 0.030"],
    [1, "1.0", "q = 1.0"],
    [NaN, "–", "q not available"]
  ])("q = %d among many tests", (q, bare, named) => {
    expect(bareP(q)).toBe(bare);
    expect(genomicP(q, "q")).toBe(named);
  });
  it("gives an interval as journals do", () => {
    expect(formatInterval(4.5612, 2.8, 7.4249)).toBe("4.56 (95% CI 2.80–7.42)");
    expect(formatRatio(123.4)).toBe("123");
    expect(formatRatio(2.3e9)).toBe("2.3e+9");
    expect(formatTime(NaN)).toBe("not reached");
    expect([83.5831, 2547.3, 0.51234].map(formatTime)).toEqual(["83.6", "2547", "0.512"]);
  });
  it("quotes what needs it in CSV", () => {
    expect(
      csvText(
        ["a", "b,c"],
        [
          ['say "x"', NaN],
          [null, 0.1]
        ]
      )
    ).toBe('a,"b,c"\r\n"say ""x""",\r\n,0.1\r\n');
  });
});

describe("colours", () => {
  const css = readFileSync(new URL("../../src/style.css", import.meta.url), "utf8");
  it("are the same in style.css, light and dark", () => {
    const [light, dark] = css.split("@media screen and (prefers-color-scheme: dark)");
    for (const [name, tone] of Object.entries(palette)) {
      expect(light).toContain(`${name}: ${tone.light};`);
      expect(dark).toContain(`${name}: ${tone.dark};`);
    }
  });
  it("are dark enough on white and light enough on black for text", () => {
    const paper = palette["--paper"];
    for (const [name, {light, dark}] of Object.entries(palette)) {
      if (name === "--paper" || name === "--rule") continue;
      expect(contrast(light, paper.light), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, paper.dark), name).toBeGreaterThanOrEqual(4.5);
    }
  });
  it("are written out for print", () => {
    expect(inPrint('fill="var(--tone-high)" stroke="var(--unknown)"')).toBe('fill="#bd4600" stroke="var(--unknown)"');
  });
});

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, blue] = [1, 3, 5]
      .map((k) => parseInt(colour.slice(k, k + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe("thinCurve(curve, start, pixel)", () => {
  const {time, event} = readFollowUp("rotterdam", "dtime");
  const curve = kaplanMeier({time, event});
  const at = (points: {time: number; survival: number}[], t: number) => points.findLast((p) => p.time <= t)!.survival;
  it("is the curve itself where steps are wider than pixels", () => {
    const points = thinCurve(curve, 0, 1e-6);
    for (const [j, t] of curve.time.entries()) expect(at(points, t)).toBe(curve.survival[j]);
  });
  it("is never off by more than a pixel's width, and ends where the curve ends", () => {
    const pixel = 7231 / 600;
    const points = thinCurve(curve, 0, pixel);
    expect(points.length).toBeLessThanOrEqual(602);
    expect(points.at(-1)).toMatchObject({time: curve.time.at(-1), survival: curve.survival.at(-1)});
    for (const [j, t] of curve.time.entries()) {
      const near = [at(points, t + pixel), at(points, Math.max(0, t - pixel))];
      expect(curve.survival[j]).toBeGreaterThanOrEqual(near[0]);
      expect(curve.survival[j]).toBeLessThanOrEqual(near[1]);
    }
  });
  it("marks censoring on the curve, at most once a pixel", () => {
    const marks = censorMarks(curve, 7231 / 600);
    expect(marks.length).toBeLessThanOrEqual(601);
    expect(marks.length).toBeGreaterThan(100);
    for (const {time: t, survival} of marks) expect(survival).toBe(curve.survival[curve.time.indexOf(t)]);
  });
});

describe("timeTicks(start, end, unit, pixels)", () => {
  it("counts in years where follow-up is in months", () => {
    expect(timeTicks(0, 100, "months", 500)).toEqual([0, 12, 24, 36, 48, 60, 72, 84, 96]);
    expect(timeTicks(0, 100, "months", 260)).toEqual([0, 24, 48, 72, 96]);
  });
  it("starts at the landmark's next tick and leaves room for the numbers", () => {
    expect(timeTicks(10, 60, "months", 400)).toEqual([12, 18, 24, 30, 36, 42, 48, 54, 60]);
    expect(timeTicks(10, 60, "months", 260)).toEqual([12, 24, 36, 48, 60]);
    for (const unit of ["days", "weeks", "months", "years"] as const)
      for (const end of [0.7, 9, 55, 420, 7231])
        for (const pixels of [240, 500, 760]) {
          const ticks = timeTicks(0, end, unit, pixels);
          expect(ticks.length * 40, `${end} ${unit} on ${pixels} px`).toBeLessThanOrEqual(pixels + 80);
          expect(ticks[0]).toBe(0);
          expect(ticks.at(-1)).toBeLessThanOrEqual(end);
          // As read under the axis.
          for (const tick of ticks) expect(String(tick).length).toBeLessThan(6);
        }
  });
});

describe("pushedApart(wanted, sizes, floor)", () => {
  it("moves labels no further than they need and keeps them above the floor", () => {
    expect(pushedApart([50, 150], [20, 20], 300)).toEqual([50, 150]);
    expect(pushedApart([290, 295], [20, 20], 300)).toEqual([270, 290]);
    expect(pushedApart([100, 105, 106], [20, 20, 20], 300)).toEqual([100, 120, 140]);
  });
});

describe("stages(flow)", () => {
  it("puts the parts of a split beside each other, not after each other", () => {
    const flow = [
      {label: "In the table", n: 432, excluded: []},
      {label: "Analysed", n: 420, excluded: [{reason: "No follow-up", n: 12, patients: []}]},
      {label: "Training set", n: 269, excluded: []},
      {label: "Test set", n: 151, excluded: []},
      {label: "With a score", n: 420, excluded: []}
    ];
    expect(stages(flow).map((stage) => stage.map(({n}) => n))).toEqual([[432], [420], [269, 151], [420]]);
    expect(stages(flow.slice(0, 2)).length).toBe(2);
  });
});

describe("withResolution(png, dpi)", () => {
  it("adds a valid pHYs chunk after the header", () => {
    const png = onePixel();
    const out = withResolution(png, 300);
    const view = new DataView(out.buffer);
    expect(Buffer.from(out.subarray(37, 41)).toString()).toBe("pHYs");
    expect([view.getUint32(41), view.getUint32(45), out[49]]).toEqual([11811, 11811, 1]);
    expect(view.getUint32(50)).toBe(crc32(out.subarray(37, 50)));
    expect(out.subarray(54)).toEqual(png.subarray(33));
  });
});

function onePixel(): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, crc]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const data = deflateSync(Buffer.from([0, 128]));
  expect(inflateSync(data).length).toBe(2);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))])
  );
}
