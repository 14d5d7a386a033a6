/**
 * Where a function changes sign: the secant kept between its two sides (Illinois), to the last bits.
 *
 * @param f - continuous, of different signs at both ends
 * @see Dowell and Jarratt (1971), BIT 11:168–174; R `uniroot`
 */
export function rootBetween(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  for (let step = 0; step < 100 && fb !== 0 && Math.abs(b - a) > 4e-16 * Math.abs(b); step++) {
    const x = b - (fb * (b - a)) / (fb - fa);
    const fx = f(x);
    // The end that stays counts half each time, so that it does not stay for ever.
    if (fx * fb < 0) [a, fa] = [b, fb];
    else fa /= 2;
    if (x === b) break;
    [b, fb] = [x, fx];
  }
  return b;
}
