import { it } from "vitest";
import { FakeWechat } from "../outside/wechat.ts";
import { dataFolder, startService } from "./service.ts";
import { wechatServer } from "./wechat-server.ts";

it("npm start signs pages through WECHAT_API_BASE, and a restart asks WeChat nothing again", async ({
  expect,
}) => {
  const appId = "wx0123456789abcdef";
  const secret = "s3cr3t-of-the-account";
  const fake = new FakeWechat();
  fake.set(appId, { secret });
  const { base, close } = await wechatServer(fake);
  const folder = dataFolder();
  const settings = {
    PUBLIC_URL: "https://live.example.cn",
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: secret,
    WECHAT_API_BASE: base,
    DOMAIN_PROOFS: "MP_verify_AbCdEf12.txt",
  };
  const path = `/api/wechat/signature?url=${encodeURIComponent("https://live.example.cn/hello")}`;
  const expiries: unknown[] = [];
  for (let run = 0; run < 2; run += 1) {
    const service = await startService(folder.path, settings);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await fetch(service.url + path);
        expect(response.status).toBe(200);
        return (await response.json()) as { appId: string; expiresAt: string };
      }),
    );
    expect(answers[0]?.appId).toBe(appId);
    expiries.push(answers[0]?.expiresAt);
    const proof = await fetch(`${service.url}/MP_verify_AbCdEf12.txt`);
    expect(await proof.text()).toBe("AbCdEf12");
    expect(await service.stop()).toBe(0);
    expect(service.output()).not.toContain(secret);
  }
  expect(expiries[0]).toBe(expiries[1]);
  expect(fake.calls(appId)).toMatchObject({ token: 1, ticket: 1, mostAtOnce: 1 });
  close();
  folder.remove();
});

it("npm start without a network makes a stream of a short link at once, with a warning", async ({
  expect,
}) => {
  const folder = dataFolder();
  const service = await startService(folder.path);
  // A code that Kuaishou never gave: it leads nowhere either where there is a network.
  const url = "https://v.kuaishou.com/moongate-e2e-test";
  const began = Date.now();
  const { status, body } = await service.api("POST", "/api/links", { url });
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(status).toBe(201);
  const { stream } = body as { stream: { destinations: unknown[] } };
  expect(stream.destinations).toEqual([
    {
      platform: "kuaishou",
      kind: "short",
      id: "moongate-e2e-test",
      url,
      warnings: [expect.stringContaining("could not be resolved, since v.kuaishou.com")],
    },
  ]);
  await service.stop();
  folder.remove();
});
