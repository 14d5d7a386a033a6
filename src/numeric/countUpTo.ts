/** How many values of an ascending column are ≤ t; so too the place of the first one above it. */
export function countUpTo(ascending: ArrayLike<number>, t: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
