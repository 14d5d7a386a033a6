# Hypergeometric upper tails, fold enrichment and BH: truth for test/enrichment/overRepresentation.test.ts
# Run from the project's top folder:  Rscript test/reference/overRepresentation.R
suppressMessages(library(jsonlite))
set.seed(3)
tails <- lapply(seq_len(60), function(i) {
  universe <- sample(c(50, 500, 12000, 20000), 1)
  size <- sample(seq_len(min(500, universe - 1)), 1); drawn <- sample(seq_len(min(2000, universe - 1)), 1)
  top <- min(size, drawn)
  overlap <- if (i %% 3 == 0) top else min(top, qhyper(runif(1), size, universe - size, drawn) + (i %% 2) * 5)
  list(overlap = overlap, size = size, universe = universe, drawn = drawn,
       p = phyper(overlap - 1, size, universe - size, drawn, lower.tail = FALSE))
})
universe <- paste0("g", 1:400); chosen <- sample(universe, 60)
sets <- lapply(1:12, function(i) sample(universe, 10 + 5 * i, prob = 1 + (i %% 3) * 2 * (universe %in% chosen)))
overlap <- vapply(sets, function(s) sum(s %in% chosen), 0)
p <- phyper(overlap - 1, lengths(sets), 400 - lengths(sets), 60, lower.tail = FALSE)
write(toJSON(list(R = R.version.string, tails = tails, universe = universe, chosen = chosen, sets = sets, overlap = overlap,
                  fold = overlap / (lengths(sets) * 60 / 400), p = p, adjusted = p.adjust(p, "BH")),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/overRepresentation.json")
