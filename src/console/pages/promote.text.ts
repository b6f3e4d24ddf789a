/** @module What making promoted links says. */
export const promoteTexts = {
  "zh-CN": {
    title: "推广链接",
    hint: "用联盟账号为每个短链接生成推广者自己的推广链接和口令，成为该短链接的去向。订单按短链接、推广者的编号归因。",
    connection: "连接",
    of: (count: number) => `已选的 ${count} 个短链接`,
    ofAll: (count: number) => `全部 ${count} 个短链接`,
    replace: "重新生成已有的去向",
    replaceHint: "不勾选时，已有自己去向的短链接保持不变。",
    look: "试算",
    make: "生成",
    would: (made: number, kept: number, failed: number) =>
      `将生成 ${made} 个，保持不变 ${kept} 个，无法生成 ${failed} 个`,
    underWay: (done: number, all: number) => `正在生成 ${done} / ${all}`,
    done: (made: number, kept: number, failed: number) =>
      `已生成 ${made} 个，保持不变 ${kept} 个，失败 ${failed} 个`,
    remaining: (count: number) => `还有 ${count} 个没有轮到：再点“生成”会从这里继续。`,
    outdated: (count: number) =>
      `其中 ${count} 个是按直播间以前的去向生成的：勾选“重新生成已有的去向”来更新。`,
    failed: "没有生成的",
    link: "短链接",
    why: "原因",
    close: "收起",
    stop: "停止",
  },
  en: {
    title: "Promoted links",
    hint: "An account of an alliance’s makes each link its promoter’s own URL and 口令, which become the link’s destination. Orders come back by the ids of link and promoter.",
    connection: "Connection",
    of: (count: number) => `The ${count} chosen links`,
    ofAll: (count: number) => `All ${count} links`,
    replace: "Make those anew that are there",
    replaceHint: "Else links with a destination of their own stay as they are.",
    look: "Try out",
    make: "Make",
    would: (made: number, kept: number, failed: number) =>
      `${made} would be made, ${kept} stay as they are, ${failed} can’t be made`,
    underWay: (done: number, all: number) => `Making ${done} of ${all}`,
    done: (made: number, kept: number, failed: number) =>
      `${made} made, ${kept} stay as they are, ${failed} failed`,
    remaining: (count: number) => `${count} were not come to: “Make” goes on with them.`,
    outdated: (count: number) =>
      `${count} of them were made of where the stream led before: “Make those anew” brings them up to date.`,
    failed: "Not made",
    link: "Link",
    why: "Why",
    close: "Close",
    stop: "Stop",
  },
};
