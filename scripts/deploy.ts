/**
 * Deploys to Cloudflare: `npm run deploy [-- wrangler's options]`. On a fresh account wrangler makes the KV
 * namespaces and the Durable Object classes by itself; what only the operator knows is named at the end.
 */
import { spawnSync } from "node:child_process";
import { buildAssets } from "./bundle.ts";

const wrangler = ["node_modules/wrangler/bin/wrangler.js"];
const options = process.argv.slice(2);

buildAssets("inherit");
const deployed = spawnSync(process.execPath, [...wrangler, "deploy", ...options], {
  stdio: "inherit",
});
if (deployed.status !== 0) process.exit(deployed.status ?? 1);

/** Names of the secrets that are set; `null` when wrangler does not say. */
function secretsSet(): Set<string> | null {
  if (options.includes("--dry-run")) return null;
  const { status, stdout } = spawnSync(process.execPath, [...wrangler, "secret", "list"], {
    encoding: "utf8",
  });
  if (status !== 0) return null;
  try {
    return new Set((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name));
  } catch {
    return null;
  }
}

const set = secretsSet();
const hasKey = set?.has("ADMIN_KEY") ?? false;
console.log(`
${hasKey ? "ADMIN_KEY is set." : "Not set yet: ADMIN_KEY. Until it is, links can't be made; this makes one and shows it once:"}
${hasKey ? "" : '\n  KEY="mg_$(openssl rand -base64 24 | tr "+/" "-_")"; echo "$KEY" | npx wrangler secret put ADMIN_KEY; echo "$KEY"\n'}
Then, as far as you need it (docs/deploy.md):
  a custom domain     [[routes]] pattern = "live.example.cn", custom_domain = true   in wrangler.toml
  PUBLIC_URL          https://live.example.cn   in [vars]: the origin of short links
  DOMAIN_PROOFS       MP_verify_….txt           in [vars]: WeChat's proof of the domain
  WECHAT_APP_ID       in [vars], and: npx wrangler secret put WECHAT_APP_SECRET
  PUBLISH_SECONDS     60 on the free plan, which has 1,000 KV writes a day

GET /healthz names what is wrong or missing.`);
