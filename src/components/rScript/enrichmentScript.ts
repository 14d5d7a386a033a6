import type {StudyDescription} from "../../cohort/description.js";
import type {PathwayResult, PublishedTests} from "../../enrichment/publishedPathways.js";
import {bareP, formatNumber} from "../formatting.js";
import {page, quotedVector, studyLine} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/**
 * Enrichment of gene sets in the ranking of a comparison, again in R: scores and leading edges exactly, NES and p by drawing
 * sets at random.
 *
 * @param shown - the sets drawn; of one alone the running sum is plotted
 * @param genesOf - genes of a set by its name
 */
export function enrichmentScript(
  study: StudyDescription,
  {genes, names}: PublishedTests,
  shown: readonly PathwayResult[],
  genesOf: (name: string) => readonly string[],
  data: ScriptData
): string {
  const tested = new Set(genes.gene);
  const members = shown.flatMap(({name}) =>
    genesOf(name)
      .filter((gene) => tested.has(gene))
      .map((gene) => ({set: name, gene}))
  );
  const said = shown.map(({name, size, enrichmentScore, normalisedScore, p, q, leadingEdge}) =>
    page(
      `${name}: ${size} genes, ES ${formatNumber(enrichmentScore, 6)}, NES ${formatNumber(normalisedScore, 4)}, p ${bareP(p)}, q ${bareP(q)}, ${leadingEdge.length} in the leading edge`
    )
  );
  const ranking = {gene: genes.gene, t: Float64Array.from(genes.t)};
  const columns = {set: members.map(({set}) => set), gene: members.map(({gene}) => gene)};
  const all = (count: number) => Array.from({length: count}, (_, i) => i);
  return `${studyLine(study)}# Genes by moderated t, ${names[1]} against ${names[0]}, and the genes of the sets drawn.
options(digits = 10)
${data.frame("ranking", ranking, all(genes.gene.length))}
${data.frame("member", columns, all(members.length))}
ranking <- ranking[order(-ranking$t), ] # ties stay in their order

# Running sum over the ranking: up by |t| at a gene of the set, down alike at all others (Subramanian 2005).
# Only just before and just after a gene of the set can it be highest or lowest.
enrichment <- function(hits, t) {
  up <- if (sum(abs(t[hits])) > 0) abs(t[hits]) / sum(abs(t[hits])) else rep(1 / length(hits), length(hits))
  after <- cumsum(up) - (hits - seq_along(hits)) / (length(t) - length(hits))
  before <- after - up
  highest <- max(0, after)
  lowest <- min(0, before)
  # What lies before the highest point is the leading edge, or after the lowest.
  if (highest >= -lowest * (1 - 1e-14)) list(score = highest, edge = hits[seq_len(which.max(after))])
  else list(score = lowest, edge = rev(hits[which.min(before):length(hits)]))
}
places <- function(set) sort(match(member$gene[member$set == set], ranking$gene))
sets <- unique(member$set)
${said.join("\n")}
score <- sapply(sets, function(set) enrichment(places(set), ranking$t)$score)
for (set in sets) cat("ES |", set, ":", score[[set]], "\\n")
for (set in sets) cat("edge |", set, ":", ranking$gene[enrichment(places(set), ranking$t)$edge], "\\n")

# NES and p by 1,000 random sets of the same size: near the page's, which follow small p further (multilevel splitting).
set.seed(1)
for (set in sets) {
  k <- length(places(set))
  random <- replicate(1000, enrichment(sort(sample(nrow(ranking), k)), ranking$t)$score)
  alike <- random[sign(random) == sign(score[[set]])]
  cat("NES |", set, ":", score[[set]] / mean(abs(alike)), "p", (sum(abs(alike) >= abs(score[[set]])) + 1) / (length(alike) + 1), "\\n")
}
# The same by fgsea, where it is installed.
if (requireNamespace("fgsea", quietly = TRUE))
  print(fgsea::fgsea(split(member$gene, member$set), setNames(ranking$t, ranking$gene), minSize = 1, eps = 1e-50))
${
  shown.length === 1
    ? `
hits <- places(sets)
step <- ifelse(seq_len(nrow(ranking)) %in% hits, abs(ranking$t) / sum(abs(ranking$t[hits])), -1 / (nrow(ranking) - length(hits)))
plot(cumsum(step), type = "l", xlab = "Place in the ranking", ylab = "Running sum", main = sets)
rug(hits)`
    : `
dotchart(rev(score), labels = rev(sets), xlab = "Enrichment score", main = ${quotedVector([`Higher in ${names[1]}: positive`])})`
}
`;
}
