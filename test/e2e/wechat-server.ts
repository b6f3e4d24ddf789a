/** @module WeChat's API on a loopback port, under a path as a proxy has it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { FakeWechat } from "../outside/wechat.ts";

export async function wechatServer(fake: FakeWechat): Promise<{ base: string; close: () => void }> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url = "/" } = incoming;
    const body = method === "GET" ? null : await buffer(incoming);
    const request = new Request(`http://wechat.test${url.replace("/proxy", "")}`, { method, body });
    const answer = await fake.handle(request);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}/proxy/`, close: () => server.close() };
}
