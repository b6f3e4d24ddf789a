/** Makes all that `npm start` runs: build/, the files; dist/, the Worker's bundle and its services. */
import { rmSync } from "node:fs";
import { bundle } from "./bundle.ts";
import { writeService } from "./service.ts";

rmSync("dist", { recursive: true, force: true });
bundle("inherit");
await writeService();
