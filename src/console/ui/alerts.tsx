/** @module What is wrong right now, at the top of a board and of the wall. */
import type { JSX } from "preact";
import type { Alert } from "../lib/alerts.ts";
import { allianceName, faultOf } from "../lib/connections.ts";
import { percent, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";

const texts = {
  "zh-CN": {
    alerts: "告警",
    unknown: "原因未知",
    clicks: (last: string, previous: string) =>
      `点击骤降：最近 10 分钟 ${last} 次，之前 10 分钟 ${previous} 次。`,
    opening: (last: string, previous: string, taps: string) =>
      `可能有跳转方式失效了：最近 10 分钟，落地页上 ${taps} 次点击里只有 ${last} 离开页面去了 App，之前是 ${previous}。请用真机试一下。`,
    connection: (alliance: string, name: string, isStopped: boolean, why: string) =>
      `${alliance}“${name}”的订单${isStopped ? "已停止拉取，等待处理" : "拉取失败，正在自动重试"}：${why}`,
    destination: (platform: string, status: number, slug: string | null) =>
      `${slug === null ? "" : `/${slug} 的`}${platform}去向打不开：返回 ${status}。`,
  },
  en: {
    alerts: "Alerts",
    unknown: "the reason is not known",
    clicks: (last: string, previous: string) =>
      `Clicks fell: ${last} in the last ten minutes, ${previous} in the ten before.`,
    opening: (last: string, previous: string, taps: string) =>
      `A way may have stopped opening: after ${last} of ${taps} taps in the last ten minutes the page was left for an app, after ${previous} before. Try it on a phone.`,
    connection: (alliance: string, name: string, isStopped: boolean, why: string) =>
      `Orders of ${alliance} “${name}” ${isStopped ? "have stopped coming until somebody acts" : "fail to come, and are asked for again"}: ${why}`,
    destination: (platform: string, status: number, slug: string | null) =>
      `${slug === null ? "The" : `/${slug}:`} ${platform} destination fails: it answers ${status}.`,
  },
};

export function Alerts({ alerts }: { alerts: readonly Alert[] }): JSX.Element {
  const t = inLanguage(texts);
  const say = (alert: Alert): string => {
    switch (alert.kind) {
      case "clicks":
        return t.clicks(whole(alert.last), whole(alert.previous));
      case "opening":
        return t.opening(percent(alert.last), percent(alert.previous), whole(alert.taps));
      case "connection": {
        const { alliance, name, isStopped, error } = alert.source;
        const why = error ? faultOf(error) : t.unknown;
        return t.connection(allianceName(alliance), name, isStopped, why);
      }
      case "destination": {
        const { platform, status, slug } = alert.failing;
        return t.destination(nameOf("destination", platform), status, slug);
      }
    }
  };
  return (
    <div class="alerts" role="status" aria-label={t.alerts}>
      {alerts.map((alert) => (
        <p key={say(alert)} class="note bad" data-alert={alert.kind}>
          {say(alert)}
        </p>
      ))}
    </div>
  );
}
