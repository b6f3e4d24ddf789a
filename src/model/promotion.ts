/**
 * @module The ids by which orders of each alliance come back to a link: what a request may set, and what was kept.
 * What fits into which field: docs/attribution.md, "Sub-ids".
 */
import { z } from "@hono/zod-openapi";
import { line, shaped } from "./bounded.ts";

/** Pinduoduo refuses others, H: its documentation of `custom_parameters`. */
function isCustomParameters(given: string): boolean {
  if (new TextEncoder().encode(given).length > 64) return false;
  try {
    const { uid } = JSON.parse(given) as { uid?: unknown };
    return typeof uid === "string" && uid !== "";
  } catch {
    return false;
  }
}

const id = line(64).optional();

/** Fields of one's own making, by what their alliance takes. */
const ownIds = {
  subUnionId: shaped(
    /^[A-Za-z0-9_-]{1,80}$/,
    "Expected 1 to 80 letters, digits, - and _, as JD Union takes them.",
  ).optional(),
  ext1: line(40).optional(),
  externalInfo: shaped(
    /^[0-9A-Za-z_]{1,40}$/,
    "Expected 1 to 40 letters, digits and _, as Douyin takes them: write a slug's - as _.",
  ).optional(),
  customParameters: line(64)
    .refine(
      isCustomParameters,
      'Expected a JSON object with uid, at most 64 bytes, as Pinduoduo takes it: {"uid":"…"}.',
    )
    .openapi({ example: '{"uid":"cats"}' })
    .optional(),
};

/** As earlier releases took them, and as orders have them. */
const anyIds = {
  subUnionId: line(80).optional(),
  ext1: line(128).optional(),
  externalInfo: line(128).optional(),
  customParameters: line(128).optional(),
};

const promotionOf = (own: typeof ownIds | typeof anyIds) =>
  z.strictObject({
    taobao: z.strictObject({ adzoneId: id, relationId: id, specialId: id }).optional(),
    jd: z
      .strictObject({
        subUnionId: own.subUnionId,
        positionId: id,
        pid: id,
        ext1: own.ext1,
        channelId: id,
      })
      .optional(),
    douyin: z
      .strictObject({
        externalInfo: own.externalInfo,
        authorAccount: id,
        authorBuyinId: id,
        pid: id,
        mediaId: id,
      })
      .optional(),
    kuaishou: z.strictObject({ comments: line(128).optional(), cpsPid: id }).optional(),
    pinduoduo: z.strictObject({ customParameters: own.customParameters, pid: id }).optional(),
    wechat: z
      .strictObject({ accountName: id, finderId: id, openfinderid: id, sharerAppid: id })
      .optional(),
    xiaohongshu: z.strictObject({ kolUserId: id }).optional(),
  });

/** What a link is given. */
export const promotion = promotionOf(ownIds);
/** What a link was given once, and what an order carries back. */
export const keptPromotion = promotionOf(anyIds);
