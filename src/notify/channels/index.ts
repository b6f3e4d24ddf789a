/** @module The robots, by kind. */
import type { NotifierKind } from "../model.ts";
import type { Robot } from "./channel.ts";
import { dingtalk } from "./dingtalk.ts";
import { feishu, lark } from "./feishu.ts";
import { wecom } from "./wecom.ts";

export const robots = { dingtalk, feishu, lark, wecom } satisfies Record<
  Exclude<NotifierKind, "webhook">,
  Robot
>;

/** `undefined` for a webhook. */
export function robotOf(kind: NotifierKind): Robot | undefined {
  return kind === "webhook" ? undefined : robots[kind];
}
