/** What a map has for a key, made if it has nothing. With a WeakMap: what is made of a column or a mask is kept as long as that is. */
export function keptIn<K extends WeakKey, V>(map: WeakMap<K, V>, key: K, make: () => V): V;
export function keptIn<K, V>(map: Map<K, V>, key: K, make: () => V): V;
export function keptIn<V>(
  map: {get(key: unknown): V | undefined; set(key: unknown, value: V): unknown},
  key: unknown,
  make: () => V
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
