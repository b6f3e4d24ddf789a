/** @module Nothing of a visitor at rest, and nothing in the data folder for other users of the machine. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { agents } from "../agents.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const mark = "Q7mark";
const addresses = ["203.0.113.77", "2001:db8:feed:77::9"];
/** What must be nowhere: an address or its prefix, an agent, a language, a page, a key that was tried. */
const marks = [mark, "203.0.113", "2001:db8:feed", "20010db8feed"];
const encodings = ["utf8", "utf16le"] as const;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Each file with the marks that its bytes hold, in either encoding and whatever their case. */
function found(folder: string): string[] {
  return filesOf(folder).flatMap((file) => {
    const bytes = readFileSync(file).toString("latin1").toLowerCase();
    return marks.flatMap((text) =>
      encodings.some((name) =>
        bytes.includes(Buffer.from(text.toLowerCase(), name).toString("latin1")),
      )
        ? [`${file}: ${text}`]
        : [],
    );
  });
}

const people = { human: agents.wechatIos, bot: agents.bytespider, preview: agents.dingtalkPreview };

/** One of each thing that a visitor can do, by one address and agent. */
async function everything(service: Service, address: string, agent: string): Promise<void> {
  const headers = {
    "User-Agent": `${agent} ${mark}`,
    "Accept-Language": `zh-CN,x-${mark}`,
    Referer: `https://example.cn/${mark}`,
    Cookie: `a=${mark}`,
    "X-Real-IP": address,
    "CF-Connecting-IP": address,
    "X-Forwarded-For": address,
    "MF-CF-Blob": JSON.stringify({ city: mark, clientIp: address }),
  };
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(service.url + path, {
      redirect: "manual",
      ...init,
      headers: { ...headers, ...init.headers },
    });
    return { status: response.status, text: await response.text() };
  };
  const post = (path: string, body: unknown) =>
    ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  const { text } = await ask("/marked");
  const { token = `forged.${mark}.x` } = JSON.parse(
    /id="live">(.*?)<\/script>/.exec(text)?.[1] ?? "{}",
  ) as { token?: string };
  for (const type of ["rendered", "click", "copy", "leave"]) {
    await post("/marked/events", { type, token, way: 0 });
    await post("/marked/events", { type, token: `${token}${mark}`, way: 0 });
  }
  const paths = [
    "/marked/go",
    "/marked/state",
    "/marked/qr.svg",
    "/marked/poster.svg",
    `/unknown-${mark.toLowerCase()}`,
    `/api/streams?cursor=${mark}`,
    "/healthz",
    "/docs/",
    "/openapi.json",
    "/console/",
    "/console/session",
    "/",
  ];
  for (const path of paths) await ask(path);
  await ask("/api/streams", {
    headers: { Authorization: `Bearer wrong-${mark}-key-of-20-characters` },
  });
  await post("/console/session", { key: `wrong-${mark}-key-of-20-characters` });
}

it("keeps nothing of a visitor in any file, while it runs and after a stop", async ({ expect }) => {
  const folder = dataFolder();
  // Where versions before this one kept the keys of their limiters.
  const limiters = join(folder.path, "ratelimit");
  mkdirSync(limiters);
  writeFileSync(join(limiters, "buckets.sqlite"), `rate ${addresses[0]} ${mark}`);
  for (const CLIENT_ADDRESS_HEADER of ["X-Real-IP", "CF-Connecting-IP", ""]) {
    const service = await startService(folder.path, {
      PUBLISH_SECONDS: "1",
      ...(CLIENT_ADDRESS_HEADER === "" ? {} : { CLIENT_ADDRESS_HEADER }),
    });
    const url = "https://tbzb.taobao.com/live?liveId=532359023188";
    await service.api("POST", "/api/links", { url, slug: "marked" });
    for (const address of addresses) {
      for (const agent of Object.values(people)) await everything(service, address, agent);
    }
    await eventually(
      async () =>
        (await service.api("GET", "/api/links/marked/stats")).body as { totals: { views: number } },
      ({ totals }) => totals.views > 0,
    );
    // Publications are on disk too.
    await new Promise((done) => setTimeout(done, 1_500));
    expect(found(folder.path)).toEqual([]);
    expect(await service.stop()).toBe(0);
    expect(found(folder.path)).toEqual([]);
    expect(service.output()).not.toMatch(new RegExp(marks.join("|"), "i"));
  }
  expect(existsSync(limiters)).toBe(false);
  folder.remove();
});

const isForOthers = (path: string) => (lstatSync(path).mode & 0o077) !== 0;

it("makes nothing that another user can read, and closes what an earlier version left open", async ({
  expect,
}) => {
  const folder = dataFolder();
  const left = ["do", "kv", join("do", "moongate-Catalog")].map((name) => join(folder.path, name));
  for (const path of left) {
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o755);
  }
  chmodSync(folder.path, 0o755);
  const umask = process.umask(0o022);
  const service = await startService(folder.path);
  process.umask(umask);
  await service.api("POST", "/api/links", { url: "https://lives.jd.com/#/48378944", slug: "kept" });
  await fetch(`${service.url}/kept`, { redirect: "manual" });
  const made = readdirSync(folder.path, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder.path, name))
    .filter((path) => path !== left[2]);
  expect(made.length).toBeGreaterThan(10);
  expect([folder.path, ...made].filter(isForOthers)).toEqual([]);
  expect(await service.stop()).toBe(0);
  expect(readdirSync(join(folder.path, "run"))).toEqual([]);
  folder.remove();
});

it("leaves a folder that holds other things open, and says so", async ({ expect }) => {
  const folder = dataFolder();
  chmodSync(folder.path, 0o755);
  writeFileSync(join(folder.path, "somebody-else's"), "");
  const service = await startService(folder.path);
  expect(service.output()).toContain(`${folder.path} can be entered by other users`);
  expect(lstatSync(folder.path).mode & 0o777).toBe(0o755);
  expect(["do", "run", "admin-key"].filter((name) => isForOthers(join(folder.path, name)))).toEqual(
    [],
  );
  await service.stop();
  folder.remove();
});
