import { reset } from "cloudflare:test";
import { describe, inject, it } from "vitest";
import { coverKey } from "../../src/catalog/records.ts";
import { counterOf } from "../../src/counting/read.ts";
import { fc } from "../properties.ts";
import { api, env, fetchRaw, quickLink, taobaoUrl } from "./client.ts";
import { make, published, read, world } from "./worlds.ts";

const admin = { Authorization: "Bearer test-key-of-the-administrator" };

interface Line {
  type: string;
  row: Record<string, unknown>;
}

async function exported(): Promise<string> {
  return (await fetchRaw("/api/export", { headers: admin })).text();
}

async function imported(text: string) {
  const headers = { "Content-Type": "application/x-ndjson" };
  return (await api("POST", "/api/import", text, headers)).body as {
    id: string;
    imported: Record<string, number>;
    known: Record<string, number>;
    refused: number;
    rejected: { line: number; detail: string }[];
    complete: boolean;
  };
}

const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The fields in one order: a row's own is of no meaning. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, inner]) => [name, sorted(inner)])
      : value;

/**
 * What two exports may differ by: the log's entries of the moving itself, the mark of entries that came by
 * it, and when a key was last used.
 */
function comparable(text: string) {
  return linesOf(text)
    .slice(1, -1)
    .filter(({ row }) => row.action !== "imported" && row.action !== "export.read")
    .map(({ type, row: { importId: _, lastUsedAt: __, ...row } }) =>
      JSON.stringify([type, sorted(row)]),
    );
}

/** The log as it is read, without what the moving itself left in it. */
async function log() {
  const { body } = await api("GET", "/api/audit?limit=200");
  return body.data
    .filter(({ action }: { action: string }) => action !== "imported" && action !== "export.read")
    .map(({ importId: _, ...entry }: Record<string, unknown>) => entry);
}

describe("a backup", () => {
  it("has whatever the API accepts, and answers the same in a service that never knew it", {
    timeout: 180_000,
  }, async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        await reset();
        const made = await make(drawn);
        expect(made.streams.length).toBeGreaterThan(0);
        await published(made);
        const before = await read(made);
        const logBefore = await log();
        const text = await exported();
        for (const secret of made.keys) expect(text).not.toContain(secret);
        expect(text).not.toMatch(/whsec_|access_token|0123456789abcdef0123456789abcdef/);

        await reset();
        const report = await imported(text);
        expect(report.rejected).toEqual([]);
        expect(report).toMatchObject({ refused: 0, complete: true });
        expect(comparable(await exported())).toEqual(comparable(text));
        await published(made);
        const after = await read(made);
        for (const [asked, answer] of before)
          expect([asked, after.get(asked)]).toEqual([asked, answer]);
        expect(await log()).toEqual(logBefore);

        const again = await imported(text);
        expect(again).toMatchObject({ refused: 0 });
        expect(Object.values(again.imported).filter((count) => count > 0)).toEqual([]);
      }),
      { numRuns: inject("worlds") },
    );
  });
});

void [coverKey, counterOf, env, quickLink, taobaoUrl];
