/** @module The registry of what matching orders needs: a line for each platform whose orders come back. */
import { douyin } from "../douyin/orders.ts";
import { jd } from "../jd/orders.ts";
import { kuaishou } from "../kuaishou/orders.ts";
import type { PlatformOrders } from "../order-facts.ts";
import { pinduoduo } from "../pinduoduo/orders.ts";
import { taobao } from "../taobao/orders.ts";
import { tmall } from "../tmall/orders.ts";
import { wechat } from "../wechat/orders.ts";
import { xiaohongshu } from "../xiaohongshu/orders.ts";
import type { PlatformName } from "./edge.ts";

const registered = {
  taobao,
  tmall,
  jd,
  douyin,
  kuaishou,
  pinduoduo,
  wechat,
  xiaohongshu,
} satisfies { [name in PlatformName]?: PlatformOrders };

type Registered = typeof registered;
type IdsOf<P> = P extends { ids: infer Ids } ? keyof Ids : never;
/** The ids by which orders come back to a link, by alliance and field. */
export type PromotionIds = {
  [P in keyof Registered as Registered[P] extends { ids: object } ? P : never]?:
    | { [Field in IdsOf<Registered[P]>]?: string | undefined }
    | undefined;
};

export const platformOrders: readonly PlatformOrders[] = Object.values(registered);
