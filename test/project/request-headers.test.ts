import { globSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";

/** Who reads headers by itself: of answers from elsewhere, of a length, which is a number, and of what workerd asks of KV. */
const others = new Map([
  ["src/http/request-headers.ts", 2],
  ["src/http/read-body.ts", 1],
  ["src/http/static-files.ts", 1],
  ["src/notify/send.ts", 1],
  ["src/alliances/caller.ts", 1],
  ["src/outbound/safe-fetch.ts", 1],
  ["src/client/index.ts", 1],
  ["src/own/files.ts", 1],
  ["src/own/kv-requests.ts", 1],
]);

describe("a header of a request", () => {
  it("is read through the one place that bounds it", ({ expect }) => {
    const found = new Map<string, number>();
    const files = globSync("src/**/*.ts", {
      exclude: (name) => name === "console" || name === "client.generated.ts",
    });
    for (const file of files) {
      if (file.endsWith(".test.ts")) continue;
      const text = readFileSync(file, "utf8");
      const reads = text.match(/headers\.get\(|\breq\.header\(/g)?.length ?? 0;
      if (reads > 0) found.set(file, reads);
    }
    expect([...found].sort()).toEqual([...others].sort());
  });
});
