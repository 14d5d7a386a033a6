import {philox} from "../numeric/random.js";

/** Images in the check. */
export const checkImages = 2;

/** Largest difference allowed, in SD of the signature. */
export const checkTolerance = 1e-4;

const seed = 20261123;

/**
 * Images that every machine makes alike, to see whether a network answers as it did when the site was built: a bright ball on
 * a dim, noisy ground, as tumours look, so that the network works in the range it will work in.
 *
 * @param pixels - side of the network's input
 * @returns n × 3 × pixels × pixels, values −1 … 1; products and sums only, so the same to the last bit everywhere
 */
export function checkInput(pixels: number): Float32Array {
  const area = pixels * pixels;
  const input = new Float32Array(checkImages * 3 * area);
  const random = philox(seed);
  for (let at = 0; at < input.length; at++) {
    const image = Math.floor(at / (3 * area));
    const x = ((at % pixels) + 0.5) / pixels - 0.5;
    const y = (Math.floor((at % area) / pixels) + 0.5) / pixels - 0.5;
    const wide = image === 0 ? 0.03 : 0.12;
    const ball = Math.max(0, 1 - (x * x + y * y) / wide);
    input[at] = 1.4 * ball - 0.9 + 0.2 * (random.uniform() - 0.5);
  }
  return input;
}

/** Largest difference between a provider's answers and the known ones, in SD; NaN where an answer is no number. */
export function checkDifference(answers: ArrayLike<number>, known: readonly number[], sd: number): number {
  if (answers.length !== known.length) return NaN;
  return known.reduce((most, risk, k) => {
    const difference = Math.abs(answers[k] - risk) / sd;
    // Math.max keeps a NaN once it is there.
    return Math.max(most, difference);
  }, 0);
}
