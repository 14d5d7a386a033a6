# Enrichment scores by the definition of Subramanian et al. (2005): truth for test/enrichment/enrichmentScore.test.ts,
# and p and NES of 100,000 random gene sets: truth for gseaPermutation.test.ts and gseaMultilevel.test.ts
# Run from the project's top folder:  Rscript test/reference/enrichmentScore.R   (about two minutes)
suppressMessages(library(jsonlite))

# The running sum over all genes, hits and misses, as the paper writes it
running <- function(r, s, w) {
  hit <- seq_along(r) %in% s
  step <- abs(r)^w * hit
  (if (sum(step) > 0) cumsum(step) / sum(step) else cumsum(hit) / sum(hit)) - cumsum(!hit) / sum(!hit)
}
score <- function(r, s, w) {
  x <- running(r, s, w); top <- max(x, 0); low <- min(x, 0)
  if (top >= -low * (1 - 1e-14)) top else low
}
edge <- function(r, s, w) {
  x <- running(r, s, w); s <- sort(s)
  if (score(r, s, w) == max(x, 0)) s[s <= which.max(x)] else rev(s[s > which.min(x)])
}
set.seed(7)
# A heavy-tailed sample with ties, as moderated t statistics are
n <- 1200
r <- sort(round(c(rt(n - 100, 4), rep(c(-0.25, 0.4), 50)), 3), decreasing = TRUE)
sets <- list(up = sample(1:300, 25), down = sample(900:1200, 60), mixed = sample(n, 100), top = 1:15, last = 1181:1200,
             middle = 590:640, one = 700, ends = c(1:10, 1191:1200), two = c(1, 1200), tilt = sample(n, 40, prob = n:1),
             lean = sample(n, 200, prob = (1:n)^0.5))
cases <- list()
for (name in names(sets)) for (w in c(0, 1, 1.5)) {
  s <- sort(sets[[name]])
  x <- running(r, s, w)
  cases[[length(cases) + 1]] <- list(set = name, weight = w, score = score(r, s, w), leadingEdge = I(edge(r, s, w) - 1L),
                                     curveAtHits = I(x[s]))
}

permutations <- 1e5
plain <- function(s, w) {
  k <- length(s); s <- sort(s); nm <- n - k; a <- abs(r)^w
  es <- score(r, s, w)
  # The same definition over the hits only: a hit's top, and the bottom before it
  null <- vapply(seq_len(permutations), function(i) {
    p <- sort.int(sample.int(n, k), method = "quick"); h <- a[p]; total <- sum(h)
    tops <- cumsum(h) / total - (p - seq_len(k)) / nm
    top <- max(tops, 0); low <- min(tops - h / total, 0)
    if (top >= -low) top else low
  }, 0)
  same <- if (es >= 0) null[null >= 0] else null[null < 0]
  more <- sum(abs(same) >= abs(es))
  list(score = es, same = length(same), more = more, p = (more + 1) / (length(same) + 1), meanSame = mean(abs(same)),
       sdSame = sd(same), nes = es / mean(abs(same)))
}
permuted <- lapply(c("up", "down", "mixed", "tilt", "lean", "ends"), function(name)
  c(list(set = name, weight = 1), plain(sets[[name]], 1)))
permuted <- c(permuted, list(c(list(set = "tilt", weight = 0), plain(sets$tilt, 0))))
write(toJSON(list(R = R.version.string, statistics = r, sets = lapply(sets, function(s) I(sort(s) - 1L)), cases = cases,
                  permutations = permutations, permuted = permuted), digits = NA, auto_unbox = TRUE),
      "test/reference/fixtures/enrichmentScore.json")
