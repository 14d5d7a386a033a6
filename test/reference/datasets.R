# Writes the data sets of R's `survival` package as JSON columns, so that tests need no R.
# Run from the project's top folder:  Rscript test/reference/datasets.R
# Missing values are null; factors are their labels; 1/2 status codes are left as R has them.
suppressMessages({library(survival); library(jsonlite)})
out <- "test/reference/datasets"
dir.create(out, showWarnings = FALSE, recursive = TRUE)
sets <- list(lung = survival::lung, veteran = survival::veteran, colon = survival::colon, pbc = survival::pbc,
             rotterdam = survival::rotterdam, gbsg = survival::gbsg, ovarian = survival::ovarian,
             kidney = survival::kidney, myeloid = survival::myeloid, heart = survival::heart,
             mgus2 = survival::mgus2)
for (name in names(sets)) {
  d <- as.data.frame(sets[[name]])
  columns <- lapply(d, function(x) {
    if (is.factor(x)) return(as.character(x))
    x <- unclass(x)                       # Date and difftime become plain numbers
    attributes(x) <- NULL
    x
  })
  write(toJSON(list(source = paste0("R survival::", name), R = R.version.string,
                    survival = as.character(packageVersion("survival")), columns = columns),
               digits = NA, na = "null", dataframe = "columns"), file.path(out, paste0(name, ".json")))
}
