/** @module A fake of an alliance's gateway (test/alliances) over HTTP, as a service of its own asks it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Gateway } from "../alliances/gateway.ts";

export interface ServedGateway {
  /** What OUTBOUND_ORIGINS names, and `apiBase`. */
  origin: string;
  close: () => void;
}

export async function serveGateway(gateway: Pick<Gateway, "answer">): Promise<ServedGateway> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const named = Object.entries(request.headers).map(([name, is]) => [name, String(is)] as const);
    const { method = "", url = "" } = request;
    const answer = gateway.answer({ method, url, headers: new Map(named), body }, Date.now());
    response.writeHead(answer.status, { "Content-Type": answer.type ?? "text/plain" });
    response.end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
