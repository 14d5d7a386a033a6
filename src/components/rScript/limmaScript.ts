import type {StudyDescription} from "../../cohort/description.js";
import type {ExpressionKind} from "../../enrichment/expressionMatrix.js";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";

/** Files that stand beside the script; the page offers them. */
export const limmaFiles = (study: string) => ({
  expression: `${study}-expression.tsv`,
  groups: `${study}-groups.tsv`,
  sets: `${study}-gene-sets.gmt`
});

/** The genes of a comparison, again with limma and edgeR, and the gene sets with fgsea. */
export function limmaScript(study: StudyDescription, kind: ExpressionKind, {names, steps}: PublishedTests): string {
  const files = limmaFiles(study.id);
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
  return `# Genes that differ, ${names[1]} against ${names[0]}. ${study.title}.
${study.synthetic ? "# Synthetic data: no patient in this cohort exists.\n" : ""}# Needs, beside this script: ${files.expression}, ${files.groups}${kind === "counts" ? "; R packages limma and edgeR" : "; R package limma"}.
library(limma)
${kind === "counts" ? "library(edgeR)\n" : ""}options(digits = 10)

x <- as.matrix(read.delim("${files.expression}", row.names = 1, check.names = FALSE))
groups <- read.delim("${files.groups}", stringsAsFactors = FALSE)
x <- x[, groups$sample]
group <- as.numeric(groups$group == ${JSON.stringify(names[1])})
design <- cbind(intercept = 1, group)

${kind === "counts" ? counts : logs}
table <- topTable(fit, coef = "group", number = Inf, sort.by = "p", confint = TRUE)
print(head(table, 20))
write.table(table, "${study.id}-limma.tsv", sep = "\\t", quote = FALSE, col.names = NA)

# The gene sets, where fgsea is installed (${files.sets}).
if (requireNamespace("fgsea", quietly = TRUE) && file.exists("${files.sets}")) {
  set.seed(1)
  t <- setNames(table$t, rownames(table))
  print(head(fgsea::fgsea(fgsea::gmtPathways("${files.sets}"), t, minSize = 15, maxSize = 500, eps = 1e-50), 20))
}
`;
}
