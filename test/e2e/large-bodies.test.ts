/** @module Bodies that are refused before they were read: who sends one is answered, and not cut off. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, it } from "vitest";
import { dataFolder, type Service, startService } from "./service.ts";

const MiB = 2 ** 20;

interface Answer {
  status: number | string;
  code: string | undefined;
}

/** Sends all of it in any case, as nginx does, and says what came back. */
function send(
  { url, key }: Service,
  path: string,
  { headers = {}, bytes = 0 }: { headers?: Record<string, string>; bytes?: number },
): Promise<Answer> {
  return new Promise((done) => {
    const asked = request(
      `${url}${path}`,
      {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => {
          const { code } = JSON.parse(text || "{}") as { code?: string };
          done({ status: response.statusCode ?? 0, code });
        });
      },
    );
    asked.on("error", (error: NodeJS.ErrnoException) =>
      done({ status: error.code ?? "error", code: undefined }),
    );
    asked.end(Buffer.alloc(bytes, "x"));
  });
}

describe.for(["0", "1"])("with EDGES=%s, a body of many MiB", (edges) => {
  let folder: ReturnType<typeof dataFolder>;
  let service: Service;
  beforeAll(async () => {
    folder = dataFolder();
    service = await startService(folder.path, { EDGES: edges });
  });
  afterAll(async () => {
    await service.stop();
    folder.remove();
  });

  it("is refused in words, whether it is too large, by a key that is none, or no order file", async ({
    expect,
  }) => {
    const chunked = { "Transfer-Encoding": "chunked" };
    const cases = [
      ["/api/links", { bytes: 16 * MiB }, 413, "payload_too_large"],
      ["/api/links", { bytes: 2 * MiB, headers: chunked }, 413, "payload_too_large"],
      [
        "/api/links",
        { bytes: 3 * MiB, headers: { Authorization: "Bearer mg_x" } },
        401,
        "unauthorized",
      ],
      [
        "/api/conversions/import",
        { bytes: 20 * MiB, headers: { Authorization: "Bearer mg_x", "Content-Type": "text/csv" } },
        401,
        "unauthorized",
      ],
      [
        "/api/conversions/import",
        { bytes: 20 * MiB, headers: { "Content-Type": "text/csv" } },
        422,
        "malformed_csv",
      ],
    ] as const;
    for (const [path, given, status, code] of cases) {
      for (let time = 0; time < 3; time += 1) {
        // Of strangers two a second are heard out.
        if (status === 401) await new Promise((done) => setTimeout(done, 600));
        expect([path, await send(service, path, given)]).toEqual([path, { status, code }]);
      }
    }
  });
});
