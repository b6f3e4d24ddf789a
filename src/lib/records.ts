/**
 * @module Records whose keys somebody else chose: slugs, creators, channels, headers of a file. `sums[key]`
 * finds what every object inherits (`constructor`, `toString`), and writing it may write on a built-in, so
 * sums are gathered in a `Map`; what is stored or sent stays a plain object, read through here alone. The
 * types hold it (a {@link Keyed} has no index), and so does biome/keys.grit.
 */

/**
 * A plain object by outside keys. Its one member is never there: it tells `Object.entries` and JSON the type
 * of the values, without an index signature, so that `record[key]` does not compile.
 */
export type Keyed<V> = { readonly "~value"?: V };

/** The value of a key that is the record's own; what objects inherit is not there. */
export function own<T extends object>(record: T, key: string): T[keyof T] | undefined {
  return Object.hasOwn(record, key) ? record[key as keyof T] : undefined;
}

/** A record of these entries, of which `__proto__` is one as any other. A later one replaces an earlier. */
export function recordOf<V>(entries: Iterable<readonly [string, V]>): Keyed<V> {
  // Defines own properties, where an assignment would call the setter of `__proto__`.
  return Object.fromEntries(entries);
}

/** A record's own entries, to look up or to add to. */
export function mapOf<V>(record: Keyed<V> | undefined): Map<string, V> {
  return new Map(Object.entries(record ?? {}));
}

/** A record by names of our own: a closed set, which may be indexed. */
export function recordBy<K extends string, V>(
  names: readonly K[],
  make: (name: K, index: number) => V,
): Record<K, V> {
  const entries = names.map((name, index) => [name, make(name, index)] as const);
  return Object.fromEntries(entries) as Record<K, V>;
}
