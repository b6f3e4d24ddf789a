import { describe, it } from "vitest";
import { dingtalk } from "./dingtalk.ts";
import { feishu } from "./feishu.ts";
import { securityAdvice } from "./security.ts";

const advice = (answer: object, robot = dingtalk) => {
  const outcome = robot.read(answer);
  return outcome.ok ? "ok" : `${outcome.failure.code}: ${outcome.failure.detail}`;
};
const refusals: [message: string, advice: RegExp][] = [
  [
    "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词;link:请参考",
    /set `keyword`/,
  ],
  [
    "description:机器人发送签名不匹配;solution:请确认签名和时间戳都放在网址中;link:",
    /set `secret`/,
  ],
  ["description:机器人发送签名过期;solution:请确认IP和关键词;link:", /set `secret`/],
  ["description:来源ip203.0.113.7不在白名单;solution:请加签;link:", /add this service's address/],
  ["ip 203.0.113.7 not in whitelist", /add this service's address/],
  ["sign not match", /set `secret`/],
  ["keywords not in content", /set `keyword`/],
  ["description:unknown;solution:none", /look at its keywords, signature and addresses/],
];

describe("what a robot's refusal advises", () => {
  for (const [errmsg, expected] of refusals) {
    it(errmsg, ({ expect }) => expect(advice({ errcode: 310000, errmsg })).toMatch(expected));
  }

  it("is by the code where that says it, else by the words", ({ expect }) => {
    expect(advice({ code: 19024, msg: "sign" }, feishu)).toMatch(/set `keyword`/);
    expect(advice({ code: 77, msg: "签名校验失败" }, feishu)).toMatch(/^77: .*set `secret`/);
    expect(securityAdvice("the script was tipped")).toBeNull();
  });
});

describe("Feishu's older answers", () => {
  it("are read like the present ones", ({ expect }) => {
    expect(advice({ StatusCode: 0, StatusMessage: "success" }, feishu)).toBe("ok");
    expect(advice({ StatusCode: 19001, StatusMessage: "no robot" }, feishu)).toMatch(/^19001/);
    expect(advice({ Extra: null }, feishu)).toMatch(/^unknown_answer/);
  });
});
