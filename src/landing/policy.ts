/**
 * @module The pages' Content-Security-Policy: nothing from another host, and of what is inline exactly our
 * own style and script, by their digests, so that a page can be made once and sent to many.
 */
import { createHash } from "node:crypto";
import client from "./client.generated.ts";
import { style } from "./style.ts";

const digest = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

let policy: string | undefined;

export function contentSecurityPolicy(): string {
  policy ??= `default-src 'none'; style-src ${digest(style)}; script-src ${digest(client)}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return policy;
}
