# Round axis values: truth for test/numeric/pretty.test.ts
# Run from the project's top folder:  Rscript test/reference/pretty.R
suppressMessages(library(jsonlite))
set.seed(3)
drawn <- lapply(1:80, function(i) {
  low <- round(rnorm(1) * 10^sample(-3:5, 1), sample(0:4, 1))
  c(low, low + abs(rnorm(1)) * 10^sample(-2:4, 1), sample(c(2, 5, 10), 1))
})
chosen <- list(c(3, 3, 10), c(0, 0, 10), c(-4, -4, 10), c(100, 100, 10), c(0, 1, 10), c(1, 2, 10), c(55, 55.5, 2),
               c(0, 1e-10, 10), c(-1e6, 1e6, 5), c(0.3, 0.3, 5))
cases <- lapply(c(drawn, chosen), function(x) list(low = x[1], high = x[2], intervals = x[3],
                                                   ticks = I(pretty(x[1:2], n = x[3]))))
write(toJSON(list(R = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE), "test/reference/fixtures/pretty.json")
