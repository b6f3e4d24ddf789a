import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import type { Env } from "../config/env.ts";
import { shellStyle } from "./console-shell.ts";
import { consoleFile, docsFile } from "./static-files.ts";

const types = new Map([
  ["/console/", "text/html; charset=utf-8"],
  ["/console/files/main-abc.js", "text/javascript"],
  ["/console/favicon.svg", "image/svg+xml"],
  ["/docs/", "text/html; charset=utf-8"],
]);

/** The binding, with these files. */
const env = {
  ASSETS: {
    fetch: async (request: Request) => {
      const type = types.get(new URL(request.url).pathname);
      if (!type) return new Response(null, { status: 404 });
      if (request.headers.get("If-None-Match") === '"1"') {
        return new Response(null, { status: 304, headers: { ETag: '"1"' } });
      }
      return new Response("content", { headers: { "Content-Type": type, ETag: '"1"' } });
    },
  },
} as unknown as Env;

const asked = (path: string, init?: RequestInit) =>
  [new Request(`https://go.example.com${path}`, init), env] as const;
const seen = ({ status, headers }: Response) => [
  status,
  headers.get("Cache-Control"),
  headers.get("ETag"),
];

describe("a file of the console", () => {
  it("is kept for long where its name has a hash, asked for again where not, and never where it is the page", async ({
    expect,
  }) => {
    for (const [path, expected] of [
      ["/console/files/main-abc.js", [200, "public, max-age=31536000, immutable", '"1"']],
      ["/console/files/none-abc.js", [404, "no-store", null]],
      ["/console/favicon.svg", [200, "no-cache", '"1"']],
      ["/console/", [200, "no-store", null]],
      ["/console/streams/st_1", [200, "no-store", null]],
    ] as const) {
      expect([path, seen(await consoleFile(...asked(path)))]).toEqual([path, expected]);
    }
  });

  it("is not sent to who has it", async ({ expect }) => {
    const answer = await consoleFile(
      ...asked("/console/favicon.svg", { headers: { "If-None-Match": '"1"' } }),
    );
    expect(answer.status).toBe(304);
  });

  it("has its address below a slash", async ({ expect }) => {
    const answer = await consoleFile(...asked("/console?a=1"));
    expect([answer.status, answer.headers.get("Location")]).toEqual([308, "/console/?a=1"]);
  });
});

describe("the console's page", () => {
  it("has browsers ask for what its script asks first, of a stream's board that stream's", async ({
    expect,
  }) => {
    const links = async (path: string) =>
      [
        ...((await consoleFile(...asked(path))).headers.get("Link") ?? "").matchAll(/<([^>]*)>/g),
      ].map(([, url]) => url);
    const session = "/console/session";
    expect(await links("/console/")).toEqual([session]);
    expect(await links("/console/streams/st_1/links")).toEqual([session]);
    for (const path of ["/console/streams/st_1", "/console/streams/st_1/wall"]) {
      expect(await links(path)).toEqual([session, "/api/streams/st_1", "/api/streams/st_1/stats"]);
    }
    expect(await links("/console/streams/st_1?compare=st_2")).toEqual([
      session,
      "/api/streams/st_1",
    ]);
    expect(await links("/console/streams/st_1>;x=<a")).toEqual([session]);
    expect(await links("/console/files/main-abc.js")).toEqual([]);
  });

  it("allows the shell's own style, which the build writes into it, by its digest", async ({
    expect,
  }) => {
    const { headers } = await consoleFile(...asked("/console/"));
    const digest = createHash("sha256").update(shellStyle).digest("base64");
    expect(headers.get("Content-Security-Policy")).toContain(
      `style-src 'self' 'sha256-${digest}';`,
    );
  });
});

describe("the page of the API", () => {
  it("is asked for again each time, with a slash or without", async ({ expect }) => {
    for (const path of ["/docs", "/docs/"]) {
      expect(seen(await docsFile(...asked(path)))).toEqual([200, "no-cache", '"1"']);
    }
    expect((await docsFile(...asked("/docs/none.js"))).status).toBe(404);
  });
});

describe("both", () => {
  it.for([
    ["/console/", consoleFile],
    ["/docs/", docsFile],
  ] as const)(
    "%s are read and not written, in no index, and ask this host alone",
    async ([path, answer], { expect }) => {
      const refused = await answer(...asked(path, { method: "POST" }));
      expect([refused.status, refused.headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
      expect((await answer(...asked(path, { method: "HEAD" }))).status).toBe(200);
      const { headers } = await answer(...asked(path));
      expect(headers.get("X-Robots-Tag")).toBe("noindex");
      expect(headers.get("Content-Security-Policy")).toMatch(
        /^default-src 'none'; script-src 'self';.*connect-src 'self';.*frame-ancestors 'none'$/,
      );
    },
  );
});
