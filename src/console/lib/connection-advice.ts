/** @module What to do about a connection that fails, by what its platform said. */
import { tableOf } from "../../lib/records.ts";
import { inLanguage, type Said, said } from "../../lib/said.ts";
import { type Fault, isOurs } from "./connections.ts";
import { language } from "./prefs.ts";

const allowAddress = said(
  "The platform asks for a fixed address: add the service’s own to its allow-list, or ask through a proxy of a fixed address (Advanced).",
  "平台要求固定 IP：请把本服务的出口地址加到平台的 IP 白名单，或在“高级”里填固定地址的代理。",
);
const authorise = said(
  "The authorisation has ended: authorise the app again, and enter the new tokens.",
  "授权已失效：请重新授权，再填写新的令牌。",
);
const applyFor = said(
  "The app lacks this permission: apply for it at the platform, then pull again.",
  "应用没有这个接口的权限：请到平台申请开通，再点“立即拉取”。",
);
const wrongSecret = said(
  "Key or secret is not right: copy both from the platform again.",
  "App Key 或密钥不对：请从平台重新复制。",
);

/**
 * What to do, by the platform's code. Pinduoduo's are documented (H), as is WeChat's 40164; JD's gateway's are seen in public
 * code (C), Taobao's are general knowledge (GK).
 */
const advice = tableOf<Said>({
  "20005": allowAddress,
  "40164": allowAddress,
  "20031": applyFor,
  "2002403": applyFor,
  "isv.permission-api-package-limit": applyFor,
  "2002401": authorise,
  "10019": authorise,
  "19": authorise,
  "12": wrongSecret,
  "21": wrongSecret,
  "20004": wrongSecret,
  "40125": wrongSecret,
  "isv.invalid-signature": wrongSecret,
});

const stoppedAdvice = said(
  "Nothing is asked until you act: look at the app’s permissions and its authorisation, then pull now or enter the credentials again.",
  "已停止拉取，等待处理：请核对应用的权限和授权，改好后点“立即拉取”，或重新填写凭证。",
);

/** @returns what to do about it; `null`: it is tried again by itself */
export function adviceOf(fault: Fault, isStopped: boolean, speaks = language.value): string | null {
  if (isOurs(fault)) return null;
  const found = advice.get(fault.code) ?? (isStopped ? stoppedAdvice : undefined);
  return found ? inLanguage(found, speaks) : null;
}
