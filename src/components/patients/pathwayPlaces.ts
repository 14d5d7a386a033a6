import type {Cohort} from "../../cohort/readCohort.js";
import type {PublishedPathways} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {element} from "../element.js";
import {counted} from "../formatting.js";
import {withVariable} from "../pathways/derivedCohort.js";
import {byPatient, readExpression, setScores} from "../pathways/expressionData.js";
import {setLabel, setsDrawn} from "../pathways/pathwayDots.js";
import {placeInCohort} from "./placeInCohort.js";

/** What the scores are made of; fetched when the first patient is opened. */
export interface PathwaysSource {
  readonly published: () => Promise<PublishedPathways>;
  readonly sets: () => Promise<readonly GeneSet[]>;
  readonly expression: () => Promise<ArrayBuffer>;
}

/** A gene set's score in every patient: by row of the cohort, NaN without gene expression. */
interface PathwayScore {
  readonly name: string;
  readonly score: Float64Array;
}

/** Gene sets shown: those that differ most between the groups compared. */
const MOST = 8;

/** Shows where a patient's pathway scores lie among everyone's with gene expression. Everything is fetched and scored once. */
export function pathwayPlaces(cohort: Cohort, source: PathwaysSource): (row: number) => HTMLElement {
  let scores: Promise<readonly PathwayScore[]> | null = null;
  return (row) => {
    const room = element(
      "div",
      {class: "pathway-places"},
      element("p", {class: "note-line"}, "Loading the gene expression …")
    );
    const said = (sentence: string) => element("p", {class: "note-line"}, sentence);
    scores ??= scoresOf(cohort, source);
    scores.then(
      (found) => room.replaceChildren(...places(cohort, found, row, said)),
      (error: unknown) => {
        console.warn(error);
        // The next patient tries again.
        scores = null;
        room.replaceChildren(said("The gene expression could not be loaded; open the patient again."));
      }
    );
    return element("section", {}, element("h3", {}, "Place in the pathway scores"), room);
  };
}

async function scoresOf(cohort: Cohort, {published, sets, expression}: PathwaysSource): Promise<PathwayScore[]> {
  const {kind, tests} = await published();
  if (!kind || !tests) return [];
  const genesOf = new Map((await sets()).map(({name, genes}) => [name, genes]));
  const data = readExpression(new Uint8Array(await expression()), kind, cohort);
  return setsDrawn(tests)
    .toSorted((a, b) => a.q - b.q)
    .filter(({name}) => genesOf.has(name))
    .slice(0, MOST)
    .map(({name}) => ({name, score: byPatient(data, setScores(data, genesOf.get(name)!), cohort.n)}));
}

function places(
  cohort: Cohort,
  scores: readonly PathwayScore[],
  row: number,
  said: (sentence: string) => HTMLElement
): HTMLElement[] {
  if (scores.length === 0) return [said("No gene set was tested in this study.")];
  if (Number.isNaN(scores[0].score[row])) return [said("This patient has no gene expression.")];
  const n = scores[0].score.filter((value) => !Number.isNaN(value)).length;
  return [
    said(
      `Scores (z-scores of a set's genes, Lee 2008) of the ${counted(scores.length, "gene set")} that differ most between the groups compared, among ${counted(n, "patient")} with gene expression.`
    ),
    ...scores.map(({name, score}) => {
      const variable = {id: name, label: setLabel(name), type: "numeric", origin: "measured"} as const;
      return placeInCohort(withVariable(cohort, variable, score), variable, row);
    })
  ];
}
