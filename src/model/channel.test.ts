import { describe, it } from "vitest";
import {
  channelsLike,
  classOfChannel,
  keyOfChannel,
  knownChannels,
  knownClassOf,
} from "./channel.ts";

describe("channels", () => {
  it("are known by what people write, in Chinese and English, in full width and with spaces", ({
    expect,
  }) => {
    const written = {
      ...{ 视频号: "wechat-channels", B站: "bilibili", ｂ站: "bilibili", 哔哩哔哩: "bilibili" },
      ...{ 小红书: "xiaohongshu", XHS: "xiaohongshu", 企微: "wecom", "QQ 群": "qq-group" },
      ...{ "WeChat group": "wechat-group", 天猫旗舰店: "tmall-shop", 千川: "qianchuan" },
    };
    const keys = Object.keys(written);
    expect(keys.map(keyOfChannel)).toEqual(Object.values(written));
    expect(keyOfChannel("微信裙")).toBe("微信裙");
    expect(keyOfChannel("wechat-group-7")).toBe("wechat-group-7");
  });

  it("have a class by key, by word, and by the part before the dash; others have none", ({
    expect,
  }) => {
    const classes = ["wechat-group", "moments-3", "视频号", "京东店铺", "钉钉群-一部", "官网"];
    expect(classes.map(classOfChannel)).toEqual([
      ...["social", "social", "social", "commerce", "work", "owned"],
    ]);
    expect(knownClassOf("wechat-ads")).toBe("paid");
    expect(knownClassOf("抖音-千川")).toBe("paid");
    expect(knownClassOf("微信裙")).toBeUndefined();
    expect(classOfChannel("微信裙")).toBe("other");
    expect(["constructor", "__proto__", ""].map(classOfChannel)).toEqual([
      ...["other", "other", "other"],
    ]);
  });

  it("each have words of their own, and the class of their key", ({ expect }) => {
    for (const { key, zh, en, words = [], class: own } of knownChannels) {
      expect([key, zh, en, ...words].map(keyOfChannel)).toEqual(
        [key, zh, en, ...words].map(() => key),
      );
      expect([key, classOfChannel(key)]).toEqual([key, own]);
    }
  });

  it("that are misspelt are like known ones", ({ expect }) => {
    expect(channelsLike("微信裙")[0]?.key).toBe("wechat-group");
    expect(channelsLike("小紅書")[0]?.key).toBeUndefined();
    expect(channelsLike("小红薯")[0]?.key).toBe("xiaohongshu");
    expect(channelsLike("地铁海报")).toEqual([]);
  });
});
