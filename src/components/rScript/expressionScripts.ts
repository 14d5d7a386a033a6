import type {StudyDescription} from "../../cohort/description.js";
import {bareP, formatCorrelation, formatNumber} from "../formatting.js";
import {page, quoted, quotedVector, rNumber, studyLine} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";

const all = (count: number) => Array.from({length: count}, (_, i) => i);

/** Values of patients in groups. */
export interface GroupedValues {
  readonly patient: readonly string[];
  readonly group: readonly string[];
  readonly value: Float64Array;
  /** Groups in their order. */
  readonly order: readonly string[];
  /** What the values are. */
  readonly label: string;
}

/** How values are spread in each group: n, quartiles, a histogram or points, again in R. */
export function groupedScript(
  study: StudyDescription,
  {patient, group, value, order, label}: GroupedValues,
  medians: readonly {readonly group: string; readonly n: number; readonly median: number}[],
  data: ScriptData
): string {
  return `${studyLine(study)}options(digits = 10)
${data.frame("d", {patient, group, value}, all(value.length))}
d$group <- factor(d$group, levels = ${quotedVector(order)})
${medians.map((one) => page(`${one.group}: n ${one.n}, median ${formatNumber(one.median)}`)).join("\n")}
for (g in levels(d$group)) cat("median |", g, ":", sum(d$group == g), median(d$value[d$group == g]), "\\n")
print(tapply(d$value, d$group, quantile))
stripchart(value ~ group, data = d, vertical = TRUE, method = "jitter", pch = 20, ylab = ${quoted(label)})
par(mfrow = c(nlevels(d$group), 1))
for (g in levels(d$group)) hist(d$value[d$group == g], breaks = 24, main = g, xlab = ${quoted(label)})
`;
}

/** Expression of some genes, by sample. */
export interface GeneColumnsOfSamples {
  readonly patient: readonly string[];
  readonly genes: readonly string[];
  /** By gene: one value a sample. */
  readonly values: readonly Float64Array[];
}

const frameOf = ({patient, genes, values}: GeneColumnsOfSamples, more: Readonly<Record<string, RColumn>> = {}) => ({
  patient,
  ...more,
  ...Object.fromEntries(genes.map((gene, g) => [gene, values[g]]))
});

/**
 * The heat map's z-scores and the order of its genes and patients, again in R.
 *
 * @param by - values that order the patients; null where they are clustered
 * @param drawn - genes and patients as the page has them, from top and from left
 */
export function heatMapScript(
  study: StudyDescription,
  samples: GeneColumnsOfSamples,
  by: Float64Array | null,
  drawn: {readonly genes: readonly string[]; readonly patients: readonly string[]},
  data: ScriptData
): string {
  const {patient} = samples;
  return `${studyLine(study)}options(digits = 10)
${data.frame("d", frameOf(samples, by ? {".by": by} : {}), all(patient.length))}
x <- t(as.matrix(d[setdiff(names(d), c("patient", ".by"))]))
colnames(x) <- d$patient
z <- t(scale(t(x))) # genes over these patients
z <- z[apply(is.finite(z), 1, all), , drop = FALSE] # a gene that does not vary has none

# Genes by average linkage on 1 - r; patients ${by ? "by their score, unknown ones last" : "by average linkage on Euclidean distance"}.
gene.order <- if (nrow(z) > 1) hclust(as.dist(1 - cor(t(z))), "average")$order else 1
patient.order <- ${by ? 'order(d[[".by"]], na.last = TRUE)' : 'hclust(dist(t(z)), "average")$order'}
${page(`genes ${drawn.genes.slice(0, 10).join(", ")}${drawn.genes.length > 10 ? ", …" : ""}`)}
cat("genes:", rownames(z)[gene.order], "\\n")
${page(`patients ${drawn.patients.slice(0, 10).join(", ")}${drawn.patients.length > 10 ? ", …" : ""}`)}
cat("patients:", paste(d$patient[patient.order], collapse = " "), "\\n")
image(t(z[rev(gene.order), patient.order, drop = FALSE]), zlim = c(-2.5, 2.5), col = hcl.colors(21, "Blue-Red"), axes = FALSE)
`;
}

/** A set's score by sample and what it is correlated with. */
export interface Correlated {
  readonly set: string;
  readonly label: string;
  /** Of the genes of the set that are in the matrix. */
  readonly samples: GeneColumnsOfSamples;
  /** By sample. */
  readonly values: Float64Array;
  readonly found: {
    readonly r: number;
    readonly lower: number;
    readonly upper: number;
    readonly p: number;
    readonly q: number;
    readonly n: number;
  };
}

/** A gene set's score in each patient and its correlation with a signature, again in R. */
export function correlationScript(
  study: StudyDescription,
  {set, label, samples, values, found}: Correlated,
  data: ScriptData
): string {
  const {r, lower, upper, p, q, n} = found;
  return `${studyLine(study)}options(digits = 10)
# .value is ${label}; the other columns are the genes of ${set}.
${data.frame("d", frameOf(samples, {".value": values}), all(samples.patient.length))}
genes <- as.matrix(d[setdiff(names(d), c("patient", ".value"))])
# Score of the set (Lee 2008): sum of its genes' z-scores over the square root of their number.
genes <- genes[, apply(genes, 2, sd) >= 1e-10, drop = FALSE]
d$score <- rowSums(scale(genes)) / sqrt(ncol(genes))
test <- cor.test(d$.value, d$score)
${page(`r = ${formatCorrelation(r)} (95% CI ${formatCorrelation(lower)} to ${formatCorrelation(upper)}), p ${bareP(p)}, n = ${rNumber(n)}`)}
cat("r, limits, p, n:", test$estimate, test$conf.int, test$p.value, sum(complete.cases(d$.value, d$score)), "\\n")
${page(`q ${bareP(q)}, by Benjamini and Hochberg over all the correlations in the page's table`)}
plot(score ~ .value, data = d, xlab = ${quoted(label)}, ylab = ${quoted(`Score of ${set}`)})
abline(lm(score ~ .value, data = d))
`;
}

/** Where one value lies among those of patients, again in R. */
export function placeScript(
  study: StudyDescription,
  {
    values,
    value,
    label,
    percentile
  }: {readonly values: Float64Array; readonly value: number; readonly label: string; readonly percentile: number},
  data: ScriptData
): string {
  return `${studyLine(study)}options(digits = 10)
${data.frame("d", {value: values}, all(values.length))}
mine <- ${rNumber(value)}
cat("Share below, ties counted half:", mean((d$value < mine) + (d$value == mine) / 2), "\\n") ${page(`${Math.round(100 * percentile)}%`)}
hist(d$value, breaks = 24, main = "", xlab = ${quoted(label)})
abline(v = mine, col = "red", lwd = 3)
`;
}
