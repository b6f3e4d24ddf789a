import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { type Listening, listen } from "./listener.ts";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A process that accepts on what it is given, says so to each who comes, and ends after one. */
const taker = `
  const server = require("node:net").createServer((socket) => {
    socket.end("taken", () => process.exit());
  });
  server.listen({ fd: 3 });`;

describe.skipIf(process.platform !== "linux")("a listening socket that is handed over", () => {
  it("takes nobody itself: who comes waits until a process has it, and again after that", async ({
    expect,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), "moongate-"));
    const path = join(folder, "socket");
    const { descriptors, close } = await listen(new Map([["one", { path }]]));
    const said: string[] = [];
    const ask = (): void => {
      connect(path)
        .on("data", (text) => said.push(String(text)))
        .on("error", (error) => said.push(String(error)));
    };
    for (let process_ = 1; process_ <= 2; process_ += 1) {
      ask();
      await pause(200);
      expect(said).toHaveLength(process_ - 1);
      const child = spawn(process.execPath, ["-e", taker], {
        stdio: ["ignore", "inherit", "inherit", descriptors.get("one")],
      });
      await once(child, "exit");
      expect(said).toEqual(Array(process_).fill("taken"));
    }
    await close();
    await pause(100);
    ask();
    await pause(200);
    expect(said.at(-1)).toMatch(/ECONNREFUSED|ENOENT/);
    rmSync(folder, { recursive: true });
  });

  it("names the one that can't be had, and why", async ({ expect }) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const sockets = new Map<string, Listening>([["main", { host: "127.0.0.1", port }]]);
    await expect(listen(sockets)).rejects.toMatchObject({ socket: "main", code: "EADDRINUSE" });
    other.close();
    const nowhere = new Map<string, Listening>([["deep", { path: "/nowhere/at/all" }]]);
    await expect(listen(nowhere)).rejects.toMatchObject({ socket: "deep" });
  });

  it("is none where none is asked for", async ({ expect }) => {
    const { descriptors } = await listen(new Map());
    expect(descriptors.size).toBe(0);
  });
});
