/** @module Kuaishou's promoted links of live rooms and items. Source: SDKs made from the documentation (S), public code (C). */
import { said } from "../../../lib/said.ts";
import type { Promotion, PromotionMaker, Wanted } from "../../adapter.ts";
import { fault, textOf, at as valueAt } from "../../raw.ts";
import { usableUrl } from "../promoted-url.ts";

type Asked = ReturnType<PromotionMaker["call"]>;
const refuse = (code: string, en: string, zh: string): Asked => ({
  ok: false,
  code,
  detail: said(en, zh),
});

const roomLink = 100;
const itemLink = 101;

/** An item's number, wherever its page names it (U). */
function itemIn({ id, url }: Wanted["destination"]): string {
  const query = url !== undefined && URL.canParse(url) ? new URL(url).searchParams : null;
  return query?.get("itemId") ?? query?.get("id") ?? id;
}

function call({ destination, ids, slug }: Wanted): Asked {
  const { cpsPid, comments = slug } = ids;
  if (!cpsPid) {
    return refuse(
      "pid_missing",
      "The link has no pid of Kuaishou's (promotion.kuaishou.cpsPid); 快赚客 has one for each promoter.",
      "该链接没有快手推广位（promotion.kuaishou.cpsPid）。请在快赚客后台为每个推广者创建。",
    );
  }
  const { kind, id, idType } = destination;
  const isRoom = kind === "live";
  if (!isRoom && kind !== "item") {
    return refuse(
      "not_promotable",
      "Kuaishou makes promoted links of live rooms and items alone.",
      "快手只能为直播间和商品生成推广链接。",
    );
  }
  // "主播id": whether it is the number or the 快手号 that pages name is not documented (U). A broadcast's own id is neither.
  const carrier = isRoom ? (idType === "principalId" ? id : "") : itemIn(destination);
  if (!isRoom && !/^\d+$/.test(carrier)) {
    return refuse(
      "item_missing",
      "The link names no item of Kuaishou's.",
      "该链接没有快手商品编号。",
    );
  }
  if (carrier === "") {
    return refuse(
      "host_missing",
      "Kuaishou finds a live room by its host, whom this link does not name: give the page live.kuaishou.com/u/….",
      "快手凭主播找到直播间，该链接没有主播编号：请使用 live.kuaishou.com/u/… 形式的网址。",
    );
  }
  return {
    ok: true,
    call: {
      method: "open.distribution.cps.kwaimoney.link.create",
      params: {
        linkType: isRoom ? roomLink : itemLink,
        linkCarrierId: carrier,
        comments,
        cpsPid,
        genPoster: false,
      },
    },
  };
}

/** How long a link and its 口令 live is not documented (U). */
function read(data: unknown): Promotion {
  const word = (name: string) => textOf(valueAt(data, name));
  const url = usableUrl(word("linkUrl"));
  return url === null
    ? fault("refused", "no_url", "Kuaishou made no link of it.")
    : { ok: true, promoted: { url, shareText: word("linkCode") || null, expiresAt: null } };
}

export const promotions: PromotionMaker = { call, read, isRenewable: true };
