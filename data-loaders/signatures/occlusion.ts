import type {NetworkSession} from "./cpuSession.js";

/** Squares a side, and side of one and distance to the next as shares of the network's square; the last ends at its edge. */
export const occlusion = {squares: 7, side: 1 / 4, stride: 1 / 8} as const;

/**
 * By how much a network's risk falls when a square of its input is covered, for squares all over it.
 *
 * A covered square gets the mean of its channel over the whole input: neither dark nor bright, and no news of a tumour.
 *
 * @param input - 3 × pixels × pixels
 * @returns squares × squares, row by row; positive where what is covered raises the risk
 * @see Zeiler and Fergus (2014), ECCV, LNCS 8689:818–833, section 4.2
 */
export async function occlusionInfluence(
  session: NetworkSession,
  input: Float32Array,
  pixels: number
): Promise<Float32Array> {
  const {squares, side, stride} = occlusion;
  const many = squares * squares;
  const covered = new Float32Array((many + 1) * input.length);
  covered.set(input, many * input.length);
  const means = channelMeans(input);
  for (let square = 0; square < many; square++) {
    const image = covered.subarray(square * input.length, (square + 1) * input.length);
    image.set(input);
    const left = Math.round((square % squares) * stride * pixels);
    const top = Math.round(Math.floor(square / squares) * stride * pixels);
    const across = Math.round(side * pixels);
    means.forEach((mean, channel) => {
      for (let row = top; row < top + across; row++) {
        const from = (channel * pixels + row) * pixels + left;
        image.fill(mean, from, from + across);
      }
    });
  }
  const {risk} = await session.run(covered, many + 1);
  return Float32Array.from({length: many}, (_, square) => risk[many] - risk[square]);
}

function channelMeans(input: Float32Array): number[] {
  const area = input.length / 3;
  return [0, 1, 2].map(
    (channel) => input.subarray(channel * area, (channel + 1) * area).reduce((sum, value) => sum + value, 0) / area
  );
}
