/**
 * @module What a gateway's words mean where its codes are published nowhere. Read with care (U): what fits nothing is a passing
 * fault, which is asked again ever more slowly.
 */
import type { FaultKind } from "../adapter.ts";

/** The first whose patterns all fit. */
const words: readonly (readonly [FaultKind, ...RegExp[]])[] = [
  // Kuaishou's guide has "Exceed quota limit…" and "Exceed qps limit…" (H).
  ["quota", /额度|quota limit/i],
  ["throttled", /限流|频繁|频率|too (?:many|fast|frequent)|(?:rate|flow|qps) limit/i],
  ["window", /时间|跨度|间隔|范围|span|interval/i, /超过|不能大于|过大|limit|exceed/i],
  ["expired", /token/i, /过期|失效|无效|expired|invalid/i],
  [
    "denied",
    /权限|未授权|签名|验签|appkey|appid|白名单|scope|permission|denied|unauthori[sz]ed|\bsign\b/i,
  ],
  ["refused", /参数|param|未开播|不存在|不支持|invalid/i],
];

export const kindOfWords = (said: string): FaultKind =>
  words.find(([, ...patterns]) => patterns.every((pattern) => pattern.test(said)))?.[0] ?? "retry";
