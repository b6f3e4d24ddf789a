/** @module The signature of WeChat's JS-SDK (`wx.config`). */
import { createHash } from "node:crypto";

export interface Signed {
  ticket: string;
  nonceStr: string;
  /** Seconds since 1970. */
  timestamp: number;
  /** The page's address as the browser has it; what follows `#` is not signed. */
  url: string;
}

/**
 * SHA-1, in hexadecimal, of the four values in the order of their keys, raw.
 *
 * @see https://developers.weixin.qq.com/doc/service/en/guide/h5/jssdk.html appendix 1
 */
export function signatureOf({ ticket, nonceStr, timestamp, url }: Signed): string {
  const [page = ""] = url.split("#", 1);
  return createHash("sha1")
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`)
    .digest("hex");
}
