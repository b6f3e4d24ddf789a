/** @module What changed, field by field, in words: names of fields, and values as a person reads them. */
import { own, tableOf } from "../../lib/records.ts";
import { allianceName } from "./connections.ts";
import { moment, moneyInFull, nothing } from "./format.ts";
import { type Named, nameOf } from "./names.ts";
import type { Language } from "./prefs.ts";
import { texts } from "./texts.ts";

type Words = readonly [zh: string, en: string];
type Read = (value: unknown, language: Language) => string;

const isText = (value: unknown): value is string => typeof value === "string";

/** Texts and numbers as they are, lists with commas, and of what has parts the parts. */
function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return nothing;
  if (Array.isArray(value)) return value.map(plain).join(", ") || nothing;
  if (typeof value === "object") return Object.values(value).map(plain).join(" ") || nothing;
  return String(value);
}

const named =
  (kind: Named): Read =>
  (value, language) =>
    isText(value) ? nameOf(kind, value, language) : nothing;
const time: Read = (value) =>
  typeof value === "number" || isText(value) ? moment(value) : nothing;
const money: Read = (value) => (typeof value === "number" ? moneyInFull(value) : nothing);
const rate: Read = (value) => (typeof value === "number" ? `${value / 100} %` : nothing);
const yesOrNo: Read = (value, language) =>
  value === true ? (language === "en" ? "yes" : "是") : language === "en" ? "no" : "否";
const isThere: Read = (value, language) => (value ? yesOrNo(true, language) : nothing);
/** Of what may be undecided. */
const decided: Read = (value, language) =>
  typeof value === "boolean" ? yesOrNo(value, language) : nothing;
const alliance: Read = (value, language) =>
  isText(value) ? allianceName(value, language) : nothing;
/** What they are no entry says. */
const replaced: Read = (value, language) =>
  value ? (language === "en" ? "replaced" : "已更换") : nothing;
const phase: Read = (value, language) =>
  value === "live" || value === "ended" ? texts[language].phases[value] : nothing;
const where: Read = (value, language) =>
  Array.isArray(value)
    ? value
        .map((one: object) =>
          [
            nameOf("destination", String(own(one, "platform") ?? ""), language),
            own(one, "url") ?? own(one, "id"),
          ]
            .filter(Boolean)
            .join(" "),
        )
        .join(", ") || nothing
    : plain(value);

const fields = tableOf<readonly [...Words, read?: Read]>({
  title: ["标题", "title"],
  host: ["主播", "host"],
  cover: ["封面", "cover"],
  startsAt: ["开播时间", "start", time],
  endsAt: ["结束时间", "end", time],
  endedAt: ["实际结束", "ended", time],
  timezone: ["时区", "time zone"],
  destinations: ["去向", "destinations", where],
  primary: ["主去向", "primary destination", named("destination")],
  landing: ["落地页", "landing page"],
  durability: ["计数方式", "counting"],
  shards: ["分片", "shards"],
  after: ["结束后去处", "after the end"],
  phase: ["手动状态", "phase by hand", phase],
  deletedAt: ["删除时间", "deleted", time],
  creator: ["推广者", "promoter"],
  channel: ["渠道", "channel", named("channel")],
  channelClass: ["渠道类别", "class of channel", named("channelClass")],
  campaign: ["活动", "campaign"],
  tags: ["标签", "tags"],
  expiresAt: ["有效期", "expires", time],
  note: ["备注", "note"],
  externalId: ["外部编号", "external id"],
  adLabel: ["广告标识", "advertisement", decided],
  brandName: ["品牌名称", "brand"],
  brandLogo: ["品牌标志", "logo", isThere],
  brandColor: ["品牌颜色", "colour"],
  operatorName: ["运营主体", "operator"],
  filingNumber: ["备案号", "filing number"],
  targetViews: ["浏览目标", "target of views"],
  targetClicks: ["点击目标", "target of clicks"],
  targetOrders: ["订单目标", "target of orders"],
  targetGmv: ["GMV 目标", "target of GMV", money],
  promotion: ["联盟标识", "alliance ids"],
  id: ["编号", "id"],
  tier: ["层级", "tier", named("tier")],
  ids: ["联盟标识", "alliance ids"],
  erased: ["删除的标识", "erased ids"],
  createdAt: ["创建时间", "created", time],
  disabled: ["停用", "disabled", yesOrNo],
  slotFee: ["坑位费", "slot fee", money],
  commissionRate: ["佣金率", "commission rate", rate],
  adSpend: ["投放", "ad spend", money],
  coupons: ["优惠券", "coupons", money],
  samples: ["样品", "samples", money],
  name: ["名称", "name"],
  scopes: ["权限", "scopes"],
  kind: ["类型", "kind"],
  keyword: ["关键词", "keyword"],
  events: ["事件", "events"],
  streams: ["直播", "streams"],
  language: ["语言", "language"],
  disabledAt: ["停用时间", "switched off", time],
  url: ["地址", "URL"],
  signingSecret: ["签名密钥", "signing secret"],
  accepted: ["新增", "new"],
  updated: ["更新", "updated"],
  platform: ["平台", "platform", named("destination")],
  orderId: ["订单号", "order"],
  subOrderId: ["子订单号", "line"],
  slug: ["短链接", "short link"],
  number: ["期次", "number"],
  from: ["开始", "from", time],
  to: ["结束", "to", time],
  currency: ["币种", "currency"],
  lineCount: ["订单行", "order lines"],
  commission: ["佣金", "commission", money],
  refundsOfEarlier: ["退款扣回", "given back", money],
  total: ["本期应结", "due", money],
  reason: ["原因", "reason"],
  view: ["内容", "view"],
  streamId: ["直播", "stream"],
  alliance: ["联盟", "alliance", alliance],
  enabled: ["启用", "enabled", yesOrNo],
  apiBase: ["网关地址", "gateway"],
  since: ["起始时间", "since", time],
  credentials: ["凭证", "credentials", replaced],
});

export function fieldName(field: string, language: Language): string {
  const found = fields.get(field);
  return found ? found[language === "en" ? 1 : 0] : field;
}

export const valueIn = (field: string, value: unknown, language: Language): string =>
  (fields.get(field)?.[2] ?? plain)(value, language);
