# Gene Ontology's biological processes as gene sets by symbol: data-loaders/geneSets/go_bp.gmt.gz and go_bp.json
# Run from the project's top folder:  Rscript test/reference/goGeneSets.R
# Debian: r-bioc-org.hs.eg.db, r-bioc-go.db. A set holds the genes of its term and of the terms below it, as GOALL maps them.
suppressMessages({library(org.Hs.eg.db); library(GO.db); library(jsonlite)})
smallest <- 15; largest <- 500; most_bytes <- 1.5e6
folder <- "data-loaders/geneSets"; dir.create(folder, showWarnings = FALSE, recursive = TRUE)
map <- suppressMessages(AnnotationDbi::select(org.Hs.eg.db, keys = keys(org.Hs.eg.db, "GOALL"), keytype = "GOALL",
                                              columns = c("SYMBOL", "ONTOLOGYALL")))
map <- unique(map[map$ONTOLOGYALL == "BP" & !is.na(map$SYMBOL), c("GOALL", "SYMBOL")])
sets <- lapply(split(map$SYMBOL, map$GOALL), sort, method = "radix")
inside <- sets[lengths(sets) >= smallest & lengths(sets) <= largest]
# Of terms with the very same genes, the first by id stays
same <- vapply(inside, paste, "", collapse = " ")
distinct <- inside[!duplicated(same)]
term <- suppressMessages(AnnotationDbi::select(GO.db, keys = names(distinct), columns = "TERM", keytype = "GOID"))$TERM
stopifnot(!anyNA(term), !anyDuplicated(term))
line <- function(i) paste(c(term[i], names(distinct)[i], distinct[[i]]), collapse = "\t")
write_sets <- function(keep) {
  file <- file.path(folder, "go_bp.gmt.gz"); con <- gzfile(file, "wb", compression = 9)
  # Fixed line ends; gzfile writes no time stamp
  writeBin(charToRaw(paste0(paste(vapply(keep, line, ""), collapse = "\n"), "\n")), con); close(con)
  file.size(file)
}
keep <- seq_along(distinct); upper <- largest
# Over the size limit the widest terms go first
while (write_sets(keep) > most_bytes) { upper <- upper - 25; keep <- which(lengths(distinct) <= upper) }
info <- function(db) { m <- AnnotationDbi::metadata(db); setNames(as.list(m$value), m$name) }
write(toJSON(list(name = "Gene Ontology, biological process", sets = length(keep), genes = length(unique(unlist(distinct[keep]))),
  smallest = smallest, largest = upper, leftOut = list(outsideSizes = length(sets) - length(inside),
  sameGenesAsAnother = length(inside) - length(distinct), tooWideForTheFile = length(distinct) - length(keep)),
  symbols = "HGNC symbols of org.Hs.eg.db", versions = list(R = R.version.string, `org.Hs.eg.db` = as.character(packageVersion("org.Hs.eg.db")),
  `GO.db` = as.character(packageVersion("GO.db"))), sourceDates = list(GO = info(GO.db)$GOSOURCEDATE,
  `Entrez Gene` = info(org.Hs.eg.db)$EGSOURCEDATE), licence = "Gene Ontology: CC BY 4.0, http://geneontology.org; org.Hs.eg.db and GO.db: Artistic-2.0",
  made = "2026-11-23", by = "test/reference/goGeneSets.R"), auto_unbox = TRUE, pretty = TRUE), file.path(folder, "go_bp.json"))
