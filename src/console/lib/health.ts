/** @module What the service says of itself: what fails, and what who runs it should know. */
import { inLanguage } from "./prefs.ts";

export interface Warning {
  code: string;
  header?: string;
  /** In English. */
  detail: string;
}

export interface Health {
  status: string;
  version: string;
  failing?: string[];
  warnings?: Warning[];
}

/** 503 is an answer here, not a failure to ask. */
export async function askHealth(): Promise<Response> {
  const answer = await fetch("/healthz");
  return answer.status === 503 ? Response.json(await answer.json()) : answer;
}

const words = {
  "zh-CN": new Map<string, (warning: Warning) => string>([
    [
      "address_header_not_set",
      ({ header = "" }) =>
        `收到了 ${header}，但没有设置 CLIENT_ADDRESS_HEADER：访客的网络地址未知，只能按浏览器标识和语言区分访客，按地址的限制也不生效。如果这个请求头是您的代理加的，请在设置里写明它。`,
    ],
  ]),
  // The service speaks English itself.
  en: new Map<string, (warning: Warning) => string>(),
};

/** A warning in the reader's language; in English where this console does not know it yet. */
export const warningText = (warning: Warning): string =>
  inLanguage(words).get(warning.code)?.(warning) ?? warning.detail;
