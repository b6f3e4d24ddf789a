/**
 * @module A thread with seven fake gateways, each behind a port of its own, as the service asks them over HTTP; apart from the
 * opens that are timed, which their work would slow down. It is told what to do by messages (soak/thread.ts).
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { parentPort, workerData } from "node:worker_threads";
import { Account, alliances } from "../../alliances/accounts.ts";
import { Unreliable } from "../../alliances/unreliable.ts";
import { seeded } from "../hostile/request.ts";
import { type Asked, type Given, slugOf, type Told } from "./thread.ts";

const { rows, seed, share } = workerData as Given;

const accounts = alliances.map((alliance, index) => {
  const account = new Account(alliance, rows, slugOf(alliance));
  return {
    account,
    gateway: new Unreliable(alliance, account.gateway, share, seeded(seed + index)),
  };
});

const headersOf = ({ headers }: IncomingMessage) =>
  new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Its origin. Of calls that break the first is never answered, which takes the service's whole patience. */
async function served({ gateway }: (typeof accounts)[number]): Promise<string> {
  let origin = "";
  let isPatient = true;
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const given = {
      ...{ method, url: `${origin}${url}`, headers: headersOf(request) },
      body: await text(request),
    };
    const at = Date.now();
    const answer = gateway.answer(given, at);
    if (!answer) {
      if (!isPatient) request.socket.destroy();
      isPatient = false;
      return;
    }
    const type = answer.type ?? "text/html";
    const date = new Date(answer.date ?? at).toUTCString();
    response.writeHead(answer.status, { "Content-Type": type, Date: date }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return origin;
}

const origins = await Promise.all(accounts.map(served));

function told(): Told[] {
  return accounts.map(({ account, gateway }, index) => ({
    ...{ alliance: account.alliance, origin: origins[index] ?? "", rows: account.rows },
    ...{ credentials: account.credentials, promotion: account.promotion },
    ...{ sold: account.sold(), watched: gateway.watched, lastAt: gateway.lastAt },
  }));
}

parentPort?.on("message", ({ fill, edit }: Asked) => {
  for (const { account } of accounts) {
    if (fill) account.fill(fill.from, fill.to);
    if (edit) account.edit(edit.every, edit.at);
  }
  parentPort?.postMessage(told());
});
