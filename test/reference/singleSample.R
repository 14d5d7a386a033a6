# Scores of gene sets per sample: truth for test/enrichment/singleSample.test.ts
# Run from the project's top folder:  Rscript test/reference/singleSample.R   (Debian: r-bioc-gsva)
suppressMessages({library(GSVA); library(jsonlite)})
set.seed(5)
genes <- paste0("g", 1:120); samples <- paste0("s", 1:12)
expression <- matrix(round(rnorm(120 * 12, 6, 2), 2), 120, dimnames = list(genes, samples))
# Ties within samples, and a gene that does not vary
expression[1:30, ] <- round(expression[1:30, ]); expression["g7", ] <- 5
expression[31:50, 1:6] <- expression[31:50, 1:6] + 2
# High enough that no two genes have the same counts in other samples: GSVA leaves the order of those to rounding
counts <- matrix(rnbinom(120 * 12, mu = rep(exp(runif(120, 3, 7)), 12), size = 3), 120, dimnames = list(genes, samples))
counts["g9", ] <- 4L
stopifnot(!anyDuplicated(t(apply(counts, 1, sort))))
sets <- list(up = genes[31:45], mixed = sample(genes, 20), tied = genes[1:12], two = genes[c(60, 100)], large = sample(genes, 70))
quiet <- function(...) { sink(nullfile()); on.exit(sink()); suppressWarnings(suppressMessages(gsva(..., verbose = FALSE))) }
one <- function(data, ...) list(data = data, options = list(...),
  scores = unname(quiet(get(data), sets, method = list(...)$method, kcdf = if (is.null(list(...)$kcdf)) "Gaussian" else list(...)$kcdf,
    mx.diff = !identical(list(...)$difference, FALSE), tau = if (is.null(list(...)$tau)) (if (list(...)$method == "gsva") 1 else 0.25) else list(...)$tau,
    ssgsea.norm = !identical(list(...)$normalise, FALSE))))
cases <- list(one("expression", method = "ssgsea"), one("expression", method = "ssgsea", normalise = FALSE),
  one("expression", method = "ssgsea", normalise = FALSE, tau = 1), one("counts", method = "ssgsea"),
  one("expression", method = "gsva", kcdf = "Gaussian"), one("expression", method = "gsva", kcdf = "Gaussian", difference = FALSE),
  one("expression", method = "gsva", kcdf = "Gaussian", tau = 0.25), one("counts", method = "gsva", kcdf = "Poisson"),
  one("counts", method = "gsva", kcdf = "Poisson", difference = FALSE), one("expression", method = "zscore"))
write(toJSON(list(R = R.version.string, GSVA = as.character(packageVersion("GSVA")), genes = genes, samples = samples,
                  expression = unname(expression), counts = unname(counts), sets = sets, cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/singleSample.json")
