/** @module What the audit log says, in words, in both languages. */
import { type Keyed, mapOf, own } from "../../lib/records.ts";
import { fieldName, valueIn } from "./audit-words.ts";
import { nothing } from "./format.ts";
import type { Language } from "./prefs.ts";

export interface Entry {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string;
  before: Keyed<unknown> | null;
  after: Keyed<unknown> | null;
  /** The import that brought the entry; an earlier version's answer has none. */
  importId?: string | null;
}

const actions: ReadonlyMap<string, Record<Language, string>> = new Map([
  ["stream.created", { "zh-CN": "创建直播", en: "Stream created" }],
  ["stream.changed", { "zh-CN": "修改直播", en: "Stream changed" }],
  ["stream.deleted", { "zh-CN": "删除直播", en: "Stream deleted" }],
  ["stream.restored", { "zh-CN": "恢复直播", en: "Stream restored" }],
  ["stream.purged", { "zh-CN": "清除已删除的直播", en: "Deleted stream purged" }],
  ["link.created", { "zh-CN": "创建短链接", en: "Link created" }],
  ["link.changed", { "zh-CN": "修改短链接", en: "Link changed" }],
  ["link.promoted", { "zh-CN": "生成推广链接", en: "Promoted link made" }],
  ["link.deleted", { "zh-CN": "删除短链接", en: "Link deleted" }],
  ["link.restored", { "zh-CN": "恢复短链接", en: "Link restored" }],
  ["creator.updated", { "zh-CN": "设置推广者", en: "Promoter set" }],
  ["creator.deleted", { "zh-CN": "删除推广者的标识", en: "Promoter’s ids erased" }],
  ["key.created", { "zh-CN": "创建密钥", en: "Key made" }],
  ["key.deleted", { "zh-CN": "撤销密钥", en: "Key revoked" }],
  ["share.created", { "zh-CN": "创建只读链接", en: "Shared by a link" }],
  ["share.deleted", { "zh-CN": "撤销只读链接", en: "Shared link revoked" }],
  ["notifier.created", { "zh-CN": "创建通知", en: "Notifier created" }],
  ["notifier.changed", { "zh-CN": "修改通知", en: "Notifier changed" }],
  ["notifier.deleted", { "zh-CN": "删除通知", en: "Notifier deleted" }],
  ["connection.created", { "zh-CN": "创建连接", en: "Connection created" }],
  ["connection.changed", { "zh-CN": "修改连接", en: "Connection changed" }],
  ["connection.deleted", { "zh-CN": "删除连接", en: "Connection deleted" }],
  ["costs.changed", { "zh-CN": "修改成本", en: "Costs changed" }],
  ["spend.imported", { "zh-CN": "导入投放花费", en: "Ad spend imported" }],
  ["conversions.applied", { "zh-CN": "更新订单", en: "Orders applied" }],
  ["conversion.booked", { "zh-CN": "手动归因", en: "Order booked by hand" }],
  ["settlement.closed", { "zh-CN": "结算", en: "Settlement closed" }],
  ["settlement.voided", { "zh-CN": "作废结算单", en: "Settlement voided" }],
  ["imported", { "zh-CN": "导入备份", en: "Export imported" }],
  ["export.read", { "zh-CN": "导出全部数据", en: "Everything exported" }],
  ["session.opened", { "zh-CN": "登录控制台", en: "Signed in to the console" }],
  ["session.refused", { "zh-CN": "登录被拒绝", en: "Sign-in refused" }],
  ["session.closed", { "zh-CN": "退出控制台", en: "Signed out of the console" }],
]);

export const auditedActions: readonly string[] = [...actions.keys()];

/** An action that this version does not know is shown by its name. */
export const actionOf = (action: string, language: Language): string =>
  actions.get(action)?.[language] ?? action;

const told = (value: unknown): string =>
  value === null || value === undefined
    ? nothing
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** That an entry is a file's word, not this service's own. */
export const importOf = ({ importId }: Entry, language: Language): string | null =>
  importId ? (language === "en" ? `from ${importId}` : `来自导入 ${importId}`) : null;

/** What an import brought, by the types of its lines: how many, and of some which. */
function broughtBy(after: Keyed<unknown>): string {
  return Object.entries(after)
    .map(([name, said]) => {
      if (!Array.isArray(said)) return `${name}: ${told(said)}`;
      const names = said.map((one: unknown) =>
        typeof one === "object" && one !== null
          ? Object.values(one)
              .slice(0, 3)
              .map((value) => told(value))
              .join(" ")
          : told(one),
      );
      return `${name}: ${names.join(", ")}`;
    })
    .join(" · ");
}

/** `field: before → after`, of what differs; of what was made or deleted, its name. */
export function changeOf({ action, before, after }: Entry, language: Language): string {
  if (action === "session.refused")
    return refusal(Number((after && own(after, "leftOut")) ?? 0), language);
  if (action === "imported" && after) return broughtBy(after);
  const say = (field: string, value: unknown) => valueIn(field, value, language);
  if (before && after) {
    return Object.keys(after)
      .filter((field) => !isUnchanged(action, own(before, field), own(after, field)))
      .map(
        (field) =>
          `${fieldName(field, language)}: ${say(field, own(before, field))} → ${say(field, own(after, field))}`,
      )
      .join(" · ");
  }
  if (action.startsWith("session.")) return nothing;
  const all = wholly.has(action) ? (after ?? before) : null;
  if (all) {
    return Object.entries(all)
      .map(([field, value]) => `${fieldName(field, language)}: ${say(field, value)}`)
      .join(" · ");
  }
  const whole = mapOf(after ?? before ?? {});
  const name = ["title", "name", "creator", "channel"].find((field) => whole.get(field));
  return name ? say(name, whole.get(name)) : nothing;
}

/** A connection's entries have all of its settings; others those alone that were changed. */
const isUnchanged = (action: string, before: unknown, after: unknown): boolean =>
  action === "connection.changed" && before === after;

/** Entries all of whose fields are told. */
const wholly = new Set([
  "conversions.applied",
  "conversion.booked",
  "spend.imported",
  "share.created",
  "creator.updated",
  "creator.deleted",
  "settlement.closed",
  "settlement.voided",
]);

function refusal(leftOut: number, language: Language): string {
  const why = language === "en" ? "Wrong key" : "密钥不对";
  if (leftOut === 0) return why;
  return language === "en"
    ? `${why}; ${leftOut} more before it have no entry of their own`
    : `${why}；此前另有 ${leftOut} 次未单独记录`;
}
