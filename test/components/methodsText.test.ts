import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import {methodsText} from "../../src/components/figureFrame.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {survivalFigure} from "../../src/components/survivalFigure.js";
import {lungCohort} from "../cohort/lungCohort.js";

describe("methodsText(title, figure, address)", () => {
  const {cohort, study} = lungCohort();
  const of = (part: object) => {
    const selection = {...defaultSelection(study), ...part};
    const answer = survivalAnswer(cohort, selection, rowMask(cohort, selection));
    return methodsText("Curves", survivalFigure(cohort, selection, answer), "http://here/");
  };

  it("is a paragraph that says who is shown, what was computed, and where to see it", () => {
    const text = of({filters: [{variable: "age", from: 60, to: null}]});
    expect(text).toMatch(/^Curves\. .+selection: .*60.*; n = \d+, \d+ events\. Kaplan–Meier/);
    expect(text).toContain("log-log");
    expect(text).toMatch(/seen again at http:\/\/here\/$/);
    expect(text).not.toContain("\n");
    expect(text).not.toMatch(/\.\./);
  });

  it("changes with what the reader has set", () => {
    expect(of({interval: "plain"})).toContain("plain");
    expect(of({interval: "plain"})).not.toContain("log-log");
    expect(of({})).toContain("pointwise 95% log-log");
    expect(of({band: "hall-wellner"})).toContain("simultaneous Hall–Wellner 95% log-log confidence bands");
    expect(of({band: "equal-precision"})).toContain("from the event by which about 5% have had it");
    expect(of({landmark: 100})).not.toBe(of({}));
  });

  it("leaves out what a figure has nothing to say of", () => {
    expect(methodsText("A", {caption: "Nobody.", note: ""}, "x")).toBe(
      "A. Nobody. Computed with Stratum; the figure can be seen again at x"
    );
  });
});
