/** @module The robots, by kind: a robot is a file beside this one and its line here. */

import { dingtalk } from "./dingtalk.ts";
import { feishu, lark } from "./feishu.ts";
import type { Robot } from "./robot.ts";
import { wecom } from "./wecom.ts";

export const robots = { dingtalk, feishu, lark, wecom } satisfies { [kind in string]: Robot };

type RobotKind = keyof typeof robots;
export type NotifierKind = RobotKind | "webhook";
export const notifierKinds = [...(Object.keys(robots) as RobotKind[]), "webhook" as const];

/** `undefined` for a webhook. */
export function robotOf(kind: NotifierKind): Robot | undefined {
  return kind === "webhook" ? undefined : robots[kind];
}
