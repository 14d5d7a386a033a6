# Times edgeR and limma on counts: Rscript limma.R counts.tsv samplesOfGroupB  → JSON
suppressMessages({library(edgeR); library(jsonlite)})
args <- commandArgs(TRUE)
counts <- as.matrix(read.delim(args[1], row.names = 1))
n <- ncol(counts)
group <- factor(rep(c("a", "b"), c(n - as.integer(args[2]), as.integer(args[2]))))
design <- model.matrix(~group)
prepare <- function() {
  d <- DGEList(counts)
  d <- d[filterByExpr(d, group = group), , keep.lib.sizes = FALSE]
  calcNormFactors(d)
}
moderate <- function(v) eBayes(lmFit(v, design))
cpu <- function(f) { gc(); t <- system.time(f()); t[["user.self"]] + t[["sys.self"]] }
d <- prepare()
v <- voom(d, design)
fit <- moderate(v)
times <- replicate(5, c(all = cpu(function() moderate(voom(prepare(), design))), moderated = cpu(function() moderate(v))))
cat(toJSON(list(limma = as.character(packageVersion("limma")), edgeR = as.character(packageVersion("edgeR")),
                all = 1000 * median(times["all", ]), moderated = 1000 * median(times["moderated", ]),
                gene = rownames(fit), t = unname(fit$t[, 2])), digits = NA, auto_unbox = TRUE))
