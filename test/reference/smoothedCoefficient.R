# The smooth of scaled Schoenfeld residuals that R draws for cox.zph, read off its plot.
suppressMessages({library(survival); library(splines); library(jsonlite)})

# As in survival:::plot.cox.zph, whose curves cannot be had without drawing them.
smooth <- function(name, fit) {
  z <- cox.zph(fit, terms = FALSE)
  drawn <- list()
  lines <- function(x, y, ...) drawn[[length(drawn) + 1]] <<- list(x = x, y = as.vector(y))
  draw <- survival:::plot.cox.zph
  environment(draw) <- list2env(list(plot = function(...) NULL, axis = function(...) NULL, points = function(...) NULL,
                                     lines = lines), parent = environment(survival:::plot.cox.zph))
  curves <- lapply(seq_len(ncol(z$y)), function(i) {
    drawn <<- list()
    draw(z, var = i)
    list(x = drawn[[1]]$x, coef = drawn[[1]]$y, upper = drawn[[2]]$y, lower = drawn[[3]]$y)
  })
  list(name = name, curves = curves)
}

exact <- coxph.control(eps = 1e-14, iter.max = 50)
cases <- list(
  smooth("sex", coxph(Surv(time, status == 2) ~ sex, data = lung, control = exact)),
  smooth("sex and age", coxph(Surv(time, status == 2) ~ sex + age, data = lung, control = exact))
)
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/smoothedCoefficient.json")
