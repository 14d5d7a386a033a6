import type {StudyDescription} from "../cohort/description.js";

/** What a study could have brought and did not, one sentence each. */
export function missingParts({has, treatments, split, riskModel, synthetic}: StudyDescription): string[] {
  const parts: [boolean, string][] = [
    [synthetic, "The cohort is synthetic: no patient in it exists, and no finding in it is evidence about a disease."],
    [!has.images, "The study has no images, so there are no image signatures."],
    [!has.expression, "The study has no gene expression, so there is nothing about pathways."],
    [treatments.length === 0, "The study names no treatments."],
    [!split, "The study is not split into training and test set: every figure is from all patients."],
    [!riskModel, "No risk model was fitted, so there are no risk groups."]
  ];
  return parts.filter(([missing]) => missing).map(([, sentence]) => sentence);
}
