/** @module Every file of a folder and of the folders in it. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** @returns their ways from the folder, with `/` between, in no order */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
