/** @module What only the store is given: an edge, which strangers reach first, has no use for it. */
import { table } from "../../src/config/table.ts";

/** What an edge is given of a setting that only the store needs: nothing; or that there is one, since pages differ by it. */
const keptByTheStore = new Map([
  ["ADMIN_KEY", () => null],
  ["CONNECTIONS_KEY", () => null],
  ["CONNECTIONS_KEY_OLD", () => null],
  ["EDGE_SECRETS", () => null],
  [
    "WECHAT_APP_SECRET",
    (text: string) => (table.WECHAT_APP_SECRET.read(text.trim()) ? "kept-by-the-store" : null),
  ],
]);

export function withoutSecrets(settings: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...settings].flatMap(([name, text]) => {
      const told = keptByTheStore.get(name);
      const value = told ? told(text) : text;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
