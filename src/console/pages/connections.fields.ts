/**
 * @module What the account of each alliance is entered with, and where each of it is found: docs/connections.md says how to get
 * it. Where a back office has it is general knowledge (GK) but for WeChat's and Pinduoduo's, whose documents say so (H).
 */
import { type Said, said } from "../../lib/said.ts";
import type { Alliance, CredentialName } from "../lib/connections.ts";

export interface CredentialField {
  name: CredentialName;
  label: Said;
  hint?: Said;
  isNeeded?: true;
  /** The others are secrets. */
  kind?: "text" | "time";
}

const accessToken = said("Access token", "访问令牌 access_token");
const refreshToken = said("Refresh token", "刷新令牌 refresh_token");
const renewsItself = said(
  "With it the access token is renewed by itself.",
  "填了它，访问令牌到期前会自动续期。",
);
const byAuthorising = said(
  "What the platform gave when the account authorised the app",
  "店铺或账号授权应用后，平台返回的令牌",
);

const key = (label: Said, hint: Said): CredentialField => ({
  name: "appKey",
  label,
  hint,
  isNeeded: true,
  kind: "text",
});
const secret = (label: Said, hint?: Said): CredentialField => ({
  name: "appSecret",
  label,
  ...(hint ? { hint } : {}),
  isNeeded: true,
});
const ends: readonly CredentialField[] = [
  {
    name: "expiresAt",
    label: said("The token ends (Beijing time)", "令牌到期时间（北京时间）"),
    kind: "time",
  },
  {
    name: "refreshExpiresAt",
    label: said("The authorisation ends (Beijing time)", "授权到期时间（北京时间）"),
    hint: said(
      "Seven days and one day before, robots are told that somebody must authorise again.",
      "到期前 7 天和 1 天会提醒重新授权。",
    ),
    kind: "time",
  },
];
const tokens: readonly CredentialField[] = [
  { name: "accessToken", label: accessToken, hint: byAuthorising, isNeeded: true },
  { name: "refreshToken", label: refreshToken, hint: renewsItself },
  ...ends,
];

export const credentialFields = {
  "taobao-union": [
    key(
      said("App Key", "App Key"),
      said(
        "open.taobao.com or pub.alimama.com: the app that your alliance account has its permissions by",
        "淘宝开放平台控制台（open.taobao.com）→ 应用管理，须是开通了淘宝客权限的应用",
      ),
    ),
    secret(said("App Secret", "App Secret")),
    {
      name: "session",
      label: said("Session key", "授权 SessionKey"),
      hint: said(
        "A publisher’s own orders need none; what needs one is told by the test.",
        "拉自己的推广订单不需要；需要时测试会说明。",
      ),
    },
    { name: "refreshToken", label: refreshToken, hint: renewsItself },
    ...ends,
  ],
  "jd-union": [
    key(
      said("App Key", "App Key"),
      said("union.jd.com: My tools, My API", "京东联盟后台（union.jd.com）→ 我的工具 → 我的 API"),
    ),
    secret(said("Secret Key", "Secret Key"), said("Beside the App Key", "和 App Key 在同一页")),
    {
      name: "accessToken",
      label: accessToken,
      hint: said("The alliance’s own orders need none.", "拉自己的联盟订单不需要。"),
    },
    ...ends.slice(0, 1),
  ],
  "douyin-shop": [
    key(
      said("App Key", "App Key"),
      said(
        "op.jinritemai.com: the app’s details",
        "抖店开放平台控制台（op.jinritemai.com）→ 应用详情",
      ),
    ),
    secret(said("App Secret", "App Secret"), said("Beside the App Key", "和 App Key 在同一页")),
    ...tokens,
  ],
  kuaishou: [
    key(
      said("App Key", "App Key"),
      said(
        "open.kwaixiaodian.com: the app’s details",
        "快手电商开放平台控制台（open.kwaixiaodian.com）→ 应用详情",
      ),
    ),
    secret(said("App Secret", "App Secret"), said("Beside the App Key", "和 App Key 在同一页")),
    {
      name: "signSecret",
      label: said("Sign Secret", "签名密钥 signSecret"),
      hint: said("Another than the App Secret, on the same page", "和 App Secret 不同，在同一页"),
      isNeeded: true,
    },
    ...tokens,
  ],
  pinduoduo: [
    key(
      said("client_id", "client_id"),
      said(
        "open.pinduoduo.com: the app’s details; its type is 多多进宝",
        "拼多多开放平台控制台（open.pinduoduo.com）→ 应用详情，应用类型为多多进宝",
      ),
    ),
    secret(
      said("client_secret", "client_secret"),
      said("Beside client_id", "和 client_id 在同一页"),
    ),
  ],
  "wechat-shop": [
    key(
      said("AppID", "AppID"),
      said(
        "store.weixin.qq.com: the shop’s developer settings",
        "微信小店后台（store.weixin.qq.com）→ 开发者设置",
      ),
    ),
    secret(
      said("AppSecret", "AppSecret"),
      said(
        "Beside the AppID; resetting it ends the former one",
        "和 AppID 在同一页；重置后旧的立即失效",
      ),
    ),
    {
      name: "pushToken",
      label: said("Token of the message push", "消息推送的 Token"),
      hint: said(
        "As it is set beside the push URL; without it orders come by asking alone",
        "与消息推送地址一起设置的那一个；不填则只靠定时拉取",
      ),
    },
    {
      name: "encodingAesKey",
      label: said("EncodingAESKey of the message push", "消息推送的 EncodingAESKey"),
      hint: said("43 letters and digits", "43 位字母和数字"),
    },
  ],
  xiaohongshu: [
    key(
      said("App ID", "App ID"),
      said(
        "open.xiaohongshu.com: the app’s details",
        "小红书开放平台控制台（open.xiaohongshu.com）→ 应用详情",
      ),
    ),
    secret(said("App Secret", "App Secret"), said("Beside the App ID", "和 App ID 在同一页")),
    ...tokens,
    {
      name: "cpsSettleMethod",
      label: said("Method of the CPS settlement", "CPS 结算接口的方法名"),
      hint: said(
        "With it orders name their promoter. No public document has it: the platform’s support tells it.",
        "填了它，订单才带有达人。公开文档没有写明，请向平台技术支持询问。",
      ),
      kind: "text",
    },
  ],
} satisfies Record<Alliance, readonly CredentialField[]>;

/** Platforms that answer calls from addresses alone that they were told of. */
export const needsFixedAddress: readonly Alliance[] = ["pinduoduo", "wechat-shop"];
