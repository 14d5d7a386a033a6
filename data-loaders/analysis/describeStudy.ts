import type {
  FlowStep,
  Provenance,
  RiskModelDescription,
  SignatureDescription,
  StudyDescription,
  Variable
} from "../../src/cohort/description.js";
import type {ComputedSignature} from "../signatures/signatures.js";
import {firstFew, patientsHave} from "../study/firstFew.js";
import type {Study} from "../study/study.js";

/** What the study says about itself on the site, `data/study.json`. */
export function describeStudy(
  study: Study,
  variables: readonly Variable[],
  signatures: readonly Pick<ComputedSignature, "description" | "excluded" | "variable">[],
  risk: {
    readonly model: RiskModelDescription | null;
    readonly score: readonly (number | null)[];
    readonly reason: string | null;
  },
  provenance: Provenance
): StudyDescription {
  const notes = [...study.notes, ...signatures.flatMap(signatureNote), ...(risk.reason ? [risk.reason] : [])];
  return {
    id: study.id,
    title: study.title,
    synthetic: study.synthetic,
    citation: study.citation,
    endpoints: study.endpoints,
    events: study.events?.description ?? null,
    variables,
    strata: study.strata,
    treatments: study.treatments,
    split: study.split,
    flow: [
      ...study.flow,
      ...splitSteps(study),
      ...scoredStep(study, risk.model, risk.score),
      followedStep(study, risk.model ? risk.score : null)
    ],
    has: {
      images: Object.keys(study.images).length > 0,
      expression: study.expression !== null,
      geneSets: study.geneSets.length > 0
    },
    notes,
    signatures: signatures.map(({description}): SignatureDescription => description),
    riskModel: risk.model,
    published: study.published,
    provenance
  };
}

function signatureNote({
  variable,
  excluded,
  description
}: Pick<ComputedSignature, "excluded" | "variable" | "description">): string[] {
  const reasons = new Map<string, string[]>();
  for (const {patient, reason} of excluded) reasons.set(reason, [...(reasons.get(reason) ?? []), patient]);
  const without = [...reasons].map(([reason, patients]) => {
    const words = reason.replace(/\.$/, "");
    return `${variable.label}: ${patientsHave(patients.length)} none (${words}): ${firstFew(patients)}.`;
  });
  const rules = (description.conversions ?? []).map(
    ({rule, patients}) => `SUV of ${patients.length} PET images by this rule: ${rule}.`
  );
  return [...without, ...rules];
}

/** The patients left, by set. */
function splitSteps(study: Study): FlowStep[] {
  const {split} = study;
  if (!split) return [];
  const column = study.columns[split.variable];
  const count = (value: string) => study.patients.filter((_, i) => column[i] === value).length;
  const sets: FlowStep[] = [
    {label: "Training set", n: count(split.training), excluded: []},
    {label: "Test set", n: count(split.test), excluded: []}
  ];
  const none = study.patients.filter((_, i) => column[i] !== split.training && column[i] !== split.test);
  if (none.length > 0) sets.push({label: "In neither set", n: none.length, excluded: []});
  return sets;
}

/** Patients with a risk score; the others are named, never dropped in silence. */
function scoredStep(study: Study, model: RiskModelDescription | null, score: readonly (number | null)[]): FlowStep[] {
  if (!model) return [];
  const without = study.patients.filter((_, i) => score[i] === null);
  const reason = "A value the risk model needs is missing";
  const excluded = without.length > 0 ? [{reason, n: without.length, patients: without}] : [];
  return [{label: `With a risk score (${model.label})`, n: study.patients.length - without.length, excluded}];
}

/** Of those the first endpoint's follow-up. @param score - null: no patient needs one */
function followedStep(study: Study, score: readonly (number | null)[] | null): FlowStep {
  const [{id, label}] = study.endpoints;
  const {event} = study.followUp[id];
  const asked = study.patients.map((_, i) => i).filter((i) => score === null || score[i] !== null);
  const without = asked.filter((i) => event[i] < 0).map((i) => study.patients[i]);
  const reason = "Time or status is missing";
  return {
    label: `With follow-up (${label})`,
    n: asked.length - without.length,
    excluded: without.length > 0 ? [{reason, n: without.length, patients: without}] : []
  };
}
