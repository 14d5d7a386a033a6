import type {StudyDescription} from "../../src/cohort/description.js";

/** A study of follow-up and a clinical table alone: what its description has of all that it lacks. */
export const bareStudy = {
  citation: null,
  treatments: [],
  split: null,
  flow: [],
  has: {images: false, expression: false, geneSets: false},
  notes: [],
  signatures: [],
  riskModel: null,
  published: null
} satisfies Partial<StudyDescription>;
