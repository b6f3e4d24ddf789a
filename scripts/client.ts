/** @module Bundles the landing page's scripts into a module that holds them as text. Runs before every build. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`src/landing/client/${entry}.ts`],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome64", "safari12"],
    // Both know it; esbuild's table is stricter, for a corner that is not used.
    supported: { destructuring: true },
  });
  return outputFiles[0]?.text.trim().replaceAll("</script", "<\\/script") ?? "";
}

const file = "src/landing/client.generated.ts";

/** Writes src/landing/client.generated.ts where it differs: a build that watches the sources does not begin again. */
export async function writePageScripts(): Promise<void> {
  const scripts = { main: await bundled("main"), wechat: await bundled("wechat") };
  const text = `/** @module Generated from client/ by scripts/client.ts. */\nexport default ${JSON.stringify(scripts)};\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text);
}
