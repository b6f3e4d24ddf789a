import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, it } from "vitest";
import { agents } from "../agents.ts";
import { dataFolder, eventually, startService } from "./service.ts";

/** A small disk of its own, where this machine lets us have one: it takes root and Linux. */
function smallDisk(): { path: string; remove: () => void } | null {
  const folder = dataFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder.path], {
      stdio: "pipe",
    });
  } catch {
    folder.remove();
    return null;
  }
  return {
    path: folder.path,
    remove: () => {
      execFileSync("umount", ["-l", folder.path]);
      folder.remove();
    },
  };
}
const disk = smallDisk();
afterAll(() => disk?.remove());

/** Takes all the room that is left. */
function fill(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  for (let size = bavail * bsize; size > 512; size = Math.floor(size / 2)) {
    try {
      writeFileSync(join(path, `fill-${size}`), Buffer.alloc(size));
    } catch {
      // As much of it as there was room for is written.
    }
  }
}

it.skipIf(disk === null)(
  "on a full disk links open, a change is refused clearly and not half done, and no count is lost",
  async ({ expect }) => {
    if (!disk) return;
    const service = await startService(join(disk.path, "data"));
    const url = "https://tbzb.taobao.com/live?liveId=532359023188";
    expect((await service.api("POST", "/api/links", { url, slug: "first" })).status).toBe(201);
    const open = async () => {
      const headers = { "User-Agent": agents.taobaoIos };
      const response = await fetch(`${service.url}/first`, { headers, redirect: "manual" });
      expect(response.status).toBe(302);
    };
    const views = async () =>
      ((await service.api("GET", "/api/links/first/stats")).body as { totals: { views: number } })
        .totals.views;
    for (let index = 0; index < 3; index += 1) await open();
    await eventually(views, (count) => count === 3);
    expect(service.output()).toContain('"event":"disk_nearly_full"');

    fill(disk.path);
    for (let index = 0; index < 7; index += 1) await open();
    const refused = await service.api("POST", "/api/links", { url, slug: "second" });
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ code: "store_failed" });
    expect((refused.body as { detail: string }).detail).toContain("disk");
    expect((await service.api("GET", "/api/links/first")).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    for (let index = 0; index < 5; index += 1) await open();

    execFileSync("sh", ["-c", `rm ${disk.path}/fill-*`]);
    await eventually(views, (count) => count === 15, 30_000);
    expect((await service.api("POST", "/api/links", { url, slug: "second" })).status).toBe(201);
    expect(await service.stop()).toBe(0);
    rmSync(join(disk.path, "data"), { recursive: true, force: true });
  },
);
