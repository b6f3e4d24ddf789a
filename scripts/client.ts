/** Bundles the landing page's script into a module that holds it as text. Runs before every build. */
import { writeFileSync } from "node:fs";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: ["src/landing/client/main.ts"],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["chrome64", "safari12"],
});
const script = outputFiles[0]?.text.trim().replaceAll("</script", "<\\/script");
writeFileSync(
  "src/landing/client.generated.ts",
  `/** @module Generated from client/main.ts by scripts/client.ts. */\nexport default ${JSON.stringify(script)};\n`,
);
