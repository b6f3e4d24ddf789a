/**
 * @module How many entered a live room by a 推客's link, as WeChat counts them since 25 October 2025: for accounts of the kind
 * 联盟带货机构 alone. Source: WeChat's page 获取直播推广统计数据 (H). That its `live_id` is the `export/…` that other pages call 直播 id
 * is not said (U), nor whether a shop's account can ever ask (U).
 */
import type { ReturnReport } from "../../adapter.ts";
import { integerOf, at as valueAt } from "../../raw.ts";
import { liveStatsMethod } from "./gateway.ts";

const seconds = (at: number): number => Math.floor(at / 1_000);

export const liveJoins: ReturnReport = {
  source: "wechat",
  ask: ({ ids: { sharerAppid, liveId } }, { start, end }) => {
    if (!sharerAppid || !liveId) return null;
    const times = { start_time: seconds(start), end_time: seconds(end) };
    const params = { sharer_appid: sharerAppid, live_id: liveId, ...times };
    return { key: `${sharerAppid}/${liveId}`, call: { method: liveStatsMethod, params } };
  },
  read: (data) => {
    const pv = integerOf(valueAt(data, "join_count"));
    const uv = integerOf(valueAt(data, "join_user_count"));
    return pv === null || uv === null ? null : { pv, uv };
  },
  // "api unauthorized": an agency that is no shop has no orders of a shop.
  withoutOrders: new Set(["48001"]),
};
