/** @module Names that every object or function has without being given them, and the built-ins themselves. */

/** Texts that a record without care finds, or writes on a built-in. */
export const inheritedNames = [
  "__proto__",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
] as const;

const watched: readonly (readonly [string, object])[] = [
  ["Object", Object],
  ["Object.prototype", Object.prototype],
  ["Function.prototype", Function.prototype],
  ["Array", Array],
  ["Array.prototype", Array.prototype],
  ["String.prototype", String.prototype],
  ["Number.prototype", Number.prototype],
  ...inheritedNames.flatMap((name) => {
    const value: unknown = Reflect.get({}, name);
    return typeof value === "function" ? [[`{}.${name}`, value] as const] : [];
  }),
];

/** The names of what the built-ins have: nothing that comes from outside may add to it or take from it. */
export const builtIns = () =>
  watched.map(([name, object]) => [name, Reflect.ownKeys(object).map(String).sort()] as const);
