/** @module JD Union's promoted links, by sub-union id (to be applied for). Source: the union's API document (H). */
import { said } from "../../../lib/said.ts";
import type { Promotion, PromotionMaker, Wanted } from "../../adapter.ts";
import { fault, integerOf, textOf, at as valueAt } from "../../raw.ts";
import { usableUrl } from "../promoted-url.ts";

/** A short URL lives 60 days. */
const shortMs = 60 * 86_400_000;

function call({ destination: { url }, ids }: Wanted): ReturnType<PromotionMaker["call"]> {
  if (!url) {
    return {
      ok: false,
      code: "url_missing",
      detail: said("The link leads to no page of JD's.", "该链接没有指向京东的网页。"),
    };
  }
  const { subUnionId, positionId, pid, channelId } = ids;
  return {
    ok: true,
    call: {
      method: "jd.union.open.promotion.bysubunionid.get",
      params: {
        promotionCodeReq: {
          materialId: url,
          // Both together are refused (2001214). A pid was given by somebody, a sub-union id every link has.
          ...(pid ? { pid } : { subUnionId }),
          positionId: positionId && (integerOf(positionId) ?? positionId),
          channelId: channelId && (integerOf(channelId) ?? channelId),
          // 3: the long URL and the short one.
          chainType: 3,
          command: 1,
        },
      },
    },
  };
}

/**
 * The long URL, which does not end: who promotes pastes our short link, so that its length is nobody's trouble. The short one only where
 * there is no other. How long a 口令 lives is not documented (U).
 */
function read(told: unknown, _: Wanted, at: number): Promotion {
  const word = (name: string) => textOf(valueAt(told, "data", name));
  const shareText = word("jCommand") || word("jShortCommand") || null;
  const long = usableUrl(word("clickURL"));
  if (long !== null) return { ok: true, promoted: { url: long, shareText, expiresAt: null } };
  const short = usableUrl(word("shortURL"));
  return short === null
    ? fault("refused", "no_url", "JD made no link of it.")
    : { ok: true, promoted: { url: short, shareText, expiresAt: at + shortMs } };
}

export const promotions: PromotionMaker = { call, read, isRenewable: true };
