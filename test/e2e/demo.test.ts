import { spawn } from "node:child_process";
import { it } from "vitest";
import { asProxy } from "../../scripts/demo/audience.ts";
import { dataFolder, eventually, startService } from "./service.ts";

interface Stats {
  totals: { views: number; clicks: number; orders: number };
  by: { region: { key: string }[]; app: { key: string }[]; creator: unknown[] };
}

function demo(port: string, key: string) {
  const child = spawn(process.execPath, ["scripts/demo.ts"], {
    env: { ...process.env, PORT: port, ADMIN_KEY: key },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    output += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, exited, output: () => output };
}

it("npm run demo: a moving board with promoters, provinces and orders within a minute, until stopped", async ({
  expect,
}) => {
  const folder = dataFolder();
  const service = await startService(folder.path, {
    ADMIN_KEY: "demo-key-of-20-characters",
    ...asProxy,
  });
  const running = demo(new URL(service.url).port, "demo-key-of-20-characters");
  const id = await eventually(
    async () => /streams\/(st_\w+)/.exec(running.output())?.[1],
    (found) => found !== undefined,
    20_000,
  );
  const read = async () =>
    (await service.api("GET", `/api/streams/${id}/stats`)).body as unknown as Stats;
  const first = await eventually(read, ({ totals }) => totals.views >= 150, 40_000);
  expect(first.by.creator.length).toBeGreaterThan(8);
  expect(first.by.region.map(({ key }) => key)).toContain("GD");
  expect(first.by.app.map(({ key }) => key)).toContain("wechat");
  await eventually(read, ({ totals }) => totals.views > first.totals.views + 5, 20_000);
  await eventually(read, ({ totals }) => totals.orders > 0, 30_000);
  running.child.kill("SIGTERM");
  expect(await running.exited).toBe(0);
  await service.stop();
  folder.remove();
}, 120_000);

it("npm run demo says so when nothing answers", async ({ expect }) => {
  const nothing = demo("9", "demo-key-of-20-characters");
  expect(await nothing.exited).toBe(1);
  expect(nothing.output()).toContain("nothing answers at http://127.0.0.1:9");
});
