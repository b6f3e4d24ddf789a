/**
 * @module Taobao Union's promoted links: one call makes URL and 口令 of whatever a link leads to, live rooms too
 * (`material_type` 6). Source: TOP's API metadata (H); the codes of a single link are not documented (U).
 */
import { said } from "../../../lib/said.ts";
import type { Promoted, Promotion, PromotionMaker, Wanted } from "../../adapter.ts";
import { fault, listOf, textOf, at as valueAt } from "../../raw.ts";
import { usableUrl } from "../promoted-url.ts";

function convert({ destination, ids }: Wanted): ReturnType<PromotionMaker["call"]> {
  const { url } = destination;
  const { adzoneId, relationId, specialId } = ids;
  if (!adzoneId) {
    return {
      ok: false,
      code: "adzone_missing",
      detail: said(
        "The link has no adzone of Taobao's (promotion.taobao.adzoneId). Each promoter needs one: the third part of a pid, mm_…_…_123.",
        "该链接没有淘宝推广位（promotion.taobao.adzoneId）。每个推广者都需要一个：pid 的第三段，如 mm_…_…_123 的 123。",
      ),
    };
  }
  if (!url) {
    return {
      ok: false,
      code: "url_missing",
      detail: said("The link leads to no page of Taobao's.", "该链接没有指向淘宝的网页。"),
    };
  }
  return {
    ok: true,
    call: {
      method: "taobao.tbk.dg.general.link.convert",
      params: {
        adzone_id: adzoneId,
        relation_id: relationId,
        special_id: specialId,
        // Materials are parted by commas.
        material_list: url.replaceAll(",", "%2C"),
      },
    },
  };
}

/** How long a 口令 lives is not in the documents (GK: 30 days). */
const tpwdMs = 30 * 86_400_000;

/**
 * The long URL: nothing says that it ends, while short ones do elsewhere (GK: after 300 days). The whole 口令, which newer
 * iPhones need; where there is none it is made of the URL.
 */
function read(root: unknown, _: Wanted, at: number): Promotion {
  const [one] = listOf(valueAt(root, "data", "material_url_list"));
  const info = valueAt(one, "link_info_dto");
  const url = usableUrl(
    textOf(valueAt(info, "cps_long_url")),
    textOf(valueAt(info, "cps_short_url")),
  );
  if (url === null) {
    const code = textOf(valueAt(one, "code")) || "not_converted";
    const words = textOf(valueAt(one, "msg")) || textOf(valueAt(root, "result_msg"));
    return fault("refused", code, words || "Taobao made no link of it.");
  }
  const bare = textOf(valueAt(info, "cps_short_tpwd"));
  const shareText = textOf(valueAt(info, "cps_full_tpwd")) || null;
  const expiresAt = shareText === null && bare === "" ? null : at + tpwdMs;
  const promoted: Promoted = { url, shareText, expiresAt };
  if (shareText !== null) return { ok: true, promoted };
  return {
    ok: true,
    promoted: { ...promoted, shareText: bare || null },
    further: {
      call: { method: "taobao.tbk.tpwd.create", params: { url } },
      read: (made) => ({
        ...promoted,
        expiresAt: at + tpwdMs,
        shareText:
          textOf(valueAt(made, "data", "model")) ||
          textOf(valueAt(made, "data", "password_simple")) ||
          bare ||
          null,
      }),
    },
  };
}

export const promotions: PromotionMaker = { call: convert, read, isRenewable: true };
