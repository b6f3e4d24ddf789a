/**
 * @module The pages' Content-Security-Policy: nothing from another host, and of what is inline only what
 * carries this answer's nonce.
 */
import { randomBytes, toBase64 } from "../lib/hash.ts";

/** 144 bits each, and no padding in base64. */
const nonceBytes = 18;
const nonceLength = 24;
const atOnce = 64;

/** Random text from which nonces are cut: one call of the generator serves many pages. */
let pool = "";
let at = 0;

export function newNonce(): string {
  if (at >= pool.length) {
    pool = toBase64(randomBytes(nonceBytes * atOnce));
    at = 0;
  }
  at += nonceLength;
  return pool.slice(at - nonceLength, at);
}

/**
 * WeChat's own script, inside WeChat on a signed page. What its opening tags load beside it is not
 * documented, so styles and frames are open there: unverified on a phone.
 */
const wechatHosts = "https://res.wx.qq.com https://res2.wx.qq.com";
const wechatReports = "https://open.weixin.qq.com";

/** @param withWechat for a page that loads WeChat's JS-SDK */
export function contentSecurityPolicy(nonce: string, withWechat = false): string {
  const inline = `'nonce-${nonce}'`;
  const directives = withWechat
    ? [
        `style-src 'unsafe-inline'`,
        `script-src ${inline} ${wechatHosts}`,
        `img-src 'self' data: ${wechatHosts} ${wechatReports}`,
        `connect-src 'self' ${wechatHosts} ${wechatReports}`,
        "frame-src https:",
      ]
    : [`style-src ${inline}`, `script-src ${inline}`, "img-src 'self' data:", "connect-src 'self'"];
  return `default-src 'none'; ${directives.join("; ")}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
