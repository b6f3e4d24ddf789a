/**
 * @module `deploy/nginx.conf` and `deploy/Caddyfile` before the service: what a visitor, the console and an upgrade meet there. Needs
 * nginx, caddy and openssl, each where it is.
 */
import { type ChildProcess, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { get } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { listen } from "../../scripts/start/listener.ts";
import { agents } from "../agents.ts";
import { freePort } from "../free-port.ts";
import { startOnSocket } from "./edges.ts";
import { proxies } from "./proxies.ts";
import { dataFolder, eventually, type Service } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const name = "live.example.cn";

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

describe.each(proxies.filter(({ isHere }) => isHere))("$name before the service", ({ begin }) => {
  let folder: ReturnType<typeof dataFolder>;
  let service: Service;
  let proxy: ChildProcess;
  let [port, plainPort, servicePort] = [0, 0, 0];
  let descriptors: ReadonlyMap<string, number>;
  let close: () => Promise<unknown>;

  const startOn = () =>
    startOnSocket(join(folder.path, "data"), descriptors.get("main") ?? -1, {
      PORT: String(servicePort),
      ADMIN_KEY: "a-key-behind-a-proxy-of-a-test",
      PUBLIC_URL: `https://${name}`,
      CLIENT_ADDRESS_HEADER: "X-Real-IP",
    });

  const ask = (
    path: string,
    {
      method = "GET",
      headers = {},
      body,
    }: { method?: string; headers?: object; body?: Buffer } = {},
  ) =>
    new Promise<Answer>((done, fail) => {
      const asked = request(
        {
          ...{ host: "127.0.0.1", port, path, method, servername: name, rejectUnauthorized: false },
          headers: { Host: name, ...headers },
        },
        (response) => {
          let text = "";
          response
            .setEncoding("latin1")
            .on("data", (chunk) => {
              text += chunk;
            })
            .on("end", () =>
              done({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
            );
        },
      );
      asked.on("error", fail);
      asked.end(body);
    });
  /** By plain HTTP, its status. */
  const plainly = (path: string) =>
    new Promise<number>((done, fail) => {
      get({ host: "127.0.0.1", port: plainPort, path, headers: { Host: name } }, (response) =>
        done(response.resume().statusCode ?? 0),
      ).on("error", fail);
    });
  /** All come from one address, whose opens are views up to a limit. */
  const opensOf = async (): Promise<number> => {
    const { body } = await service.api("GET", "/api/links/door/stats");
    const { views, limited } = (body as { totals: { views: number; limited: number } }).totals;
    return views + limited;
  };
  const open = (headers: object = {}) =>
    ask("/door", { headers: { "User-Agent": agents.taobaoIos, ...headers } });

  beforeAll(async () => {
    folder = dataFolder();
    const at = (file: string) => join(folder.path, file);
    mkdirSync(at("data"), { mode: 0o700 });
    [port, plainPort, servicePort] = await Promise.all([freePort(), freePort(), freePort()]);
    ({ descriptors, close } = await listen(
      new Map([["main", { host: "127.0.0.1", port: servicePort }]]),
    ));
    service = await startOn();
    await service.api("POST", "/api/links", { url, slug: "door" });
    spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
      ...["-keyout", at("key.pem"), "-out", at("certificate.pem")],
    ]);
    proxy = begin({
      ...{ folder: folder.path, port, plainPort, servicePort },
      ...{ certificate: at("certificate.pem"), key: at("key.pem") },
    });
    await eventually(
      () => ask("/healthz").catch(() => null),
      (answer) => answer?.status === 200,
      10_000,
    );
  });
  afterAll(async () => {
    proxy.kill("SIGTERM");
    await service.stop();
    await close();
    folder.remove();
  });

  it("brings TLS, compresses what is text, and leaves files as they are", async ({ expect }) => {
    const redirect = await open();
    expect([redirect.status, redirect.headers["strict-transport-security"]]).toEqual([
      302,
      "max-age=31536000",
    ]);
    const gzip = { "Accept-Encoding": "gzip" };
    expect((await ask("/openapi.json", { headers: gzip })).headers["content-encoding"]).toBe(
      "gzip",
    );
    const console_ = await ask("/console/", { headers: gzip });
    expect(console_.status).toBe(200);
    const file = /src="(\/console\/files\/[^"]+\.js)"/.exec(
      (await ask("/console/", { headers: { "Accept-Encoding": "identity" } })).body,
    )?.[1];
    const script = await ask(file ?? "", { headers: { "Accept-Encoding": "br, gzip" } });
    expect([script.status, script.headers["content-encoding"]]).toEqual([200, "br"]);
    expect([await plainly("/door?x=1"), await plainly("/MP_verify_none.txt")]).toEqual([301, 404]);
  });

  it("tells the visitor's address, and nothing that the visitor says of it", async ({ expect }) => {
    const { body } = await service.api("POST", "/api/links", { url, slug: "addressed" });
    const { streamId } = (body as { link: { streamId: string } }).link;
    for (let visitor = 1; visitor <= 5; visitor += 1) {
      const headers = { "User-Agent": agents.taobaoIos, "X-Real-IP": `198.51.100.${visitor}` };
      expect((await ask("/addressed", { headers })).status).toBe(302);
    }
    const totals = await eventually(
      async () => {
        const stats = (await service.api("GET", `/api/streams/${streamId}/stats`)).body;
        return (stats as { totals: { views: number; visitors: number } }).totals;
      },
      ({ views, visitors }) => views === 5 && visitors > 0,
    );
    expect(totals.visitors).toBe(1);
  });

  it("lets the console change things, and an order file be refused by the service's own words", async ({
    expect,
  }) => {
    const headers = {
      Authorization: `Bearer ${service.key}`,
      "Content-Type": "application/json",
      Origin: `https://${name}`,
    };
    const link = Buffer.from(JSON.stringify({ url, slug: "by-proxy" }));
    expect((await ask("/api/links", { method: "POST", headers, body: link })).status).toBe(201);
    const session = Buffer.from(JSON.stringify({ key: service.key }));
    const signedIn = await ask("/console/session", { method: "POST", headers, body: session });
    expect([signedIn.status, String(signedIn.headers["set-cookie"])]).toEqual([
      201,
      expect.stringContaining("Secure"),
    ]);
    const large = Buffer.alloc(2 ** 24 + 1_000, "x");
    const refused = await ask("/api/links", { method: "POST", headers, body: large });
    expect([refused.status, refused.headers["content-type"]]).toEqual([
      413,
      expect.stringContaining("application/problem+json"),
    ]);
  });

  it("serves on while the next release takes over: each open is answered, and counted", async ({
    expect,
  }) => {
    const before = await opensOf();
    let [isOver, answered] = [false, 0];
    const wrong: unknown[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const answer = await open().catch((error: unknown) => ({ status: String(error) }));
        if (answer.status === 302) answered += 1;
        else wrong.push(answer.status);
      }
    });
    for (let release = 0; release < 2; release += 1) {
      await new Promise((done) => setTimeout(done, 700));
      await service.stop();
      service = await startOn();
    }
    await new Promise((done) => setTimeout(done, 500));
    isOver = true;
    await Promise.all(clients);
    expect(wrong).toEqual([]);
    await eventually(opensOf, (opens) => opens >= before + answered, 10_000);
    expect(await opensOf()).toBe(before + answered);
  });
});
