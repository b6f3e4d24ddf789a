/** @module `GET /api/wechat/signature`: what `wx.config` needs on a page of ours. No key: the page asks itself. */

import { createRoute, z } from "@hono/zod-openapi";
import { customAlphabet } from "nanoid";
import { needsNoKey } from "../../auth/route-scopes.ts";
import { type Env, publicOrigin } from "../../config/env.ts";
import { stubOf } from "../../config/objects.ts";
import { atField, Problem } from "../../http/problem.ts";
import { log } from "../../lib/log.ts";
import { Memo } from "../../lib/memo.ts";
import { refusalIn } from "../../lib/migrations.ts";
import { said } from "../../lib/said.ts";
import { text } from "../../model/bounded.ts";
import { isoOf } from "../../model/fields.ts";
import { wechatAccount } from "../../wechat/account.ts";
import type { WechatCredentials } from "../../wechat/object.ts";
import { signatureOf } from "../../wechat/signature.ts";
import type { Ticket } from "../../wechat/ticket-cache.ts";
import { SignatureView } from "../answers.ts";
import { commonProblems, jsonAnswer, notFoundProblem, refusedProblem, router } from "../router.ts";

const newNonce = customAlphabet("23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", 16);

/** What the landing page calls, and the one tag it opens a mini program with. */
const jsApiList = ["updateAppMessageShareData", "updateTimelineShareData"];
const openTagList = ["wx-open-launch-weapp"];

/** An isolate asks the object once a minute: signing is local, and this route takes no key. */
const remembered = new Memo<Ticket>({ goodForMs: 60_000, bytes: 65_536, weigh: () => 2_048 });

export function wechatOf(env: Env, appId: string): DurableObjectStub<WechatCredentials> {
  return stubOf(env.WECHAT, appId);
}

async function ticketOf(env: Env, appId: string): Promise<Ticket> {
  const now = Date.now();
  const known = remembered.fresh(appId, now);
  if (known) return known;
  const ticket: Ticket = await wechatOf(env, appId).ticket();
  remembered.set(appId, ticket, now, ticket.until);
  return ticket;
}

/** WeChat compares with the page's address byte by byte, so it is signed as it came. */
function pageOfOurs(url: string, origin: string): string {
  const [page = ""] = url.split("#", 1);
  const isOurs = page === origin || page.startsWith(`${origin}/`) || page.startsWith(`${origin}?`);
  if (!isOurs || !/^[\x21-\x7e]+$/.test(page)) {
    throw atField(
      "page_refused",
      "?url",
      said(
        `Expected a page's address under ${origin}/, as location.href has it.`,
        `须为 ${origin}/ 下的页面地址，与 location.href 一致。`,
      ),
    );
  }
  return page;
}

export const wechat = router().openapi(
  createRoute({
    method: "get",
    path: "/api/wechat/signature",
    summary: "The JS-SDK configuration for a page of ours; no key",
    security: needsNoKey,
    request: { query: z.strictObject({ url: text(2_048).min(1) }) },
    responses: {
      200: jsonAnswer("What wx.config takes; kept in no cache", SignatureView),
      400: commonProblems[400],
      ...notFoundProblem,
      ...refusedProblem,
      503: { ...commonProblems[400], description: "WeChat gives no ticket; Retry-After says when" },
    },
  }),
  async (c) => {
    const base = publicOrigin(c.env, c.req.url);
    const origin = URL.canParse(base) ? new URL(base).origin : base;
    const url = pageOfOurs(c.req.valid("query").url, origin);
    const set = wechatAccount(c.env);
    if (!set.ok) {
      const isOff = set.missing.length === 2;
      const names = set.missing.join(" and ");
      throw new Problem(
        isOff ? "not_found" : "unavailable",
        isOff
          ? said(
              `Pages are not signed for WeChat here: the settings ${names} are not set.`,
              `这里没有开启微信签名：没有设置 ${names}。`,
            )
          : said(
              `Pages cannot be signed for WeChat: the setting ${names} is missing or wrong.`,
              `无法为微信签名：设置 ${names} 缺失或有误。`,
            ),
        [],
        "wechat_not_configured",
      );
    }
    const { appId } = set.account;
    const ticket = await ticketOf(c.env, appId).catch((error: unknown): Ticket => {
      log("wechat_object_failed", { error: String(error) });
      if (refusalIn(error) !== null) throw error;
      throw new Problem(
        "unavailable",
        said("The keeper of WeChat's ticket does not answer.", "保管微信凭证的部分没有应答。"),
        [],
        undefined,
        1,
      );
    });
    if (!ticket.ok) {
      const { code, detail } = ticket.failure;
      const seconds = Math.max(1, Math.ceil((ticket.until - Date.now()) / 1_000));
      throw new Problem(
        "unavailable",
        said(detail, `没有拿到微信的凭证：${detail}`),
        [],
        code,
        seconds,
      );
    }
    const timestamp = Math.floor(Date.now() / 1_000);
    const nonceStr = newNonce();
    const signature = signatureOf({ ticket: ticket.ticket, nonceStr, timestamp, url });
    c.header("Cache-Control", "no-store");
    return c.json(
      {
        appId,
        timestamp,
        nonceStr,
        signature,
        jsApiList,
        openTagList,
        url,
        expiresAt: isoOf(ticket.until),
      },
      200,
    );
  },
);
