# Writes studies/rotterdam/rotterdam.csv, the table of that study: rotterdam of R's survival, untouched.
# Run from the top of the project: Rscript test/reference/rotterdamStudy.R
suppressMessages(library(survival))
write.csv(rotterdam, "studies/rotterdam/rotterdam.csv", row.names = FALSE, quote = FALSE)
