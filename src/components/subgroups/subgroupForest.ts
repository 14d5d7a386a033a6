import {withFilter} from "../../cohort/selection.js";
import type {Filter} from "../../cohort/selection.js";
import type {StudyDescription} from "../../cohort/description.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatCount, formatP} from "../formatting.js";
import {forestCsv, sortedByEffect} from "./forestPicture.js";
import type {ForestBlock, ForestPicture} from "./forestPicture.js";
import {forestPlot} from "./forestPlot.js";
import type {SubgroupAnswer, SubgroupFactor} from "./subgroupAnswer.js";

/** By factor, or all levels by size of their hazard ratio. */
export type ForestOrder = "grouped" | "sorted";

/** Told which filters hold when the reader chooses a line. */
export type ChooseFilters = (filters: readonly Filter[]) => void;

/** The forest of a subgroup answer: choosing a line selects its patients, choosing it again takes that back. */
export function subgroupPicture(answer: SubgroupAnswer, choose: ChooseFilters | null): ForestPicture | null {
  const {compared, overall, factors, selection, endpoint} = answer;
  if (!compared || !overall) return null;
  const [first, second] = compared.groups.map(({label}) => label);
  const opens = (f: number) => f > 0 && factors[f - 1].planned && !factors[f].planned;
  return {
    title: `Hazard ratio of ${second} to ${first}, ${endpoint.label}`,
    groups: [first, second],
    overall: {key: "overall", label: "All selected patients", effect: overall, choose: null},
    blocks: factors.map((factor, f) => ({
      ...block(factor),
      part: opens(f) || (f === 0 && !factor.planned) ? "Exploratory" : null,
      lines: factor.levels.map(({label, effect, filter, chosen}) => ({
        key: `${factor.variable.id}:${label}`,
        label,
        effect,
        choose: choose && {
          pressed: chosen,
          act: () => choose(withFilter(selection, filter.variable, chosen ? null : filter).filters)
        }
      }))
    }))
  };
}

function block({variable, interaction, cut}: SubgroupFactor): Pick<ForestBlock, "title" | "note" | "interaction"> {
  return {title: variable.label, note: cut === null ? null : "at its median", interaction};
}

/** What the frame shows of a subgroup answer. */
export function subgroupFigure(
  study: StudyDescription,
  answer: SubgroupAnswer,
  order: ForestOrder,
  choose: ChooseFilters
): Omit<Figure, "script"> {
  const grouped = subgroupPicture(answer, choose);
  const picture = grouped && order === "sorted" ? sortedByEffect(grouped) : grouped;
  const {overall, endpoint, selection} = answer;
  const counts = overall
    ? `; n = ${formatCount(overall.n[0] + overall.n[1])}, ${counted(overall.events[0] + overall.events[1], "event")}`
    : "";
  return {
    draw: picture && ((width) => forestPlot(picture, width)),
    csv: () => forestCsv(grouped ?? {title: "", groups: ["first", "second"], overall: null, blocks: []}, endpoint),
    caption:
      answer.refusal ?? `${grouped?.title ?? endpoint.label}; selection: ${selectionWords(study, selection)}${counts}.`,
    note: !picture
      ? ""
      : `Cox regression (Efron) in each level; squares grow with the number of events; dashes mark all selected patients. The p of interaction is from one likelihood-ratio test a factor, group × factor against group + factor.`
  };
}

/** How many tests were made, and what that means for the smallest p. */
export function multiplicityRemarks({factors, tests}: SubgroupAnswer): string[] {
  if (tests === 0) return [];
  const smallest = factors
    .filter(({interaction}) => interaction)
    .reduce((least, factor) => (factor.interaction!.p < least.interaction!.p ? factor : least));
  const expected = (0.05 * tests).toFixed(tests < 20 ? 2 : 1);
  return [
    `${counted(tests, "interaction test")} ${tests === 1 ? "was" : "were"} made; if the difference were the same everywhere, ${expected} would fall below 0.05 by chance. The smallest is ${smallest.variable.label}: ${formatP(smallest.interaction!.p)}, adjusted for the number of tests (Holm) ${formatP(smallest.adjustedP)}.`,
    "Whether the difference varies is read from the test of interaction, not from which levels have an interval that excludes 1."
  ];
}
