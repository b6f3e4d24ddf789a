import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { builtOfFile, isBuiltOfSources, sourcesOf } from "../../scripts/start/sources.ts";

const root = join(import.meta.dirname, "../..");

describe("what a build was made of", () => {
  it("is another once anything that it reads is", ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), "moongate-sources-"));
    cpSync(join(root, "scripts/start"), join(folder, "scripts/start"), { recursive: true });
    mkdirSync(join(folder, "src/lib"), { recursive: true });
    const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
    write("wrangler.toml", "a");
    const isBuilt = () => isBuiltOfSources(folder);
    expect(isBuilt()).toBe(false);
    mkdirSync(join(folder, "dist"));
    const build = () => write(join("dist", builtOfFile), sourcesOf(folder));
    build();
    expect(isBuilt()).toBe(true);
    for (const [path, isRead] of [
      ["src/lib/new.ts", true],
      ["src/lib/new.css", true],
      ["wrangler.toml", true],
      ["package-lock.json", true],
      ["scripts/start/plan.ts", true],
      ["src/lib/new.test.ts", false],
      ["src/client.generated.ts", false],
      ["README.md", false],
    ] as const) {
      write(path, "b");
      expect([path, isBuilt()]).toEqual([path, !isRead]);
      build();
    }
    // Back to what it was, whenever it was written.
    const before = sourcesOf(folder);
    write("src/lib/new.ts", "c");
    expect(isBuilt()).toBe(false);
    write("src/lib/new.ts", "b");
    expect(sourcesOf(folder)).toBe(before);
    rmSync(join(folder, "src/lib/new.ts"));
    expect(isBuilt()).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
