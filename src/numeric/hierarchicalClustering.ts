/** A tree of n leaves: n − 1 merges. */
export interface Clustering {
  /** Two a merge: a leaf i as −1 − i, an earlier merge as its index. */
  readonly merges: Int32Array;
  /** Height of each merge, ascending. */
  readonly height: Float64Array;
  /** Leaves as a drawing puts them from left to right, so that no branches cross. */
  readonly order: Uint32Array;
}

/**
 * Agglomerative clustering by average linkage.
 *
 * @param distance - n × n, symmetric, finite
 * @see R `hclust(d, "average")` 4.2.2; Lance and Williams (1967)
 */
export function averageLinkage(distance: Float64Array, n: number): Clustering {
  const between = distance.slice();
  const size = new Uint32Array(n).fill(1);
  const name = Int32Array.from({length: n}, (_, i) => -1 - i);
  const merges = new Int32Array(2 * Math.max(0, n - 1));
  const height = new Float64Array(Math.max(0, n - 1));
  const alive = Array.from({length: n}, (_, i) => i);
  for (let step = 0; step + 1 < n; step++) {
    let [a, b, least] = [-1, -1, Infinity];
    for (let x = 0; x < alive.length; x++)
      for (let y = x + 1; y < alive.length; y++)
        if (between[alive[x] * n + alive[y]] < least)
          [a, b, least] = [alive[x], alive[y], between[alive[x] * n + alive[y]]];
    [merges[2 * step], merges[2 * step + 1]] = inOrder(name[a], name[b]);
    height[step] = least;
    for (const other of alive) {
      if (other === a || other === b) continue;
      const mean = (size[a] * between[a * n + other] + size[b] * between[b * n + other]) / (size[a] + size[b]);
      between[a * n + other] = between[other * n + a] = mean;
    }
    size[a] += size[b];
    name[a] = step;
    alive.splice(alive.indexOf(b), 1);
  }
  return {merges, height, order: leaves(merges, n)};
}

/** As R draws: a leaf before a branch, the leaf given first before the other, the branch made first before the other. */
function inOrder(a: number, b: number): [number, number] {
  if (a < 0 && b < 0) return a > b ? [a, b] : [b, a];
  return a < b ? [a, b] : [b, a];
}

function leaves(merges: Int32Array, n: number): Uint32Array {
  if (n === 1) return Uint32Array.of(0);
  const order: number[] = [];
  const waiting = n > 1 ? [n - 2] : [];
  while (waiting.length > 0) {
    const next = waiting.pop()!;
    if (next < 0) order.push(-1 - next);
    else waiting.push(merges[2 * next + 1], merges[2 * next]);
  }
  return Uint32Array.from(order);
}
