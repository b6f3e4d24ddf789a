/**
 * @module DingTalk's group robot (自定义机器人).
 *
 * @see https://open.dingtalk.com/document/robots/custom-robot-access (read through mirrors)
 */
import { hmac, toBase64 } from "../../lib/hash.ts";
import { type Code, failed, inMarkdown, outcomeOf, type Robot } from "./robot.ts";
import { securityAdvice } from "./security.ts";

/** Throttled robots stay so for ten minutes. */
const throttled = 600;

const codes: Record<number, Code> = {
  [-1]: ["wait", "DingTalk is busy."],
  130101: ["wait", "DingTalk throttles the robot: more than 20 messages a minute.", throttled],
  410100: ["wait", "DingTalk throttles the robot: more than 20 messages a minute.", throttled],
  300001: ["mend", "The access token in the robot's URL is not right."],
  300005: ["gone", "The robot's access token does not exist: copy its URL again."],
  400101: ["gone", "The robot's access token does not exist: copy its URL again."],
  400013: ["gone", "The group was dissolved."],
  400102: ["mend", "The robot was stopped in the group's settings."],
  400106: ["gone", "The robot was removed from its group."],
  400105: ["mend", "The robot does not take Markdown messages."],
};

/** `HMAC-SHA256(key = secret, message = timestamp "\n" secret)`, base64; the timestamp in milliseconds. */
export function dingtalkSignature(secret: string, timestamp: number): string {
  return toBase64(hmac("sha256", secret, `${timestamp}\n${secret}`));
}

export const dingtalk: Robot = {
  kind: "dingtalk",
  hosts: ["oapi.dingtalk.com"],
  isRobot: ({ pathname, searchParams }) =>
    pathname === "/robot/send" && Boolean(searchParams.get("access_token")),
  example: "https://oapi.dingtalk.com/robot/send?access_token=…",
  hasSecret: true,
  bytesAtMost: 20_000,
  write: (blocks) => ({
    msgtype: "markdown",
    markdown: {
      title: blocks[0]?.title ?? "",
      // A line break of DingTalk's Markdown is an empty line.
      text: blocks
        .map(({ title, lines }) =>
          [`#### ${inMarkdown(title)}`, ...lines.map((line) => `- ${inMarkdown(line)}`)].join("\n"),
        )
        .join("\n\n"),
    },
  }),
  sign(url, body, secret, now) {
    if (secret !== null) {
      url.searchParams.set("timestamp", String(now));
      url.searchParams.set("sign", dingtalkSignature(secret, now));
    }
    return { url, body };
  },
  read(answer) {
    const { errcode, errmsg, status, wait } = answer;
    const message = typeof errmsg === "string" ? errmsg.slice(0, 200) : "";
    // The gateway's own answer to abuse has no errcode: {"status":1111,"wait":5,"punish":"deny"}.
    if (typeof errcode !== "number" && status === 1111) {
      const seconds = typeof wait === "number" && wait > 0 ? Math.min(wait, throttled) : 5;
      const outcome = failed("1111", "DingTalk's gateway asks to wait.", "wait");
      return outcome.ok ? outcome : { ...outcome, waitSeconds: seconds };
    }
    if (errcode === 310000) return refused(message);
    return outcomeOf(typeof errcode === "number" ? errcode : undefined, codes, message);
  },
};

/** One code for the three ways to secure a robot: its words say which. */
const refused = (message: string) =>
  failed(
    "310000",
    securityAdvice(message) ??
      "The robot's security settings refused the message: look at its keywords, signature and addresses.",
    "mend",
  );
