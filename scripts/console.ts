/** Builds the console into build/console, for `wrangler dev`. */
import { buildConsole } from "./bundle.ts";

buildConsole("inherit");
