/** Bundles the Worker as Cloudflare would get it, into dist/. */
import { rmSync } from "node:fs";
import { bundle } from "./bundle.ts";

rmSync("dist", { recursive: true, force: true });
bundle("inherit");
