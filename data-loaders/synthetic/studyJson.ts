import type {StudyFile} from "../study/schema.js";
import {eventKinds} from "./events.js";
import {nodalStages, stages} from "./prevalences.js";

const image = (modality: "pet" | "ct") => ({
  image: `images/{id}_${modality}.nii.gz`,
  mask: "images/{id}_mask.nii.gz"
});

const yesNo = (id: string, label: string) => ({
  id,
  label,
  type: "categorical" as const,
  levels: [
    {value: "no", label: "No"},
    {value: "yes", label: "Yes"}
  ],
  reference: "no"
});

/** study.json of the embedded cohort, with the paper's own figures to stand beside ours. */
export const studyJson: StudyFile = {
  id: "rnpc_synthetic",
  title: "Recurrent nasopharyngeal carcinoma: a synthetic PET/CT cohort",
  synthetic: true,
  citation: {
    text:
      "Modelled on Zhao X, Liang Y-J, Zhang X, et al. Deep learning signatures reveal multiscale intratumor heterogeneity " +
      "associated with biological functions and survival in recurrent nasopharyngeal carcinoma. Eur J Nucl Med Mol " +
      "Imaging 2022. No patient of that study is in these data.",
    doi: "10.1007/s00259-022-05793-x"
  },
  table: {file: "clinical.csv", id: "patient"},
  endpoints: [
    {
      id: "os",
      label: "Overall survival",
      time: "os_months",
      event: "death",
      unit: "months",
      origin: "PET/CT at recurrence",
      coding: {event: [1], censored: [0]}
    }
  ],
  variables: [
    {id: "age", label: "Age", type: "numeric", units: "years"},
    {
      id: "sex",
      label: "Sex",
      type: "categorical",
      levels: [
        {value: "male", label: "Male"},
        {value: "female", label: "Female"}
      ],
      reference: "male"
    },
    {id: "t_stage", label: "rT stage", type: "categorical", levels: [...stages], reference: "rT1", ordered: true},
    {id: "n_stage", label: "rN stage", type: "categorical", levels: [...nodalStages], reference: "rN0", ordered: true},
    {id: "ebv_dna", label: "EBV DNA", type: "numeric", units: "copies/ml", note: "0 where undetectable."},
    {
      id: "ebv_group",
      label: "EBV DNA group",
      type: "categorical",
      levels: [
        {value: "undetectable", label: "Undetectable"},
        {value: "detectable", label: "Detectable"}
      ],
      reference: "undetectable"
    },
    yesNo("surgery", "Surgery"),
    yesNo("reirradiation", "Re-irradiation"),
    yesNo("chemotherapy", "Chemotherapy"),
    {
      id: "split",
      label: "Set",
      type: "categorical",
      levels: [
        {value: "training", label: "Training"},
        {value: "test", label: "Test"}
      ],
      reference: "training"
    }
  ],
  strata: ["sex", "n_stage", "ebv_group"],
  treatments: ["surgery", "reirradiation", "chemotherapy"],
  split: {variable: "split", training: "training", test: "test"},
  riskModel: {
    label: "Integrated nomogram",
    endpoint: "os",
    terms: ["age", "t_stage", "pet_signature", "ct_signature"],
    cut: "median"
  },
  models: [
    {id: "clinical", label: "Clinical nomogram", terms: ["age", "t_stage"]},
    {id: "pet", label: "PET nomogram", terms: ["age", "t_stage", "pet_signature"]},
    {id: "ct", label: "CT nomogram", terms: ["age", "t_stage", "ct_signature"]},
    {id: "volume", label: "Tumour volume alone", terms: ["tumour_volume"]}
  ],
  images: {pet: image("pet"), ct: image("ct")},
  expression: {file: "counts.tsv", kind: "counts"},
  geneSets: ["genesets.gmt"],
  events: {
    file: "events.csv",
    kind: "event",
    detail: [],
    time: "months",
    stop: "until_months",
    unit: "months",
    kinds: eventKinds.map(({id, label}) => ({id, label})),
    followUp: "os",
    death: "death",
    unusable: "refuse"
  },
  exclude: [],
  published: {
    source: "Zhao et al. 2022, 420 patients (269 training, 151 test)",
    figures: [
      published("concordance", "training", 0.741, 0.688, 0.794),
      published("concordance", "test", 0.732, 0.679, 0.785),
      published("hazardRatio", "training", 4.56, 2.8, 7.42),
      published("hazardRatio", "test", 4.05, 2.21, 7.43)
    ]
  }
};

function published(
  quantity: "concordance" | "hazardRatio",
  set: "training" | "test",
  estimate: number,
  lower: number,
  upper: number
) {
  const label = quantity === "concordance" ? "Integrated nomogram, C-index" : "High v low risk, hazard ratio";
  return {quantity, set, label, estimate, lower, upper};
}
