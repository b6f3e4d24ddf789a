import { existsSync, readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, it } from "vitest";

const folder = "build/console";

/** Bytes that travel: text compressed, a font as it is. */
function travels(path: string): number {
  const bytes = readFileSync(`${folder}/${path}`);
  return /\.woff2$/.test(path) ? bytes.length : gzipSync(bytes).length;
}

describe("the built console", () => {
  if (!existsSync(folder)) throw new Error("There is no build: run `npm run build` first.");
  const page = readFileSync(`${folder}/index.html`, "utf8");
  const named = [...page.matchAll(/\/console\/(files\/[^"]+)/g)].map(([, path = ""]) => path);
  const fonts = readdirSync(`${folder}/files`)
    .filter((name) => name.endsWith(".woff2"))
    .map((name) => `files/${name}`);

  it("is at most 250 KB compressed at first view, and the charts come after it", ({ expect }) => {
    const first = ["index.html", ...named, ...fonts];
    expect(named.some((path) => path.endsWith(".js"))).toBe(true);
    const total = first.reduce((sum, path) => sum + travels(path), 0);
    expect(total).toBeLessThan(250_000);
    expect(named.join(" ")).not.toContain("echarts");
    expect(readdirSync(`${folder}/files`).some((name) => name.startsWith("echarts"))).toBe(true);
    const [entry = ""] = named.filter((path) => path.endsWith(".js"));
    expect(brotliCompressSync(readFileSync(`${folder}/${entry}`)).length).toBeLessThan(120_000);
  });

  it("is at most 350 KB compressed with the charts of a board", ({ expect }) => {
    const charts = readdirSync(`${folder}/files`).filter((name) => name.startsWith("echarts"));
    const all = ["index.html", ...named, ...fonts, ...charts.map((name) => `files/${name}`)];
    expect(all.reduce((sum, path) => sum + travels(path), 0)).toBeLessThanOrEqual(350_000);
  });

  it("names no other host that it would load from", ({ expect }) => {
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    for (const name of readdirSync(`${folder}/files`).filter((one) => one.endsWith(".css"))) {
      const style = readFileSync(`${folder}/files/${name}`, "utf8");
      expect(style).not.toMatch(/url\(["']?https?:|@import/);
    }
  });
});
