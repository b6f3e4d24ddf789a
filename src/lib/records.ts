/**
 * @module Records whose keys somebody else chose: slugs, creators, channels, headers of a file. `sums[key]`
 * finds what every object inherits (`constructor`, `toString`), and writing it may write on a built-in, so
 * sums are gathered in a `Map`; what is stored or sent stays a plain object, read through here alone. The
 * types hold it (a {@link Keyed} has no index), and so does biome/keys.grit.
 */

/**
 * A plain object by outside keys. Its members are never there: one tells `Object.entries` and JSON the type
 * of the values without an index of texts, so that `record[key]` does not compile; the other lets objects of
 * known fields be one.
 */
export type Keyed<V> = { readonly "~value"?: V; readonly [none: symbol]: never };

/** The value of a key that is the record's own; what objects inherit is not there. */
export function own<T extends object>(record: T, key: string): T[keyof T] | undefined {
  // biome-ignore lint/plugin: it is one of the record's keys, as was just asked
  return Object.hasOwn(record, key) ? record[key as keyof T] : undefined;
}

/** A record of these entries, of which `__proto__` is one as any other. A later one replaces an earlier. */
export function recordOf<V>(entries: Iterable<readonly [string, V]>): Keyed<V> {
  // biome-ignore lint/plugin: it defines own properties, where an assignment would call a setter of `__proto__`
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
  // biome-ignore lint/plugin: the names are of the type that it is indexed by
  return Object.fromEntries(entries) as Record<K, V>;
}

/** A table of our own, to be looked up by texts from outside. */
// biome-ignore lint/plugin: a literal of ours, gone through at once
export function tableOf<V>(rows: Readonly<Record<string, V>>): ReadonlyMap<string, V> {
  return new Map(Object.entries(rows));
}

/** The fields that have a value: `undefined` is none. */
export function definedOnly<T extends object>(
  change: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return recordOf(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
