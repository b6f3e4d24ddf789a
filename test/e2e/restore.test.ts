/** @module `npm run backup` of a service under load, and `npm run restore` of what it made. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Manifest } from "../../scripts/start/manifest.ts";
import { load, viewsOf } from "./edges.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const run = promisify(execFile);
const url = "https://tbzb.taobao.com/live?liveId=532359023188";

interface Ran {
  stdout: string;
  /** Empty where it went well. */
  stderr: string;
}

const script = async (name: string, copy: string, folder: string): Promise<Ran> => {
  const env = { ...process.env, DATA_DIR: folder };
  try {
    return await run(process.execPath, ["scripts/run.js", `scripts/${name}.ts`, copy], { env });
  } catch (error) {
    const { stdout, stderr } = error as Ran;
    return { stdout, stderr: stderr === "" ? String(error) : stderr };
  }
};
const restore = (copy: string, folder: string) => script("restore", copy, folder);

describe.skipIf(process.platform !== "linux")("a copy of a service in use", () => {
  let folder: ReturnType<typeof dataFolder>;
  let service: Service;
  let copies: string;
  let copy: string;
  let manifest: Manifest;
  const views = { before: 0, after: 0 };
  const made = { before: "before", after: "after" };
  const manifestOf = (of: string) =>
    JSON.parse(readFileSync(join(of, "manifest.json"), "utf8")) as Manifest;
  const copyOf = (name: string) => {
    const other = join(copies, name);
    cpSync(copy, other, { recursive: true });
    return other;
  };
  const fresh = (name: string) => join(copies, `data-${name}`);

  beforeAll(async () => {
    folder = dataFolder();
    service = await startService(folder.path);
    copies = mkdtempSync(join(tmpdir(), "moongate-copies-"));
    copy = join(copies, "today");
    for (const slug of ["door", made.before]) {
      await service.api("POST", "/api/links", { url, slug });
    }
    const opening = load(service, "door");
    await eventually(
      () => viewsOf(service, "door"),
      (seen) => seen > 200,
    );
    views.before = await viewsOf(service, "door");
    const copied = await script("backup", copy, folder.path);
    if (copied.stderr !== "") throw new Error(copied.stderr);
    await opening.stop();
    const opened = opening.came.get("302") ?? 0;
    views.after = await eventually(
      () => viewsOf(service, "door"),
      (seen) => seen >= opened,
    );
    await service.api("POST", "/api/links", { url, slug: made.after });
    manifest = manifestOf(copy);
  });
  afterAll(async () => {
    await service.stop();
    folder.remove();
    rmSync(copies, { recursive: true });
  });

  it("says of each file what it is, and of which instant, the takers after those who pass on", ({
    expect,
  }) => {
    expect(manifest).toMatchObject({ format: "moongate-copy", formatVersion: 1 });
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(manifest.version).toBe(version);
    const databases = readdirSync(copy, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".sqlite"),
    );
    expect(manifest.files.map(({ path }) => path)).toEqual(databases.sort());
    for (const { path, bytes } of manifest.files) {
      expect(statSync(join(copy, path)).size).toBe(bytes);
    }
    const momentOf = (part: string) => {
      const all = manifest.files.filter(({ path }) => path.includes(part)).map(({ at }) => at);
      return { first: all.sort()[0] ?? "", last: all.sort().at(-1) ?? "none" };
    };
    const [outbox, counters, catalog] = ["outbox/", "-Counter/", "-Catalog/"].map(momentOf);
    expect((outbox?.last ?? "") <= (counters?.first ?? "")).toBe(true);
    expect((counters?.last ?? "") <= (catalog?.first ?? "")).toBe(true);
  });

  it("is restored into a new folder, and what was there when it was made is there again", async ({
    expect,
  }) => {
    const to = fresh("whole");
    const { stdout, stderr } = await restore(copy, to);
    expect(stderr).toBe("");
    expect(stdout).toContain(manifest.madeAt);
    expect(statSync(to).mode & 0o077).toBe(0);
    expect(existsSync(join(to, "restoring"))).toBe(false);
    const again = await startService(to);
    try {
      const seen = await eventually(
        () => viewsOf(again, "door"),
        (count) => count >= views.before,
      );
      expect(seen).toBeLessThanOrEqual(views.after);
      const open = async (slug: string) =>
        (await fetch(`${again.url}/${slug}`, { method: "HEAD", redirect: "manual" })).status;
      expect([await open(made.before), await open(made.after)]).toEqual([200, 404]);
      // Opens after it are counted on, exactly.
      const opening = load(again, made.before);
      await new Promise((done) => setTimeout(done, 500));
      await opening.stop();
      await eventually(
        () => viewsOf(again, made.before),
        (count) => count === opening.came.get("302"),
      );
    } finally {
      await again.stop();
    }
    // Now it is a data folder in use, which nothing is restored into.
    expect((await restore(copy, to)).stderr).toContain(`DATA_DIR ${to} has do in it`);
  });

  it("is refused where it is damaged, with what is wrong, and nothing is restored", async ({
    expect,
  }) => {
    const [first = { path: "" }] = manifest.files;
    const damages: [name: string, words: string, damage: (of: string) => void][] = [
      [
        "flipped",
        `${first.path} is not what was copied`,
        (of) => {
          const bytes = readFileSync(join(of, first.path));
          bytes[100] = (bytes[100] ?? 0) ^ 1;
          writeFileSync(join(of, first.path), bytes);
        },
      ],
      ["short", "bytes, not", (of) => writeFileSync(join(of, first.path), "SQLite format 3")],
      ["missing", `${first.path} is missing`, (of) => rmSync(join(of, first.path))],
      ["strange", "do/stranger is not listed", (of) => writeFileSync(join(of, "do/stranger"), "x")],
      ["cut", "has no manifest.json", (of) => rmSync(join(of, "manifest.json"))],
      [
        "broken",
        "can't be read",
        (of) => writeFileSync(join(of, "manifest.json"), '{"format": "moongate'),
      ],
      ["other", "is not one of", (of) => writeFileSync(join(of, "manifest.json"), "null")],
      [
        "later",
        "has the version 2",
        (of) => {
          const later = { ...manifestOf(of), formatVersion: 2 };
          writeFileSync(join(of, "manifest.json"), JSON.stringify(later));
        },
      ],
      [
        "escaping",
        "lists what is no file of a copy",
        (of) => {
          const files = [{ ...first, path: "../escaped" }];
          writeFileSync(join(of, "manifest.json"), JSON.stringify({ ...manifestOf(of), files }));
        },
      ],
    ];
    for (const [name, words, damage] of damages) {
      const damaged = copyOf(name);
      damage(damaged);
      const to = fresh(name);
      const { stderr } = await restore(damaged, to);
      expect([name, stderr]).toEqual([name, expect.stringContaining(words)]);
      expect(existsSync(join(to, "do"))).toBe(false);
    }
    expect((await restore(join(copies, "nowhere"), fresh("nowhere"))).stderr).toContain("no copy");
  });

  it("is not restored into a folder that a service has, and keeps a key that is there", async ({
    expect,
  }) => {
    expect((await restore(copy, folder.path)).stderr).toMatch(/is in use by process \d+/);
    const to = fresh("with-key");
    mkdirSync(to, { recursive: true });
    const key = "a-key-that-was-kept-apart";
    writeFileSync(join(to, "admin-key"), `${key}\n`, { mode: 0o600 });
    expect((await restore(copy, to)).stderr).toBe("");
    expect(readFileSync(join(to, "admin-key"), "utf8").trim()).toBe(key);
  });

  it("that was cut short is not started, and is restored again", async ({ expect }) => {
    const to = fresh("cut-short");
    mkdirSync(join(to, dirname(manifest.files[0]?.path ?? "")), { recursive: true });
    writeFileSync(join(to, manifest.files[0]?.path ?? ""), "half of it");
    writeFileSync(join(to, "restoring"), "");
    await expect(startService(to)).rejects.toThrow("was not restored to its end");
    expect((await restore(copy, to)).stderr).toBe("");
    expect(readFileSync(join(to, manifest.files[0]?.path ?? "")).length).toBe(
      manifest.files[0]?.bytes,
    );
    expect(existsSync(join(to, "restoring"))).toBe(false);
  });
});
