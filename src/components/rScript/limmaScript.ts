import type {StudyDescription} from "../../cohort/description.js";
import type {ExpressionKind} from "../../enrichment/expressionMatrix.js";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";
import {bareP, formatNumber} from "../formatting.js";
import {page, studyLine} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** Contents of the files the script reads. */
export interface LimmaFiles {
  readonly expression: string;
  readonly groups: string;
  readonly sets: string;
}

/** What R needs for a kind of matrix. */
export const limmaNeeds = (kind: ExpressionKind) =>
  kind === "counts" ? "R packages limma and edgeR" : "R package limma";

/** Genes whose numbers are written into the script. */
const SAID = 10;

/** The genes of a comparison, again with limma and edgeR, and the gene sets with fgsea. */
export function limmaScript(
  study: StudyDescription,
  kind: ExpressionKind,
  {names, steps, genes}: PublishedTests,
  files: LimmaFiles,
  data: ScriptData
): string {
  const robust = steps.some((step) => step.includes("robust prior"));
  const counts = `keep <- filterByExpr(x, group = group)
x <- x[keep, ]
library.size <- colSums(x) * calcNormFactors(x, method = "TMM")
v <- voom(x, design, lib.size = library.size)
fit <- eBayes(lmFit(v, design), robust = ${robust ? "TRUE" : "FALSE"})`;
  const logs = `${
    kind === "log2"
      ? ""
      : `keep <- rowSums(x > 0.5) >= max(3, ceiling(ncol(x) / 10))
x <- log2(x[keep, ] + 1)
`
  }fit <- eBayes(lmFit(x, design), trend = TRUE, robust = ${robust ? "TRUE" : "FALSE"})`;
  const strongest = Array.from(genes.gene.keys())
    .sort((a, b) => genes.p[a] - genes.p[b])
    .slice(0, SAID)
    .map((g) =>
      page(
        `${genes.gene[g]} log2 fold change ${formatNumber(genes.logFoldChange[g])}, t ${formatNumber(genes.t[g], 6)}, p ${bareP(genes.p[g])}, q ${bareP(genes.q[g])}`
      )
    );
  const sets = data.file("gene-sets.gmt", files.sets);
  return `${studyLine(study)}# Genes that differ, ${names[1]} against ${names[0]}.
library(limma)
${kind === "counts" ? "library(edgeR)\n" : ""}options(digits = 10)

x <- as.matrix(read.delim(${data.file("expression.tsv", files.expression)}, row.names = 1, check.names = FALSE))
groups <- read.delim(${data.file("groups.tsv", files.groups)}, stringsAsFactors = FALSE)
x <- x[, groups$sample]
group <- as.numeric(groups$group == ${JSON.stringify(names[1])})
design <- cbind(intercept = 1, group)

${kind === "counts" ? counts : logs}
table <- topTable(fit, coef = "group", number = Inf, sort.by = "p", confint = TRUE)
${strongest.join("\n")}
print(head(table, 20))
write.table(table, "${study.id}-limma.tsv", sep = "\\t", quote = FALSE, col.names = NA)

# The gene sets, where fgsea is installed.
if (requireNamespace("fgsea", quietly = TRUE)) {
  set.seed(1)
  t <- setNames(table$t, rownames(table))
  print(head(fgsea::fgsea(fgsea::gmtPathways(${sets}), t, minSize = 15, maxSize = 500, eps = 1e-50), 20))
}
`;
}
