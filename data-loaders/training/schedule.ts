/** How the learning rate runs over a training. */
export interface Schedule {
  readonly peak: number;
  /** Steps of linear rise from 0. */
  readonly warmUp: number;
  /** All steps; the rate falls to 0 there along half a cosine. */
  readonly steps: number;
}

/**
 * The learning rate of a step, counted from 1.
 *
 * @see Loshchilov & Hutter (2017), SGDR
 */
export function learningRate({peak, warmUp, steps}: Schedule, step: number): number {
  if (step <= warmUp) return (peak * step) / warmUp;
  const share = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return (peak / 2) * (1 + Math.cos(Math.PI * share));
}
