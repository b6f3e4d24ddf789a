import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, it } from "vitest";
import { dataFolder, type Service, startService } from "./service.ts";

const folder = dataFolder();
let service: Service;
beforeAll(async () => {
  service = await startService(folder.path);
});
afterAll(async () => {
  await service.stop();
  folder.remove();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** As it comes: `fetch` would decode it. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((done, failed) => {
    request(service.url + path, { method, headers }, (message) => {
      const chunks: Buffer[] = [];
      message.on("data", (chunk: Buffer) => chunks.push(chunk));
      message.on("end", () => {
        const { statusCode: status = 0, headers: told } = message;
        done({ status, headers: told, body: Buffer.concat(chunks) });
      });
    })
      .on("error", failed)
      .end();
  });
}

describe("the files of one's own server", () => {
  it("have their types, and come compressed to who takes that", async ({ expect }) => {
    const page = await ask("/console/");
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const [script = ""] = /\/console\/files\/[^"]+\.js/.exec(String(page.body)) ?? [];
    const [style = ""] = /\/console\/files\/[^"]+\.css/.exec(String(page.body)) ?? [];
    expect((await ask(style)).headers["content-type"]).toBe("text/css; charset=utf-8");
    for (const path of [script, "/docs/page.js", "/docs/", "/console/"]) {
      const plain = await ask(path);
      expect([path, plain.status, plain.headers["content-encoding"]]).toEqual([
        path,
        200,
        undefined,
      ]);
      for (const [accepted, coding, decoded] of [
        ["gzip, deflate, br", "br", brotliDecompressSync],
        ["gzip", "gzip", gunzipSync],
        ["br;q=0, gzip;q=0.5", "gzip", gunzipSync],
        ["*", "br", brotliDecompressSync],
      ] as const) {
        const answer = await ask(path, { "Accept-Encoding": accepted });
        expect([path, accepted, answer.headers["content-encoding"]]).toEqual([
          path,
          accepted,
          coding,
        ]);
        expect(decoded(answer.body).equals(plain.body)).toBe(true);
        expect(answer.headers.vary).toContain("Accept-Encoding");
        expect(answer.headers["content-type"]).toBe(plain.headers["content-type"]);
      }
      for (const accepted of ["identity", "br;q=0", "deflate", "*;q=0"]) {
        const answer = await ask(path, { "Accept-Encoding": accepted });
        expect([accepted, answer.headers["content-encoding"]]).toEqual([accepted, undefined]);
      }
    }
  });

  it("are not sent again to who has them, in the coding that was sent", async ({ expect }) => {
    const path = "/docs/page.js";
    const br = { "Accept-Encoding": "br" };
    const [first, plain] = [await ask(path, br), await ask(path)];
    const tag = String(first.headers.etag);
    expect(tag).toMatch(/^"[\w.]+"$/);
    expect(plain.headers.etag).not.toBe(tag);
    for (const known of [tag, `W/${tag}`, `"another", ${tag}`, "*"]) {
      const again = await ask(path, { ...br, "If-None-Match": known });
      expect([known, again.status, again.body.length]).toEqual([known, 304, 0]);
      expect(again.headers.etag).toBe(tag);
    }
    expect((await ask(path, { "If-None-Match": tag })).status).toBe(200);
    const head = await ask(path, {}, "HEAD");
    expect([head.status, head.body.length, head.headers["content-length"]]).toEqual([
      200,
      0,
      String(plain.body.length),
    ]);
  });

  it("are those of the build and no others", async ({ expect }) => {
    for (const path of [
      "/docs/none.js",
      "/docs/index.html.br",
      "/docs/page.js.gz",
      "/docs/__proto__",
      "/docs/constructor",
      "/docs/..%2f..%2fservice.json",
      "/docs/%2e%2e/%2e%2e/service.json",
      "/console/files/",
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    }
  });
});
