/** R code of a restricted cubic spline as `Hmisc::rcspline.eval(x, knots, inclx = TRUE)` computes it. */
export const splineInR = `# Restricted cubic spline: cubic between the knots, straight beyond the outer ones (Harrell; as Hmisc's rcspline.eval).
spline <- function(x, knots) {
  k <- length(knots)
  cube <- function(v) pmax(v / (knots[k] - knots[1])^(2 / 3), 0)^3
  bend <- function(j) cube(x - knots[j]) + ((knots[k - 1] - knots[j]) * cube(x - knots[k]) -
    (knots[k] - knots[j]) * cube(x - knots[k - 1])) / (knots[k] - knots[k - 1])
  cbind(x, matrix(sapply(seq_len(k - 2), bend), nrow = length(x)))
}
`;
