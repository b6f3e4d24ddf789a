import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const headers = { "User-Agent": agents.taobaoIos };

/** The lines under "Try it", as they are pasted. */
const printed = (output: string) => output.slice(output.indexOf("Try it:\n") + 8).trim();

describe("npm start", () => {
  it("prints commands that work as they are pasted, whoever's the key is", async ({ expect }) => {
    for (const ADMIN_KEY of [
      "",
      'given-key-of-20-"$characters`'.slice(0, 20),
      "kept-by-the-environment-1",
    ]) {
      const folder = dataFolder();
      const service = await startService(folder.path, ADMIN_KEY === "" ? {} : { ADMIN_KEY });
      const said = execFileSync("sh", ["-e"], {
        input: printed(service.output()),
        env: { ...process.env, ADMIN_KEY },
        encoding: "utf8",
      });
      expect(said).toMatch(/"slug":"hello-\d{4}"/);
      expect(said).toContain(`Location: ${url}`);
      expect(said).toContain('"totals":{"views":');
      expect(await service.stop()).toBe(0);
      folder.remove();
    }
  });

  it("prints where it answers, the key and three commands; a restart keeps everything", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const first = await startService(folder.path);
    expect(first.output()).toMatch(/^ready http:\/\/localhost:\d+$/m);
    expect(first.output().match(/^ {2}curl /gm)).toHaveLength(3);
    expect(first.key).toMatch(/^mg_/);
    expect(readFileSync(join(folder.path, "admin-key"), "utf8").trim()).toBe(first.key);
    expect(statSync(join(folder.path, "admin-key")).mode & 0o077).toBe(0);

    const made = await first.api("POST", "/api/links", { url, slug: "kept", title: "留下来" });
    expect(made.status).toBe(201);
    const { stream } = made.body as { stream: { id: string } };
    const before = (await first.api("GET", `/api/streams/${stream.id}`)).body;
    // Opened until the moment it stops: SIGTERM delivers what is counted first.
    let answered = 0;
    let isOpen = true;
    const load = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (isOpen) {
          const response = await fetch(`${first.url}/kept`, { headers, redirect: "manual" }).catch(
            () => null,
          );
          if (response?.status === 302) answered += 1;
          else isOpen = false;
        }
      }),
    );
    await eventually(
      async () => answered,
      (many) => many > 50,
    );
    expect(await first.stop()).toBe(0);
    await load;

    const second = await startService(folder.path);
    expect(second.key).toBe(first.key);
    expect((await second.api("GET", `/api/streams/${stream.id}`)).body).toEqual(before);
    const opened = await fetch(`${second.url}/kept`, { headers, redirect: "manual" });
    expect(opened.headers.get("Location")).toBe(url);
    const stats = (await second.api("GET", "/api/links/kept/stats")).body as {
      totals: { views: number };
    };
    expect(stats.totals.views).toBeGreaterThanOrEqual(answered);
    expect(stats.totals.views).toBeLessThanOrEqual(answered + 9);
    expect((await second.api("POST", "/api/links", { url, slug: "kept" })).status).toBe(409);
    expect(await second.stop()).toBe(0);
    folder.remove();
  });

  it("takes settings from the environment, and names a port that it cannot have", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const service = await startService(folder.path, {
      ADMIN_KEY: "given-key-of-20-characters",
      PUBLIC_URL: "https://go.example.cn/",
      EXTRA_DESTINATION_HOSTS: "shop.brand.example",
    });
    expect(service.output()).not.toContain("given-key-of-20-characters");
    const { body } = await service.api("POST", "/api/links", {
      url: "https://shop.brand.example/live",
      slug: "own",
    });
    expect(body).toMatchObject({ link: { shortUrl: "https://go.example.cn/own" } });
    const taken = await startService(folder.path, { PORT: new URL(service.url).port }).catch(
      (error) => String(error),
    );
    expect(taken).toContain(`port ${new URL(service.url).port} is in use`);
    const wrong = await startService(folder.path, { PORT: "http" }).catch((error) => String(error));
    expect(wrong).toContain('PORT is "http"; expected a number from 1 to 65535');
    const nowhere = await startService(folder.path, { HOST: "*" }).catch((error) => String(error));
    expect(nowhere).toContain('HOST is "*"; expected an address of this machine');
    const short = await startService(folder.path, { ADMIN_KEY: "nineteen-characters" }).catch(
      (error) => String(error),
    );
    expect(short).toContain("ADMIN_KEY is not taken: it has 19 characters; expected a key of at");
    expect(short).not.toContain("nineteen-characters");
    await service.stop();
    folder.remove();
  });

  it("answers at this machine's own address alone, unless HOST says otherwise", async ({
    expect,
  }) => {
    const statusAt = async (host: string, { url: at }: Service) =>
      fetch(`http://${host}:${new URL(at).port}/healthz`).then(
        ({ status }) => status,
        () => "refused",
      );
    for (const [env, elsewhere] of [
      [{}, "refused"],
      [{ HOST: "0.0.0.0" }, 200],
    ] as const) {
      const folder = dataFolder();
      const service = await startService(folder.path, env);
      expect(service.output()).toContain("ready http://localhost:");
      // An address of this machine as well, where what listens at 127.0.0.1 is not.
      expect(await statusAt("127.0.0.2", service)).toBe(elsewhere);
      expect(await statusAt("127.0.0.1", service)).toBe(200);
      await service.stop();
      folder.remove();
    }
  });

  it("refuses a folder that another service uses, and takes it once that one is gone, by kill -9 too", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const first = await startService(folder.path);
    await first.api("POST", "/api/links", { url, slug: "locked" });
    const files = () => ["", "run"].map((name) => readdirSync(join(folder.path, name)));
    const before = files();
    const refused = await startService(folder.path).catch((error) => String(error));
    expect(refused).toContain(`DATA_DIR ${folder.path} is in use by process ${first.process.pid}`);
    expect(files()).toEqual(before);
    const opened = await fetch(`${first.url}/locked`, { headers, redirect: "manual" });
    expect(opened.status).toBe(302);
    await eventually(
      async () =>
        (await first.api("GET", "/api/links/locked/stats")).body as { totals: { views: number } },
      ({ totals }) => totals.views === 1,
    );
    first.process.kill("SIGKILL");
    const second = await startService(folder.path);
    const { body } = await second.api("GET", "/api/links/locked/stats");
    expect(body).toMatchObject({ totals: { views: 1 } });
    expect(await second.stop()).toBe(0);
    folder.remove();
  });
});
