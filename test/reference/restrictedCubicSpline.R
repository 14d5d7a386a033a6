# Knots and basis of restricted cubic splines: truth for test/numeric/restrictedCubicSpline.test.ts
# Run from the project's top folder:  Rscript test/reference/restrictedCubicSpline.R
suppressMessages({library(Hmisc); library(survival); library(jsonlite)})
case <- function(data, column, count, first = NA) {
  x <- as.numeric(getExportedValue("survival", data)[[column]])
  if (!is.na(first)) x <- x[seq_len(first)]
  knots <- tryCatch(suppressWarnings(rcspline.eval(x, nk = count, knots.only = TRUE)), error = function(e) NULL)
  at <- head(x[!is.na(x)], 8)
  list(data = data, column = column, count = count, first = first, knots = if (is.null(knots)) NULL else I(unname(knots)),
       at = at, basis = if (is.null(knots)) NULL else {
         basis <- rcspline.eval(at, knots = knots, inclx = TRUE)
         lapply(seq_len(ncol(basis)), function(j) unname(basis[, j]))
       })
}
cases <- c(
  lapply(3:7, function(k) case("pbc", "bili", k)), lapply(3:7, function(k) case("pbc", "age", k)),
  lapply(3:6, function(k) case("rotterdam", "nodes", k)), lapply(3:6, function(k) case("rotterdam", "pgr", k)),
  lapply(3:5, function(k) case("lung", "ph.ecog", k)), lapply(3:7, function(k) case("lung", "ph.karno", k)),
  lapply(3:5, function(k) case("lung", "age", k, first = 60)), lapply(3:5, function(k) case("veteran", "diagtime", k)),
  lapply(3:5, function(k) case("gbsg", "er", k)), list(case("veteran", "prior", 3)), list(case("lung", "age", 3, first = 5)))
write(toJSON(list(R = R.version.string, Hmisc = as.character(packageVersion("Hmisc")), cases = cases), digits = NA,
             auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/restrictedCubicSpline.json")
