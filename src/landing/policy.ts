/**
 * @module The pages' Content-Security-Policy: nothing from another host, and of what is inline only our own style and
 * script, by their digests.
 */
import { digestsOf } from "./inline.ts";

/**
 * WeChat's own script, inside WeChat on a signed page. What its opening tags load beside it is not
 * documented, so styles and frames are open there: unverified on a phone.
 */
const wechatHosts = "https://res.wx.qq.com https://res2.wx.qq.com";
const wechatReports = "https://open.weixin.qq.com";

const directives = {
  /** For machines: neither style nor script. */
  bare: () => ["img-src 'self' data:"],
  page: (own: string) => [
    `style-src ${digestsOf("style")}${own}`,
    `script-src ${digestsOf("script")}`,
    "img-src 'self' data:",
    "connect-src 'self'",
  ],
  /** A page that loads WeChat's JS-SDK. */
  wechat: () => [
    `style-src 'unsafe-inline'`,
    `script-src ${digestsOf("wechatScript")} ${wechatHosts}`,
    `img-src 'self' data: ${wechatHosts} ${wechatReports}`,
    `connect-src 'self' ${wechatHosts} ${wechatReports}`,
    "frame-src https:",
  ],
};

export type Policy = keyof typeof directives;

/** @param style the digest of a style of the page's own */
export function contentSecurityPolicy(policy: Policy, style = ""): string {
  const own = directives[policy](style && ` ${style}`).join("; ");
  return `default-src 'none'; ${own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
