/** @module A read-only link: one stream's board or wall, or one promoter's own figures of it. Times are UTC ms. */
import { z } from "@hono/zod-openapi";
import { line, shaped } from "./bounded.ts";
import {
  choice,
  type Kept,
  newShape,
  notedMoment,
  optionalMoment,
  optionalText,
  told,
  toldShape,
} from "./fields.ts";
import { streamId } from "./stream.ts";

const views = ["board", "wall", "promoter"] as const;
export type ShareView = (typeof views)[number];

const shareFields = {
  id: { kept: shaped(/^sh_[0-9a-z]{1,40}$/, "Expected a share's id."), told: z.string() },
  streamId: { kept: streamId, given: line(64), told: z.string(), isNeeded: true as const },
  view: { ...choice(z.enum(views)), isNeeded: true as const },
  /** The id of a promoter, of whose figures it is. */
  creator: optionalText(line(64)),
  createdAt: notedMoment,
  expiresAt: optionalMoment,
};

export type Share = Kept<typeof shareFields>;
export type NewShare = Omit<Share, "createdAt"> & { digest: string };

export const ShareInput = z
  .strictObject(newShape(shareFields))
  .superRefine(({ view, creator }, context) => {
    if ((view === "promoter") === (creator !== undefined)) return;
    context.addIssue({
      code: "custom",
      path: ["creator"],
      message: "Expected the promoter of view promoter, and none of others.",
      input: creator,
    });
  })
  .openapi("ShareInput");

export const ShareView = z.object(toldShape(shareFields)).openapi("Share");
export const NewShareView = ShareView.extend({
  url: z.string().openapi({ description: "Whoever has it sees that view. Shown this once." }),
}).openapi("NewShare");

export const tellShare = (share: Share) => told(shareFields, share);
