import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import {emptyFigure} from "../../src/components/figureFrame.js";
import {formatInterval} from "../../src/components/formatting.js";
import {rScript} from "../../src/components/rScript/rScript.js";
import {INLINE_ROWS, scriptData} from "../../src/components/rScript/scriptData.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalFigure} from "../../src/components/survivalFigure.js";
import {pbcCohort} from "./pbcCohort.js";

const {cohort, study} = pbcCohort();

describe("rScript(title, figure, name, address)", () => {
  const selection = {...defaultSelection(study), filters: [{variable: "age", from: 50, to: null}]};
  const answer = survivalAnswer(cohort, selection, rowMask(cohort, selection));
  const address = "https://example.org/survival.html?f=age";
  const figure = survivalFigure(cohort, selection, answer);
  const {text, files} = rScript("Curves", figure, "pbc-survival", address)!;
  const comments = text
    .split("\n")
    .filter((line) => line.startsWith("# "))
    .map((line) => line.slice(2))
    .join(" ");

  it("says first who is shown, n, events, how it was computed and where it can be seen again", () => {
    expect(text.startsWith("# Curves. ")).toBe(true);
    expect(comments).toContain(figure.caption);
    expect(comments).toContain(`n = ${answer.n}, ${answer.events} events`);
    expect(comments).toContain("Age ≥ 50");
    expect(comments).toContain(figure.note);
    expect(comments).toContain(`The page: ${address}`);
    expect(comments).toContain("Run: Rscript pbc-survival.R");
    expect(files).toEqual({});
  });

  it("holds the page's numbers beside the lines that compute them", () => {
    const [{hazardRatio, lower, upper}] = answer.hazardRatios;
    const lines = text.split("\n");
    const said = lines.findIndex((line) => line.includes(`HR ${formatInterval(hazardRatio, lower, upper)}`));
    expect(lines[said]).toMatch(/^# the page: /);
    expect(lines[said + 1]).toMatch(/^cat\("Hazard ratios:"/);
    for (const {label, n, events} of answer.groups)
      expect(text).toContain(`# the page: ${label}: ${n} patients, ${events} events`);
  });

  it("is not made of a figure that says why it has none", () => {
    const empty = emptyFigure("Nobody is selected.", ["a", "b"]);
    expect(rScript("Empty", empty, "x", address)).toBeNull();
    expect(empty.csv()).toBe("a,b\r\n");
  });
});

describe("scriptData(name)", () => {
  const columns = {value: Float64Array.from({length: INLINE_ROWS + 1}, (_, i) => i)};
  const rows = Array.from({length: INLINE_ROWS + 1}, (_, i) => i);

  it("writes a small table into the script and a large one into a file beside it", () => {
    const small = scriptData("study-figure");
    expect(small.frame("d", columns, rows.slice(1))).toContain(`\n${INLINE_ROWS}\n`);
    expect(small.files).toEqual({});
    const large = scriptData("study-figure");
    const code = large.frame("d", columns, rows);
    expect(code).toContain('read.csv("study-figure-d.csv"');
    expect(code).not.toContain("\n");
    expect(large.files["study-figure-d.csv"].split("\n").length).toBe(INLINE_ROWS + 3);
  });

  it("keeps levels that R would take for truth values or numbers, and quotes of every kind", () => {
    const {frame} = scriptData("x");
    const code = frame("d", {code: ["T", "01", null, 'it\'s "so"\\'], n: [1, 2, 3, NaN]}, [0, 1, 2, 3]);
    expect(code).toContain('colClasses = c("code" = "character")');
    expect(code).toContain('"it\\\'s ""so""\\\\",\n');
    expect(code).toContain("\nT,1\n01,2\n,3\n");
  });
});
