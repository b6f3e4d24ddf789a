/** @module Whether who asks has an answer already. */
import { headerOf } from "./request-headers.ts";

/** Whether `If-None-Match` lists a tag, as strong or weak (RFC 9110 §13.1.2); `*` lists none by name. */
export const hasTag = (headers: Headers, etag: string): boolean =>
  headerOf(headers, "If-None-Match")
    ?.split(",")
    .some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
