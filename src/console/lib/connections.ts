/** @module Connections as boards and their page show them: alliances by name, whether one is asked right now, what failed. */
import type { InferRequestType, InferResponseType } from "hono/client";
import { tableOf } from "../../lib/records.ts";
import { inLanguage, type Said, said } from "../../lib/said.ts";
import type { client } from "./client.ts";
import { language } from "./prefs.ts";

type Api = typeof client.api.connections;
export type Connection = InferResponseType<Api["$get"], 200>["data"][number];
export type NewConnection = InferRequestType<Api["$post"]>["json"];
export type Alliance = Connection["alliance"];
export type CredentialName = keyof NewConnection["credentials"];
/** A connection that may bring a stream's orders, as boards are told of it. */
export type OrderSource = InferResponseType<
  (typeof client.api.streams)[":id"]["order-sources"]["$get"],
  200
>["data"][number];

const alliances = {
  "taobao-union": said("Taobao Union", "淘宝联盟"),
  "jd-union": said("JD Union", "京东联盟"),
  "douyin-shop": said("Douyin shop", "抖店"),
  kuaishou: said("Kuaishou", "快手"),
  pinduoduo: said("Pinduoduo", "多多进宝"),
  "wechat-shop": said("WeChat shop", "微信小店"),
  xiaohongshu: said("Xiaohongshu", "小红书"),
} satisfies Record<Alliance, Said>;

export const allianceNames = Object.keys(alliances) as Alliance[];
const alliancesByName = tableOf<Said>(alliances);

/** @param name another's is shown as it is */
export function allianceName(name: string, speaks = language.value): string {
  const title = alliancesByName.get(name);
  return title ? inLanguage(title, speaks) : name;
}

type Asked = Pick<Connection, "enabled" | "isStopped" | "nextPullAt">;

/** What is due is being asked. @param now UTC ms */
export const isPulling = ({ enabled, isStopped, nextPullAt }: Asked, now: number): boolean =>
  enabled && !isStopped && nextPullAt !== null && Date.parse(nextPullAt) <= now;

export interface Fault {
  code: string;
  detail: string;
}

/** What the service says itself, by its code; what a gateway says is in the platform's words. */
const ours = tableOf<Said>({
  credentials_missing: said(
    "It came with an import, which never has credentials: enter them again under Change.",
    "它是导入的，导入文件里没有凭证：请在“修改”里重新填写。",
  ),
  connections_key_missing: said(
    "CONNECTIONS_KEY is not set, so the credentials can’t be read.",
    "没有设置 CONNECTIONS_KEY，读不出凭证。",
  ),
  connections_key_unknown: said(
    "The credentials were encrypted under another CONNECTIONS_KEY: set that one as CONNECTIONS_KEY_OLD, or enter the credentials again.",
    "凭证是用另一个 CONNECTIONS_KEY 加密的：请把它设为 CONNECTIONS_KEY_OLD，或重新填写凭证。",
  ),
  not_booked: said("The orders could not be stored just now.", "订单暂时存不进去。"),
  not_reached: said("The gateway can’t be reached.", "连接不上平台网关。"),
  too_slow: said("The gateway took too long to answer.", "平台网关迟迟没有应答。"),
  not_json: said(
    "The gateway answered with a page, not with data.",
    "平台网关返回的是网页，不是数据。",
  ),
  no_envelope: said("The gateway answered with something else.", "平台网关返回的内容无法识别。"),
  no_result: said("The gateway’s answer has no result.", "平台网关的应答里没有结果。"),
  not_renewable: said("The token can’t be renewed: authorise again.", "令牌不能续期，请重新授权。"),
  no_token: said("No new token was given: authorise again.", "没有拿到新令牌，请重新授权。"),
  http_429: said("Too many requests; asked again more slowly.", "请求过快，稍后放慢再试。"),
});

/** Whether the words of a fault are the service's, which say what to do. */
export const isOurs = ({ code }: Fault): boolean => ours.has(code);

/** What went wrong, in the reader's language where the service says it. */
export function faultOf({ code, detail }: Fault, speaks = language.value): string {
  const known = ours.get(code);
  if (known) return inLanguage(known, speaks);
  const [, status] = /^http_(\d{3})$/.exec(code) ?? [];
  if (status) {
    return inLanguage(
      said(`The gateway answered ${status}.`, `平台网关返回了 ${status}。`),
      speaks,
    );
  }
  return detail || code;
}

/** Connections whose orders don't come. One that somebody paused is none of them. */
export const failingOf = (sources: readonly OrderSource[]): OrderSource[] =>
  sources.filter(({ enabled, isStopped, error }) => enabled && (isStopped || error !== null));
