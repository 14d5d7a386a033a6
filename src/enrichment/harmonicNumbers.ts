/**
 * Sum of 1/j for a ≤ j < b: digamma(b) − digamma(a). It is −E log of an order statistic's upper tail, the a-th from the top
 * of b − 1 draws.
 *
 * @param a - whole number of at least 1, with a ≤ b
 */
export function harmonicBetween(a: number, b: number): number {
  let sum = 0;
  for (let j = b - 1; j >= a; j--) sum += 1 / j;
  return sum;
}

/** Sum of 1/j² for a ≤ j < b: trigamma(a) − trigamma(b), the variance of that logarithm. Arguments as above. */
export function harmonicSquaresBetween(a: number, b: number): number {
  let sum = 0;
  for (let j = b - 1; j >= a; j--) sum += 1 / (j * j);
  return sum;
}
