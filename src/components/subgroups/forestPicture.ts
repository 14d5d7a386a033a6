import type {ChiSquareTest} from "../../survival/coxph.js";
import type {Endpoint} from "../../cohort/description.js";
import {endpointCsv} from "../csv.js";
import {formatCount, formatInterval, formatP} from "../formatting.js";
import type {Effect} from "./effectWithin.js";

/** One line of a forest plot. */
export interface ForestLine {
  /** Unique in the picture; keeps the focus when the plot is drawn anew. */
  readonly key: string;
  readonly label: string;
  readonly effect: Effect;
  /** Null where a line selects nobody. */
  readonly choose: {readonly pressed: boolean; readonly act: () => void} | null;
}

/** The lines of one factor. */
export interface ForestBlock {
  readonly title: string;
  /** Beside the title where there is room, e.g. "years, at its median". */
  readonly note: string | null;
  readonly lines: readonly ForestLine[];
  readonly interaction: ChiSquareTest | null;
  /** Drawn above the block where it opens a part, e.g. "Exploratory". */
  readonly part: string | null;
}

/** What a forest plot shows. */
export interface ForestPicture {
  /** E.g. "Hazard ratio of High risk to Low risk, Overall survival" */
  readonly title: string;
  /** Names of the [first, second] group. */
  readonly groups: readonly [string, string];
  readonly overall: ForestLine | null;
  readonly blocks: readonly ForestBlock[];
}

/** Lines of all factors in one list, the largest hazard ratio first; those without one last. */
export function sortedByEffect({blocks, ...picture}: ForestPicture): ForestPicture {
  const lines = blocks.flatMap(({title, lines}) => lines.map((line) => ({...line, label: `${title}: ${line.label}`})));
  const size = ({effect}: ForestLine) => (Number.isNaN(effect.hazardRatio) ? -Infinity : effect.hazardRatio);
  lines.sort((a, b) => size(b) - size(a));
  return {...picture, blocks: [{title: "", note: null, lines, interaction: null, part: null}]};
}

/** "1,290 / 4,100" in the first or the second group. */
export const countsText = ({events, n}: Effect, group: 0 | 1): string =>
  `${formatCount(events[group])} / ${formatCount(n[group])}`;

/** "4.56 (2.80–7.42)", or why there is none. */
export function effectText({hazardRatio, lower, upper, reason}: Effect): string {
  return reason ?? formatInterval(hazardRatio, lower, upper).replace("95% CI ", "");
}

/** "p for interaction 0.23" */
export function interactionText({p}: ChiSquareTest): string {
  return `interaction ${formatP(p)}`;
}

/** The figure in words, for those who do not see it. */
export function forestSummary({title, overall, blocks}: ForestPicture): string {
  const line = ({label, effect}: ForestLine) => `${label} ${effectText(effect).replace(/\.$/, "")}`;
  const parts = blocks.map(({title: factor, lines, interaction}) => {
    const test = interaction ? `; ${interactionText(interaction)}` : "";
    return `${factor ? `${factor}: ` : ""}${lines.map(line).join("; ")}${test}.`;
  });
  return [`Forest plot. ${title}.`, ...(overall ? [`${line(overall)}.`] : []), ...parts].join(" ");
}

export function forestCsv({groups, overall, blocks}: ForestPicture, endpoint: Endpoint): string {
  const [first, second] = groups;
  const header = [
    "factor",
    "level",
    ...[first, second].flatMap((group) => [`n ${group}`, `events ${group}`]),
    "hazard_ratio",
    "lower",
    "upper",
    "p",
    "interaction_chi_square",
    "interaction_df",
    "interaction_p",
    "remark"
  ];
  const row = (factor: string, {label, effect}: ForestLine, test: ChiSquareTest | null) => [
    factor,
    label,
    effect.n[0],
    effect.events[0],
    effect.n[1],
    effect.events[1],
    effect.hazardRatio,
    effect.lower,
    effect.upper,
    effect.p,
    test?.statistic ?? null,
    test?.df ?? null,
    test?.p ?? null,
    effect.reason
  ];
  return endpointCsv(endpoint, header, [
    ...(overall ? [row("", overall, null)] : []),
    ...blocks.flatMap(({title, lines, interaction}) => lines.map((line) => row(title, line, interaction)))
  ]);
}
