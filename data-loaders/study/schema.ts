import {z} from "zod";

/** What study.json may say. Its JSON Schema, for editors, is study.schema.json beside this file. */

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "must be lower-case letters, digits and _, starting with a letter")
  .describe("Short name: lower-case letters, digits and _");
const path = z.string().min(1).describe("Path inside the study folder");
const column = z.string().min(1).describe("Header of a column of the table");
const code = z.union([z.string(), z.number(), z.boolean()]).describe("A value as it stands in the table");

const unit = z.enum(["days", "weeks", "months", "years"]);

const endpoint = z.strictObject({
  id,
  label: z.string().min(1),
  time: column,
  event: column,
  unit,
  origin: z.string().optional().describe("What time zero is, in words"),
  entry: column.optional().describe("Column of the time at which a patient came under observation"),
  missing: z.array(code).optional().describe('Values of time and event that mean there is no follow-up, e.g. "N/A"'),
  coding: z
    .strictObject({
      event: z.array(code).min(1).describe("Values that mean the event happened"),
      censored: z.array(code).min(1).describe("Values that mean it did not"),
      competing: z.array(code).optional().describe("Values that mean another event made it impossible")
    })
    .describe("How the event column is coded")
});

const level = z.union([
  z.string(),
  z.strictObject({value: z.string(), label: z.string().optional(), codes: z.array(code).optional()})
]);

const variable = z.strictObject({
  id,
  label: z.string().min(1).optional().describe("Default: the display name in the # lines of cBioPortal's tables"),
  type: z
    .enum(["numeric", "categorical"])
    .optional()
    .describe("Default: categorical with levels; else by the datatype in the # lines of cBioPortal's tables"),
  column: column.optional().describe("Header of its column; default the id, or the id in capitals"),
  units: z.string().optional(),
  levels: z
    .array(level)
    .min(1)
    .optional()
    .describe(
      "Categorical: every level, in order; codes are how the table writes it. Default for cBioPortal's tables: the values met"
    ),
  reference: z.string().optional().describe("Categorical: the level others are compared with; default the first"),
  ordered: z.boolean().optional(),
  missing: z.array(code).optional().describe('Values that mean there is none, e.g. "N/A"; an empty cell always does'),
  note: z.string().optional().describe("Default: the description in the # lines of cBioPortal's tables")
});

const several = z.enum(["refuse", "takeFirst"]).default("refuse");

const table = z.strictObject({
  file: path,
  id: column.optional().describe("Header of the column with the patients' ids; default cBioPortal's, PATIENT_ID"),
  separator: z.enum([",", ";", "\t"]).optional().describe("Default: the one that stands most often in the header"),
  findEndpoints: z
    .boolean()
    .optional()
    .describe(
      "Whether every pair of columns <PREFIX>_STATUS and <PREFIX>_MONTHS is an endpoint; default: only where study.json gives none"
    ),
  samples: z
    .strictObject({
      file: path,
      sample: column.default("SAMPLE_ID").describe("Header of the column with the samples' ids"),
      patient: column.optional().describe("Header of the column with the patients' ids; default as in the table"),
      only: z
        .strictObject({column, codes: z.array(code).min(1)})
        .optional()
        .describe("Which samples count, by the values of a column, e.g. SAMPLE_TYPE Primary; default all"),
      several: several.describe(
        "What becomes of a patient's further samples that count; the first is that of the first row"
      )
    })
    .nullish()
    .describe(
      "Table with a row a sample, whose columns are joined to the patients'. Default: data_clinical_sample.txt, if it lies beside cBioPortal's data_clinical_patient.txt; null for none"
    )
});

const images = z.strictObject({
  image: z
    .string()
    .includes("{id}")
    .describe("Path with {id} in place of the patient's id: a NIfTI file, or the folder of a DICOM series"),
  mask: z.string().includes("{id}").describe("Path of the tumour mask, with {id}: NIfTI, RTSTRUCT or DICOM SEG"),
  roi: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Which region of the mask: its name or number, or the label of a NIfTI; default the only one, or all labels"
    )
});

const petImages = images.extend({
  unit: z
    .literal("SUVbw")
    .optional()
    .describe("The NIfTI images hold SUV by body weight already (as HECKTOR's do) and need no JSON beside them")
});

const figure = z.strictObject({
  quantity: z.enum(["concordance", "hazardRatio"]),
  set: z.enum(["training", "test", "all"]),
  label: z.string(),
  estimate: z.number(),
  lower: z.number(),
  upper: z.number()
});

const events = z.strictObject({
  file: path.describe(
    "Path inside the study folder; * stands for any letters of a name, where there are several files"
  ),
  patient: column.optional().describe("Header of the column with the patients' ids; default as in the table"),
  kind: column.describe("Header of the column that says what happened"),
  detail: z
    .array(column)
    .default([])
    .describe(
      "Headers of columns that tell events of one kind apart, e.g. the treatment; the first cell filled counts"
    ),
  time: column.describe("Header of the time since time zero"),
  stop: column.optional().describe("Header of the time at which the event was over"),
  unit,
  kinds: z
    .array(z.strictObject({id, label: z.string().min(1), codes: z.array(code).min(1).optional()}))
    .min(1)
    .optional()
    .describe("Every kind of event, in order; codes are how the table writes it. Without it every value is a kind"),
  followUp: id
    .optional()
    .describe("Endpoint whose time is the end of each patient's follow-up; default the risk model's, or the first"),
  death: id.optional().describe("Kind of event that the event of this endpoint is, where that is death"),
  unusable: z
    .enum(["refuse", "leaveOut"])
    .default("refuse")
    .describe(
      "What becomes of rows before time zero, of patients whom the table lacks, without a time, or written twice"
    )
});

const terms = z.array(id).min(1).describe("Variables, or pet_signature, ct_signature and tumour_volume");

export const studySchema = z
  .strictObject({
    $schema: z.string().optional(),
    id,
    title: z.string().min(1),
    synthetic: z.boolean().describe("True if the patients are generated and no people"),
    citation: z.strictObject({text: z.string().min(1), doi: z.string().optional()}).nullish(),
    table,
    endpoints: z
      .array(endpoint)
      .min(1)
      .optional()
      .describe("Default: every pair of columns <PREFIX>_STATUS and <PREFIX>_MONTHS, coded as in cBioPortal"),
    variables: z
      .array(variable)
      .optional()
      .describe("Default for cBioPortal's tables: every column that holds numbers, or 2 to 12 different values"),
    strata: z.array(id).default([]).describe("Variables offered first to stratify by"),
    treatments: z.array(id).default([]).describe("Variables that are treatments"),
    split: z.strictObject({variable: id, training: z.string(), test: z.string()}).nullish(),
    riskModel: z
      .strictObject({
        label: z.string().min(1),
        endpoint: id,
        terms,
        cut: z
          .union([z.enum(["median", "maximallySelected"]), z.strictObject({fixed: z.number()})])
          .default("median")
          .describe("Where low and high risk part; learned on training patients, unless fixed")
      })
      .nullish(),
    models: z
      .array(z.strictObject({id, label: z.string().min(1), terms}))
      .default([])
      .describe("Models to compare the risk model with, for the same endpoint"),
    images: z.strictObject({pet: petImages.optional(), ct: images.optional()}).optional(),
    networks: z
      .strictObject({pet: path.optional(), ct: path.optional()})
      .optional()
      .describe("Trained networks (ONNX, written by npm run train) instead of those that come with Stratum"),
    expression: z
      .strictObject({
        file: path,
        kind: z.enum(["counts", "fpkm", "tpm", "log2"]),
        separator: z.enum([",", "\t"]).optional().describe("Default: tab, or comma for .csv"),
        samples: z
          .strictObject({
            file: path,
            sample: column,
            patient: column,
            several: several.describe(
              "What becomes of a patient's further samples; the first is the first column of the matrix"
            )
          })
          .optional()
          .describe(
            "Table that says whose each sample is; default the table's samples, without which a sample bears its patient's id"
          )
      })
      .nullish(),
    geneSets: z.array(path).default([]).describe("GMT files"),
    events: events
      .nullish()
      .describe("Table of dated events; without it cBioPortal's data_timeline_*.txt are read, if they are there"),
    exclude: z
      .array(z.strictObject({id: z.string(), reason: z.string().min(1)}))
      .default([])
      .describe("Patients left out, each with the reason shown in the flow"),
    published: z.strictObject({source: z.string(), figures: z.array(figure)}).nullish()
  })
  .describe("A study folder of Stratum");

/** study.json after its shape has been checked. */
export type StudyFile = z.infer<typeof studySchema>;

/** A variable whose label, type and levels are known. */
export type VariableFile = NonNullable<StudyFile["variables"]>[number] & {
  readonly label: string;
  readonly type: "numeric" | "categorical";
};

/** An endpoint that study.json describes, or one found in the table and coded as cBioPortal codes them. */
export type EndpointFile = Omit<NonNullable<StudyFile["endpoints"]>[number], "coding"> & {
  readonly coding: NonNullable<StudyFile["endpoints"]>[number]["coding"] | "cBioPortal";
};

/** study.json, completed from the tables where it leaves something to them. */
export interface CompleteStudy extends Omit<StudyFile, "endpoints" | "variables"> {
  readonly endpoints: readonly EndpointFile[];
  readonly variables: readonly VariableFile[];
}

/** The JSON Schema that editors read. */
export const studyJsonSchema = () => z.toJSONSchema(studySchema, {io: "input"});
