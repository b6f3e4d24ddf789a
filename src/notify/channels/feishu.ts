/**
 * @module Feishu's group robot (自定义机器人), and Lark's, which differs by its host.
 *
 * @see https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
import { hmac, toBase64 } from "../../lib/hash.ts";
import { type Code, outcomeOf, type Robot } from "./robot.ts";

const codes: Record<number, Code> = {
  11232: ["wait", "Feishu throttles the robot: more than 100 messages a minute or 5 a second.", 60],
  9499: ["mend", "Feishu did not understand the request: look at the robot's URL."],
  19001: ["gone", "There is no such robot: copy its URL again."],
  19021: [
    "mend",
    "The signature does not match: set `secret` to the one that the robot's settings show, and look at this machine's clock.",
  ],
  19022: [
    "mend",
    "The robot is secured by addresses: add this service's address in the robot's settings, or use keywords or a signature.",
  ],
  19024: ["mend", "The robot is secured by keywords: set `keyword` to one of them."],
};

/** `HMAC-SHA256(key = timestamp "\n" secret, message = "")`, base64; the timestamp in seconds. */
export function feishuSignature(secret: string, timestamp: number): string {
  return toBase64(hmac("sha256", `${timestamp}\n${secret}`, ""));
}

const robotAt = (kind: "feishu" | "lark", host: string): Robot => ({
  kind,
  hosts: [host],
  isRobot: ({ pathname }) => /^\/open-apis\/bot\/v2\/hook\/[\w-]+$/.test(pathname),
  example: `https://${host}/open-apis/bot/v2/hook/…`,
  hasSecret: true,
  bytesAtMost: 20_000,
  // Rich text: unlike `text`, it reads no <at> in what others wrote.
  write: ([first, ...others]) => ({
    msg_type: "post",
    content: {
      post: {
        zh_cn: {
          title: first?.title ?? "",
          content: [
            ...(first?.lines ?? []),
            ...others.flatMap(({ title, lines }) => ["", title, ...lines]),
          ].map((text) => [{ tag: "text", text }]),
        },
      },
    },
  }),
  sign(url, body, secret, now) {
    if (secret === null) return { url, body };
    const timestamp = Math.floor(now / 1_000);
    const sign = feishuSignature(secret, timestamp);
    return { url, body: { timestamp: String(timestamp), sign, ...body } };
  },
  // Older ones, on private deployments too, say StatusCode and StatusMessage alone (U).
  read({ code, msg, StatusCode, StatusMessage }) {
    const number = [code, StatusCode].find((one) => typeof one === "number");
    const words = [msg, StatusMessage].find((one) => typeof one === "string");
    return outcomeOf(number, codes, words?.slice(0, 200) ?? "");
  },
});

export const feishu = robotAt("feishu", "open.feishu.cn");
export const lark = robotAt("lark", "open.larksuite.com");
