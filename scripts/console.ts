/** Builds the console and `/docs` into build/, for `wrangler dev`. */
import { buildAssets } from "./bundle.ts";

buildAssets("inherit");
