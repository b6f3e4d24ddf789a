/** @module Which platforms' rooms the orders of an alliance come from. */
import { platformOrders } from "../platforms/registry/orders.ts";

/** @param platform that the alliance's orders name; its rooms may be on others too (Taobao's on Tmall) */
export const roomsOf = (platform: string): readonly string[] =>
  platformOrders.find(({ name }) => name === platform)?.rooms ?? [platform];
