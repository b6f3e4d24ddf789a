/** @module A connection as a line of an export: without its credentials. Times are UTC ms. */
import { z } from "@hono/zod-openapi";
import { instant, past, shaped, trimmed, words } from "../model/bounded.ts";
import { allianceNames } from "./adapter.ts";

const ArchivedFeed = z.strictObject({
  feed: shaped(/^[A-Za-z][\w-]{0,39}$/, "Expected a list's name."),
  /** All that changed before came; `null`: nothing was asked yet, so it begins at `since`. */
  through: instant.nullable(),
  /** What is older and did not all come, as one span; asked for anew, which changes no sum. */
  left: z
    .strictObject({ from: instant, to: instant })
    .refine(({ from, to }) => from < to, { path: ["to"], message: "to must be after from." })
    .nullable(),
});
export type ArchivedFeed = z.infer<typeof ArchivedFeed>;

export const ArchivedConnection = z.strictObject({
  id: shaped(/^cn_[0-9a-z]{1,40}$/, "Expected a connection's id."),
  alliance: z.enum(allianceNames),
  name: words(100),
  /** `true`: it goes on by itself once it has its credentials. */
  enabled: z.boolean(),
  apiBase: trimmed(500).nullable(),
  since: instant,
  createdAt: past,
  updatedAt: past,
  feeds: z.array(ArchivedFeed).max(20),
});
export type ArchivedConnection = z.infer<typeof ArchivedConnection>;
