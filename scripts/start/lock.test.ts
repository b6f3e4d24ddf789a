import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";

const lock = new URL("./lock.ts", import.meta.url).href;
const taking = (folder: string) =>
  `import { lockDataFolder } from ${JSON.stringify(lock)};
   const why = await lockDataFolder(${JSON.stringify(folder)}, 8787);
   console.log(why ?? "ours");
   if (why === null) { globalThis.gc(); setInterval(() => undefined, 1_000); }`;

const newFolder = () => mkdtempSync(join(tmpdir(), "moongate-lock-"));

/** Another process, and the first line that it says. */
function run(code: string): { child: ChildProcess; said: Promise<string> } {
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = new Promise<string>((resolve) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(String(chunk).trim()));
  });
  return { child, said };
}

describe("the data folder's lock", () => {
  it("refuses a second process in words, before anything is touched, until the first has ended, however", async ({
    expect,
  }) => {
    const folder = newFolder();
    const first = run(taking(folder));
    expect(await first.said).toBe("ours");
    const before = readdirSync(folder);
    const second = run(taking(folder));
    expect(await second.said).toMatch(
      new RegExp(`^DATA_DIR ${folder} is in use by process ${first.child.pid} on .+, port 8787`),
    );
    expect(readdirSync(folder)).toEqual(before);
    first.child.kill("SIGKILL");
    const third = run(taking(folder));
    expect(await third.said).toBe("ours");
    third.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("is one's of all who want it at once", async ({ expect }) => {
    const folder = newFolder();
    const all = Array.from({ length: 4 }, () => run(taking(folder)));
    const said = await Promise.all(all.map((one) => one.said));
    expect(said.filter((text) => text === "ours")).toHaveLength(1);
    for (const { child } of all) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("is refused while a workerd of a start that has ended still answers, and not for its file", async ({
    expect,
  }) => {
    const folder = newFolder();
    const run1 = join(folder, "run", "1");
    mkdirSync(run1, { recursive: true });
    const socket = join(run1, "operator");
    const left = run(
      `import { createServer } from "node:net";
       createServer().listen(${JSON.stringify(socket)}, () => console.log("listening"));`,
    );
    await left.said;
    const refused = run(taking(folder));
    expect(await refused.said).toContain(`which answers at ${socket}`);
    left.child.kill("SIGKILL");
    await new Promise((done) => left.child.once("exit", done));
    expect(readdirSync(run1)).toEqual(["operator"]);
    const taken = run(taking(folder));
    expect(await taken.said).toBe("ours");
    taken.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
});
