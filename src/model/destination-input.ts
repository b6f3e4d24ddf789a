/** @module A destination as a request gives it: a URL or share text, a mini program, a Channels account. */
import { z } from "@hono/zod-openapi";
import { platformNames } from "../platforms/registry/edge.ts";
import { shaped, text, trimmed, words } from "./bounded.ts";

export const url = trimmed(2_048);
/** A share text as it is pasted, which is kept to be copied again. */
export const pasted = text(4_000).min(1);

export const PlatformSchema = z.enum(platformNames).openapi("Platform");

export const miniProgram = z.strictObject({
  appId: shaped(
    /^wx[0-9a-f]{16}$/,
    "Expected a mini program's appId: wx and 16 hexadecimal digits.",
  ),
  path: words(512),
  query: text(512).optional(),
});

export const finderUserName = shaped(
  /^sph[A-Za-z0-9]{3,60}$/,
  "Expected a Channels account: sph and its code.",
);

/** A URL or share text; or, for WeChat, a mini program or a Channels account. */
export const DestinationInput = z
  .strictObject({
    text: pasted.optional(),
    url: url.optional(),
    platform: PlatformSchema.optional(),
    miniProgram: miniProgram.optional(),
    finderUserName: finderUserName.optional(),
    replay: url.optional(),
    shareText: words(4_000).optional(),
  })
  .superRefine((input, context) => {
    const given = (["text", "url", "miniProgram", "finderUserName"] as const).filter(
      (name) => input[name] !== undefined,
    );
    if (given.length !== 1) {
      context.addIssue({
        code: "custom",
        message: "Expected exactly one of text, url, miniProgram and finderUserName.",
      });
    }
    const isWechat = given[0] === "miniProgram" || given[0] === "finderUserName";
    if (isWechat && input.platform !== undefined && input.platform !== "wechat") {
      context.addIssue({ code: "custom", path: ["platform"], message: "Expected wechat." });
    }
  })
  .openapi("DestinationInput");

export type DestinationInput = z.infer<typeof DestinationInput>;
