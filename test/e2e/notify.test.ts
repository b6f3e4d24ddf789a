import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { it } from "vitest";
import { dataFolder, eventually, startService } from "./service.ts";

/** A receiver on this machine, which takes only what the specification's library verifies. */
async function receiver() {
  const state = { isDown: false, secret: "", asked: 0 };
  const events: { id: string; type: string; data: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    state.asked += 1;
    let body = "";
    for await (const chunk of request) body += chunk;
    if (state.isDown) return response.writeHead(503).end();
    try {
      const event = new Webhook(state.secret).verify(
        body,
        request.headers as Record<string, string>,
      ) as { type: string; data: Record<string, unknown> };
      events.push({ id: String(request.headers["webhook-id"]), ...event });
      response.writeHead(204).end();
    } catch {
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, state, events, close: () => server.close() };
}

it("npm start tells a webhook, and what waits outlives kill -9", async ({ expect }) => {
  const hook = await receiver();
  const folder = dataFolder();
  const settings = { NOTIFY_HOSTS: hook.origin };
  let service = await startService(folder.path, settings);
  const url = `${hook.origin}/very-secret-path`;
  const made = await service.api("POST", "/api/notifiers", { kind: "webhook", name: "hook", url });
  expect(made.status).toBe(201);
  const { id, secret } = made.body as { id: string; secret: string };
  hook.state.secret = secret;
  const test = await service.api("POST", `/api/notifiers/${id}/test`);
  expect(test.body).toEqual({ delivered: true });
  expect(hook.events[0]).toMatchObject({ type: "test" });

  const link = await service.api("POST", "/api/links", {
    url: "https://tbzb.taobao.com/live?liveId=532359023188",
    slug: "hello",
    title: "First live",
  });
  const streamId = (link.body as { stream: { id: string } }).stream.id;
  await eventually(
    async () => hook.events.map(({ type }) => type),
    (types) => types.includes("stream.live"),
  );

  hook.state.isDown = true;
  const before = hook.state.asked;
  await service.api("PATCH", `/api/streams/${streamId}`, { phase: "ended" });
  await eventually(
    async () => hook.state.asked,
    (asked) => asked > before,
  );
  service.process.kill("SIGKILL");
  await new Promise((resolve) => service.process.once("exit", resolve));
  expect(service.output()).not.toContain("very-secret-path");
  expect(service.output()).not.toContain(secret);

  hook.state.isDown = false;
  service = await startService(folder.path, settings);
  const types = await eventually(
    async () => hook.events.map(({ type }) => type),
    (seen) => seen.includes("stream.ended") && seen.includes("report.final"),
    25_000,
  );
  // After a failure out of order (docs/notifications.md).
  expect(types.slice(0, 2)).toEqual(["test", "stream.live"]);
  expect(types.slice(2).sort()).toEqual(["report.final", "stream.ended"]);
  expect(new Set(hook.events.map((event) => event.id)).size).toBe(4);
  await service.stop();
  hook.close();
  folder.remove();
});
