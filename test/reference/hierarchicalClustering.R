# Average linkage of R's USArrests (Euclidean) and of mtcars' columns (1 − r).
suppressMessages(library(jsonlite))
case <- function(name, d) {
  tree <- hclust(d, "average")
  list(name = name, distance = as.vector(as.matrix(d)), n = attr(d, "Size"), merge = as.vector(t(tree$merge)),
       height = tree$height, order = tree$order)
}
write(toJSON(list(R = R.version.string, cases = list(case("USArrests", dist(scale(USArrests))),
                                                     case("mtcars", as.dist(1 - cor(mtcars))),
                                                     case("two", dist(c(1, 4))))),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/hierarchicalClustering.json")
