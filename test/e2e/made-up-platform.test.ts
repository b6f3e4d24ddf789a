import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";

const files = {
  "src/platforms/yuelu/edge.ts": `
/** @module Yuelu 月路, which nobody has heard of. */
import type { PlatformEdge } from "../types.ts";

export const yuelu = {
  name: "yuelu",
  letter: "Y",
  label: { zh: "月路", en: "Yuelu" },
  webviews: [{ app: "yuelu", test: /YueluApp\\//, confidence: "U", source: "made up" }],
  relations: { yuelu: "own", wechat: "native" },
  openings: [
    {
      method: "scheme",
      confidence: "U",
      source: "made up",
      url: ({ id }) => \`yuelu://room/\${id}\`,
    },
  ],
  androidPackage: "example.yuelu",
} as const satisfies PlatformEdge;
`,
  "src/platforms/yuelu/pages.ts": `
/** @module The pages of Yuelu 月路. */
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

export const yuelu: PlatformPages = {
  name: "yuelu",
  hosts: [{ names: ["live.yuelu.example"], confidence: "U", source: "made up" }],
  recognize(url) {
    const [room = ""] = segments(url);
    return /^\\d+$/.test(room) ? { kind: "live", id: room, idType: "room_id" } : anyPage(url);
  },
};
`,
};

/** The lines that a platform has in each registry of its parts. */
function register(folder: string, part: "edge" | "pages", before: string, line: string): void {
  const path = join(folder, `src/platforms/registry/${part}.ts`);
  const text = readFileSync(path, "utf8");
  if (!text.includes(before)) throw new Error(`the registry has no ${before}`);
  const withLine = text.replace(before, `${line}${before}`);
  writeFileSync(path, `import { yuelu } from "../yuelu/${part}.ts";\n${withLine}`);
}

describe("a platform that is added by its folder and its lines in the registries", () => {
  let folder: string;
  let service: Miniflare;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "moongate-platform-"));
    for (const name of ["src", "package.json", "tsconfig.json"]) {
      cpSync(name, join(folder, name), {
        recursive: true,
        filter: (path) => !path.endsWith(".test.ts"),
      });
    }
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "src/platforms/yuelu"));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    register(folder, "edge", "  web,\n] as const;", "  yuelu,\n");
    register(folder, "pages", "  web,\n} satisfies", "  yuelu,\n");
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: ["src/worker.ts"],
      bundle: true,
      format: "esm",
      write: false,
      conditions: ["workerd", "worker"],
      external: ["cloudflare:*", "node:*"],
      loader: { ".sql": "text", ".png": "binary" },
    });
    const object = (className: string) => ({ className, useSQLite: true });
    service = new Miniflare(
      convertV4MiniflareOptions({
        modules: [{ type: "ESModule", path: "worker.js", contents: outputFiles[0]?.text ?? "" }],
        compatibilityDate: "2026-10-01",
        compatibilityFlags: ["nodejs_compat"],
        kvNamespaces: ["LINKS", "COUNTS"],
        durableObjects: {
          CATALOG: object("Catalog"),
          COUNTER: object("Counter"),
          ORDERS: object("Orders"),
          NOTIFIER: object("Notifier"),
          WECHAT: object("WechatCredentials"),
        },
        bindings: { ADMIN_KEY: "a-key-of-the-administrator-of-this-test" },
      } as never),
    );
    await service.ready;
  }, 120_000);
  afterAll(async () => {
    await service?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (path: string, init: { method?: string; body?: string; headers?: object }) => {
    const answer = await service.dispatchFetch(`https://go.example.cn${path}`, {
      redirect: "manual",
      ...init,
      headers: { Authorization: "Bearer a-key-of-the-administrator-of-this-test", ...init.headers },
    } as never);
    return { answer, text: await answer.text() };
  };

  it("is taken by the compiler, with nothing else changed", async ({ expect }) => {
    const tsc = resolve("node_modules/typescript/bin/tsc");
    const checked = promisify(execFile)(
      process.execPath,
      [tsc, "-p", "tsconfig.json", "--incremental", "false"],
      {
        cwd: folder,
      },
    );
    await expect(checked).resolves.toMatchObject({ stdout: "" });
  });

  it("has a link, which opens by its ways and is counted as its own", async ({ expect }) => {
    const made = await ask("/api/links", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: "来看 live.yuelu.example/4711 直播" }),
    });
    const { link, stream } = JSON.parse(made.text);
    expect(stream.destinations).toMatchObject([{ platform: "yuelu", kind: "live", id: "4711" }]);
    const opened = async (userAgent: string) =>
      await ask(`/${link.slug}`, { headers: { "User-Agent": userAgent } });
    const own = await opened("Mozilla/5.0 (Linux; Android 15; P) Mobile YueluApp/1.0");
    expect([own.answer.status, own.answer.headers.get("Location")]).toEqual([
      302,
      "https://live.yuelu.example/4711",
    ]);
    const page = await opened(agents.chromeAndroid);
    expect(page.text).toContain("intent://room/4711#Intent;scheme=yuelu;package=example.yuelu");
    expect(page.text).toContain("月路");
    const token = /"token":"([^"]+)"/.exec(page.text)?.[1];
    await ask(`/${link.slug}/events`, {
      method: "POST",
      headers: { "User-Agent": agents.chromeAndroid },
      body: JSON.stringify({ type: "click", token, way: 0 }),
    });
    let stats = { totals: { clicks: 0 } } as {
      totals: object;
      by: Record<"app" | "destination", { key: string; views: number; clicks: number }[]>;
    };
    for (let tries = 0; tries < 50; tries += 1) {
      stats = JSON.parse((await ask(`/api/streams/${stream.id}/stats`, {})).text);
      // A redirect is a click, too.
      if ((stats.totals as { clicks: number }).clicks === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(stats.by.destination).toMatchObject([{ key: "yuelu", views: 2, clicks: 2 }]);
    expect(stats.by.app.map(({ key }) => key).sort()).toContain("yuelu");
  });
});
