/** @module What WeChat's API may refuse, in words for an operator: by its `errcode`, and what is no answer. */

export interface WechatFailure {
  /** The problem's code, such as `wechat_busy`. */
  code: string;
  detail: string;
  /** Seconds until another try is worth it; absent: soon, then ever later. */
  pause?: number;
}

const busy: WechatFailure = { code: "wechat_busy", detail: "WeChat's API is busy." };
const secret: WechatFailure = {
  code: "wechat_secret_refused",
  detail: "WeChat refuses the secret in the setting WECHAT_APP_SECRET.",
  pause: 30,
};
const appId: WechatFailure = {
  code: "wechat_app_id_refused",
  detail: "WeChat does not know the app id in the setting WECHAT_APP_ID.",
  pause: 30,
};
const address: WechatFailure = {
  code: "wechat_address_refused",
  detail:
    "WeChat refuses the address that this service calls from: put it on the account's IP whitelist (the log line wechat_failed names it), or call through a proxy of a fixed address, by the setting WECHAT_API_BASE.",
  pause: 30,
};
const quota: WechatFailure = {
  code: "wechat_quota_exceeded",
  detail: "The account's quota of calls to WeChat's API is used up.",
  pause: 600,
};

/**
 * By `errcode`, from WeChat's table of return codes; 895xx as its documentation of the token has them.
 *
 * @see https://developers.weixin.qq.com/doc/service/en/api/base/api_getstableaccesstoken.html
 */
const byErrcode: Readonly<Record<number, WechatFailure>> = {
  [-1]: busy,
  40001: secret,
  40013: appId,
  40125: secret,
  40243: { ...secret, detail: "The secret in the setting WECHAT_APP_SECRET is frozen." },
  41002: appId,
  41004: secret,
  40164: address,
  61004: address,
  89501: address,
  89503: address,
  89506: address,
  89507: address,
  45009: quota,
  45011: { ...quota, detail: "Too many calls a minute to WeChat's API.", pause: 60 },
};

/** The token was withdrawn or is past: a new one may help. Of the ticket; asked for a token, 40001 is about the secret. */
export const tokenErrors: ReadonlySet<number> = new Set([40001, 40014, 42001]);

export const tokenRefused: WechatFailure = {
  code: "wechat_token_refused",
  detail: "WeChat's API refuses the token that it gave.",
};

export function failureOf(errcode: number): WechatFailure {
  return (
    byErrcode[errcode] ?? {
      code: "wechat_refused",
      detail: `WeChat's API refuses with errcode ${errcode}.`,
      pause: 60,
    }
  );
}

export const noAnswer = (what: string): WechatFailure => ({
  code: "wechat_no_answer",
  detail: `WeChat's API ${what}.`,
});
