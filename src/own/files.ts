/**
 * @module The files that the build made, on a server of one's own: what Cloudflare's assets binding answers there. Which
 * there are, what each is and how it is compressed, the build has listed (scripts/files.ts), so nothing else of the disk
 * is ever asked for.
 *
 * A Worker of its own behind a service binding: workerd knows of a body that came by `fetch` that it is compressed, and
 * would compress another once more.
 */

import { hasTag } from "../http/known-tag.ts";
import { headerOf } from "../http/request-headers.ts";
import { type Keyed, own } from "../lib/records.ts";
import { type Coding, codings, type ListedFile } from "./listed-files.ts";

interface FilesEnv {
  /** By the path, from `/`. */
  LISTED: Keyed<ListedFile>;
  DISK: Fetcher;
}

const page = "index.html";

export default {
  async fetch(request: Request, { LISTED, DISK }: FilesEnv): Promise<Response> {
    const { pathname } = new URL(request.url);
    const path = pathname.endsWith("/") ? pathname + page : pathname;
    const listed = own(LISTED, path);
    if (!listed) return new Response(null, { status: 404 });
    const accepted = acceptedBy(headerOf(request.headers, "Accept-Encoding"));
    const [coding, end] = codings.find(
      ([name]) => listed.codings.includes(name) && accepted(name),
    ) ?? [null, ""];
    const etag = `"${listed.hash}${end}"`;
    const headers = new Headers({ "Content-Type": listed.type, ETag: etag });
    if (listed.codings.length > 0) headers.set("Vary", "Accept-Encoding");
    if (isKnown(request.headers, etag)) {
      return new Response(null, { status: 304, headers });
    }
    const file = await DISK.fetch(`http://disk${path}${end}`, { method: request.method });
    if (!file.ok) throw new Error(`${path}${end} is listed and not there: ${file.status}`);
    const length = file.headers.get("Content-Length");
    if (length !== null) headers.set("Content-Length", length);
    if (coding) headers.set("Content-Encoding", coding);
    return new Response(file.body, { headers, encodeBody: coding ? "manual" : "automatic" });
  },
} satisfies ExportedHandler<FilesEnv>;

/** Which codings an `Accept-Encoding` takes, by name; one with `q=0` it does not. */
function acceptedBy(given: string | null): (coding: Coding) => boolean {
  const taken = new Map(
    (given ?? "").split(",").map((part): [name: string, isTaken: boolean] => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      return [name, !parameters.some((text) => /^q=0(?:\.0*)?$/.test(text))];
    }),
  );
  return (coding) => taken.get(coding) ?? taken.get("*") ?? false;
}

const isKnown = (headers: Headers, etag: string): boolean =>
  hasTag(headers, etag) || headerOf(headers, "If-None-Match")?.trim() === "*";
