/** @module Pinduoduo's promoted links of goods; live rooms have none in the interface of today (U). Source: its documentation (H). */
import { said } from "../../../lib/said.ts";
import type { Promotion, PromotionMaker, Wanted } from "../../adapter.ts";
import { fault, listOf, textOf, at as valueAt } from "../../raw.ts";
import { usableUrl } from "../promoted-url.ts";

/** A good is named by its `goods_sign` alone, which promoted pages carry; an item's page has but the former number. */
const goodsSignOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? (new URL(url).searchParams.get("goods_sign") ?? "") : "";

function call({ destination, ids }: Wanted): ReturnType<PromotionMaker["call"]> {
  const { pid, customParameters } = ids;
  if (!pid) {
    return {
      ok: false,
      code: "pid_missing",
      detail: said(
        "The link has no pid of Pinduoduo's (promotion.pinduoduo.pid); 多多进宝 makes one for each promoter.",
        "该链接没有拼多多推广位（promotion.pinduoduo.pid）。请在多多进宝为每个推广者创建。",
      ),
    };
  }
  const goodsSign = goodsSignOf(destination.url);
  if (goodsSign === "") {
    return {
      ok: false,
      code: "goods_sign_missing",
      detail: said(
        "The destination names no good as Pinduoduo's promotion takes it (goods_sign). Give the link a promoted page of 多多进宝 as its destination.",
        "目标网址里没有多多进宝推广需要的商品标识（goods_sign）。请把多多进宝的推广链接设为该链接的目标。",
      ),
    };
  }
  return {
    ok: true,
    call: {
      method: "pdd.ddk.goods.promotion.url.generate",
      params: {
        p_id: pid,
        goods_sign_list: [goodsSign],
        custom_parameters: customParameters,
        generate_short_url: true,
      },
    },
  };
}

/** The mobile page: in a browser it opens the app, in WeChat the mini program. No 口令 is made, and nothing says that it ends. */
function read(root: unknown): Promotion {
  const [one] = listOf(valueAt(root, "goods_promotion_url_list"));
  const word = (name: string) => textOf(valueAt(one, name));
  const url = usableUrl(
    word("mobile_url"),
    word("mobile_short_url"),
    word("url"),
    word("short_url"),
  );
  return url === null
    ? fault("refused", "no_url", "Pinduoduo made no link of it.")
    : { ok: true, promoted: { url, shareText: null, expiresAt: null } };
}

export const promotions: PromotionMaker = { call, read, isRenewable: true };
