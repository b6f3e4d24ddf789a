/** @module Where the service's own requests may go, shown by a Worker that fetches whatever it is told. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { storeConfiguration } from "../../scripts/start/configuration.ts";
import { namedOrigins } from "../../scripts/start/network.ts";
import {
  type Plan,
  type PlannedService,
  readPlan,
  wayOut,
  worker,
} from "../../scripts/start/plan.ts";
import { surroundings } from "../../scripts/start/surroundings.ts";
import { type Runtime, runWorkerd } from "../../scripts/start/workerd.ts";
import { freePort } from "../free-port.ts";

/** In place of the service: fetches `?url=`, and says what came of it. */
const services: PlannedService[] = [
  {
    name: worker,
    worker: {
      compatibilityDate: "2026-01-01",
      modules: [
        {
          name: "worker.js",
          esModule: `
              export const Main = {
                async fetch(request) {
                  try {
                    const answer = await fetch(new URL(request.url).searchParams.get("url"));
                    return new Response(answer.status + " " + (await answer.text()));
                  } catch {
                    return new Response("refused");
                  }
                },
              };
              export const Operator = Main;
              export default Main;`,
        },
      ],
    },
  },
];
const ways = readPlan(process.cwd()).store.services.filter(({ name }) => name === wayOut);
const fetching: Plan = {
  store: { services: [...services, ...ways], sockets: [] },
  edge: { services: [], outbox: [] },
  elsewhere: { services: [], outbox: [], copies: { services: [], kv: {} } },
  leftOutbox: [],
};

interface Listener {
  port: number;
  asked: string[];
  close: () => void;
}

/** Listens on every address of this machine, and leads on where \`?to=\` says. */
async function listener(): Promise<Listener> {
  const asked: string[] = [];
  const server = createServer((message, response) => {
    asked.push(message.url ?? "");
    const to = new URL(message.url ?? "", "http://x").searchParams.get("to");
    response.writeHead(to ? 302 : 200, to ? { Location: to } : {}).end("reached");
  });
  await new Promise<void>((done) => server.listen(0, "::", done));
  return { port: (server.address() as AddressInfo).port, asked, close: () => server.close() };
}

const folder = mkdtempSync(join(tmpdir(), "moongate-"));
let named: Listener;
let other: Listener;
let runtime: Runtime | null = null;
let at = "";

beforeAll(async () => {
  [named, other] = await Promise.all([listener(), listener()]);
  const settings = new Map([
    ["NOTIFY_HOSTS", `hooks.example.cn, http://127.0.0.1:${named.port}`],
    ["WECHAT_API_BASE", `http://localhost:${named.port}/proxy`],
  ]);
  at = `127.0.0.1:${await freePort()}`;
  const place = {
    root: process.cwd(),
    dataFolder: folder,
    addressOf: (socket: string) => (socket === "main" ? at : "127.0.0.1:0"),
    edges: 0,
    outboxBytes: 0,
    leftOutboxes: [],
    around: surroundings(),
    hearsLogs: true,
  };
  runtime = await runWorkerd({
    file: join(folder, "service.capnp"),
    configuration: storeConfiguration(fetching, place, settings),
    settings,
    sockets: ["main"],
    handedOver: new Map(),
    socketFiles: [],
  });
});
afterAll(async () => {
  await runtime?.stop(() => Promise.resolve(null));
  named.close();
  other.close();
  rmSync(folder, { recursive: true });
});

async function asking(url: string): Promise<string> {
  const response = await fetch(`http://${at}/?url=${encodeURIComponent(url)}`);
  return response.text();
}

const interfaces = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
/** Ways to write an address of this machine. */
const hosts = [
  "127.0.0.1",
  "127.1.2.3",
  "127.1",
  "0x7f.1",
  "2130706433",
  "017700000001",
  "0.0.0.0",
  "0",
  "localhost",
  "localhost.",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[0:0:0:0:0:ffff:7f00:1]",
  ...interfaces
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .flatMap(({ address, family }) =>
      family === "IPv4" ? [address, `[::ffff:${address}]`] : [`[${address}]`],
    ),
];

describe("a request of the service's own", () => {
  it("does not reach what listens on this machine, however its address is written or named", async ({
    expect,
  }) => {
    for (const host of hosts) {
      expect([host, await asking(`http://${host}:${other.port}/`)]).toEqual([host, "refused"]);
    }
    expect(other.asked).toEqual([]);
  });

  it("reaches an origin that the operator named, and from there no other", async ({ expect }) => {
    expect(await asking(`http://127.0.0.1:${named.port}/`)).toBe("200 reached");
    expect(await asking(`http://localhost:${named.port}/proxy/x`)).toBe("200 reached");
    const here = `http://127.0.0.1:${named.port}`;
    expect(await asking(`${here}/?to=${here}/second`)).toBe("200 reached");
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      const to = `http://${host}:${other.port}/led`;
      expect(await asking(`${here}/?to=${encodeURIComponent(to)}`)).toBe("refused");
    }
    // The same address and port by another name is another origin.
    expect(await asking(`http://127.0.0.2:${named.port}/`)).toBe("refused");
    expect(await asking(`http://[::1]:${named.port}/`)).toBe("refused");
    expect(other.asked).toEqual([]);
  });
});

it("names no origin for a host that is only allowed, nor for a setting that is wrong", ({
  expect,
}) => {
  const of = (NOTIFY_HOSTS: string, WECHAT_API_BASE = "") =>
    namedOrigins(new Map(Object.entries({ NOTIFY_HOSTS, WECHAT_API_BASE })));
  expect(of("hooks.example.cn")).toEqual([]);
  expect(of("http://10.0.0.5:8080/, HTTPS://N8N.internal:443")).toEqual([
    "http://10.0.0.5:8080",
    "https://n8n.internal",
  ]);
  expect(of("http://10.0.0.5/path, ftp://10.0.0.5, http://u@10.0.0.5", "10.0.0.5")).toEqual([]);
  expect(of("", "http://10.1.1.1:9/wechat/")).toEqual(["http://10.1.1.1:9"]);
});
