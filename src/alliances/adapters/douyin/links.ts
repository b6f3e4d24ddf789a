/**
 * @module Douyin's promoted links: a live room's and an item's, by a pid of 抖客. The account that authorised must be one (8194). Source:
 * an SDK made from the documentation (S).
 */
import { said } from "../../../lib/said.ts";
import type { Promotion, PromotionMaker, Wanted } from "../../adapter.ts";
import { fault, textOf, at as valueAt } from "../../raw.ts";
import { usableUrl } from "../promoted-url.ts";

/** A zlink opens the app from outside, for 60 days. How long a 口令 lives is not documented (U). */
const zlinkMs = 60 * 86_400_000;

type Asked = ReturnType<PromotionMaker["call"]>;
const refuse = (code: string, en: string, zh: string): Asked => ({
  ok: false,
  code,
  detail: said(en, zh),
});

const isShortLink = (url: string | undefined): url is string =>
  url !== undefined && /^https?:\/\/v\.douyin\.com\//.test(url);

/** By what Douyin finds the room: its 口令, its short link, else its host's 百应 id, which wins where both are told. */
function roomOf({ destination, ids }: Wanted): object | null {
  const { shareText, resolvedFrom, url } = destination;
  const code = shareText ?? [resolvedFrom, url].find(isShortLink);
  if (code) return { dy_code: code };
  return ids.authorBuyinId ? { buyin_id: ids.authorBuyinId } : null;
}

function call(wanted: Wanted): Asked {
  const { destination, ids } = wanted;
  const { pid, externalInfo } = ids;
  if (!pid) {
    return refuse(
      "pid_missing",
      "The link has no pid of Douyin's (promotion.douyin.pid); 抖客 has one for each promoter.",
      "该链接没有抖音 PID（promotion.douyin.pid）。请在抖客后台为每个推广者创建。",
    );
  }
  if (destination.kind === "live") {
    const room = roomOf(wanted);
    return room
      ? {
          ok: true,
          call: {
            method: "buyin.instituteLiveShare",
            params: {
              pid_info: { pid, external_info: externalInfo },
              ...room,
              need_qr_code: false,
              need_zlink: true,
            },
          },
        }
      : refuse(
          "room_code_missing",
          "Douyin finds a live room by its 口令, its short link (v.douyin.com) or its host's 百应ID (promotion.douyin.authorBuyinId), and the link has none.",
          "抖音凭直播间口令、短链接（v.douyin.com）或主播百应ID（promotion.douyin.authorBuyinId）找到直播间，该链接都没有。",
        );
  }
  const product = destination.url ?? destination.shareText;
  if (destination.kind !== "item" || !product) {
    return refuse(
      "not_promotable",
      "Douyin makes promoted links of live rooms and items alone.",
      "抖音只能为直播间和商品生成推广链接。",
    );
  }
  return {
    ok: true,
    call: {
      method: "buyin.kolProductShare",
      params: {
        product_url: product,
        pid,
        external_info: externalInfo,
        need_qr_code: false,
        need_share_link: true,
        need_zlink: true,
      },
    },
  };
}

function read(data: unknown, _: Wanted, at: number): Promotion {
  const word = (name: string) => textOf(valueAt(data, name));
  const shareText = word("dy_password") || null;
  const zlink = usableUrl(word("dy_zlink"));
  if (zlink !== null) {
    return { ok: true, promoted: { url: zlink, shareText, expiresAt: at + zlinkMs } };
  }
  const page = usableUrl(word("share_link"));
  return page === null
    ? fault("refused", "no_url", "Douyin made no link of it.")
    : { ok: true, promoted: { url: page, shareText, expiresAt: null } };
}

export const promotions: PromotionMaker = { call, read, isRenewable: true };
