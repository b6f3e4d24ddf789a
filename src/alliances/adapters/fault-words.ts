/**
 * @module What a gateway's words mean where its codes are published nowhere. Read with care (U): what fits nothing is a passing
 * fault, which is asked again ever more slowly.
 */
import type { FaultKind } from "../adapter.ts";

/** The first that fits. */
const words: readonly (readonly [RegExp, FaultKind])[] = [
  [/额度/, "quota"],
  [/限流|频繁|频率|too (?:many|fast|frequent)|rate limit|flow limit/i, "throttled"],
  [/(?:时间|跨度|间隔|范围|span|interval).*(?:超过|不能大于|过大|limit|exceed)/i, "window"],
  [
    /(?:token.*(?:过期|失效|无效|expired|invalid)|(?:过期|失效|无效|invalid|expired).*token)/i,
    "expired",
  ],
  [
    /权限|未授权|签名|appkey|appid|白名单|scope|permission|denied|unauthori[sz]ed|\bsign\b/i,
    "denied",
  ],
  [/参数|param|未开播|不存在|不支持|invalid/i, "refused"],
];

export const kindOfWords = (said: string): FaultKind =>
  words.find(([pattern]) => pattern.test(said))?.[1] ?? "retry";
