/**
 * @module WeCom's group robot (群机器人): the key in its URL is all its security.
 *
 * @see https://developer.work.weixin.qq.com/document/path/91770
 */
import { type Code, inMarkdown, outcomeOf, type Robot } from "./robot.ts";

const codes: Record<number, Code> = {
  [-1]: ["wait", "WeCom is busy."],
  45009: ["wait", "WeCom throttles the robot: more than 20 messages a minute.", 60],
  93000: ["gone", "The robot's URL is not valid: it was removed, or its key is wrong."],
  40058: ["mend", "WeCom refused the message's content."],
};

export const wecom: Robot = {
  kind: "wecom",
  hosts: ["qyapi.weixin.qq.com"],
  isRobot: ({ pathname, searchParams }) =>
    pathname === "/cgi-bin/webhook/send" && Boolean(searchParams.get("key")),
  example: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
  hasSecret: false,
  // 4096 bytes of content; escapes and the frame around it stay below.
  bytesAtMost: 4_000,
  write: (blocks) => ({
    msgtype: "markdown",
    markdown: {
      content: blocks
        .map(({ title, lines }) =>
          [`**${inMarkdown(title)}**`, ...lines.map((line) => `> ${inMarkdown(line)}`)].join("\n"),
        )
        .join("\n\n"),
    },
  }),
  sign: (url, body) => ({ url, body }),
  read({ errcode, errmsg }) {
    const message = typeof errmsg === "string" ? errmsg.slice(0, 200) : "";
    return outcomeOf(typeof errcode === "number" ? errcode : undefined, codes, message);
  },
};
