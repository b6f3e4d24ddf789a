import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { flatIds, type Promoter } from "../model/promoter.ts";
import { keptPromotion, promotion } from "../model/promotion.ts";
import { slugShape } from "../model/slug.ts";
import { keysOfPromoter, match } from "./matching.ts";
import { applyEvent } from "./order-line.ts";
import { subIdsOf } from "./sub-ids.ts";

const promoter = (slug: string, ids: object = {}): Promoter => ({
  slug,
  streamId: "st_1",
  startsAt: 0,
  ids: flatIds(ids as never),
  names: [],
});
const lineWith = (ids: Record<string, string>) =>
  applyEvent(undefined, {
    platform: "jd",
    orderId: "1",
    subOrderId: "",
    at: 100,
    state: "paid",
    amount: 1,
    currency: "CNY",
    paidAt: 100,
    evidence: { ids },
  });
const finding = (all: readonly Promoter[]) => (key: string) =>
  all.filter((one) => keysOfPromoter(one).includes(key));

describe("what is put into an alliance's field", () => {
  const slug = fc
    .string({ unit: fc.constantFrom(..."abcxyz0189-"), minLength: 3, maxLength: 32 })
    .filter((one) => slugShape.test(one));

  it("fits the field, and its orders come back to the link (property)", ({ expect }) => {
    fc.assert(
      fc.property(slug, slug, (own, other) => {
        fc.pre(own !== other);
        const subIds = subIdsOf(own, null);
        expect(promotion.safeParse(subIds).error).toBeUndefined();
        const links = [promoter(other), promoter(own)];
        for (const [field, value] of Object.entries(flatIds(subIds))) {
          const found = match(lineWith({ [field]: value }), finding(links));
          expect([field, found?.slug]).toEqual([field, own]);
        }
      }),
    );
  });

  it("is what the link was given, where it was given any", ({ expect }) => {
    const given = { taobao: { adzoneId: "9" }, douyin: { externalInfo: "li_1", pid: "dy_1" } };
    expect(subIdsOf("cats-li", given as never)).toEqual({
      taobao: { adzoneId: "9" },
      jd: { subUnionId: "cats-li" },
      douyin: { externalInfo: "li_1", pid: "dy_1" },
      kuaishou: { comments: "cats-li" },
      pinduoduo: { customParameters: '{"uid":"cats-li"}' },
    });
  });

  it("is what its creator was given, in each field that the link was not", ({ expect }) => {
    const given = { douyin: { authorBuyinId: "7" } };
    const ofCreator = {
      taobao: { adzoneId: "9" },
      jd: { positionId: "3" },
      douyin: { authorBuyinId: "8", pid: "dy_1" },
    };
    expect(subIdsOf("cats", given as never, ofCreator as never)).toEqual({
      taobao: { adzoneId: "9" },
      jd: { subUnionId: "cats", positionId: "3" },
      douyin: { externalInfo: "cats", authorBuyinId: "7", pid: "dy_1" },
      kuaishou: { comments: "cats" },
      pinduoduo: { customParameters: '{"uid":"cats"}' },
    });
  });
});

describe("ids of one's own", () => {
  const refused: [alliance: string, field: string, value: string][] = [
    ["jd", "subUnionId", "猫"],
    ["jd", "subUnionId", "a".repeat(81)],
    ["jd", "ext1", "a".repeat(41)],
    ["douyin", "externalInfo", "cats-li"],
    ["douyin", "externalInfo", "a".repeat(41)],
    ["pinduoduo", "customParameters", "cats"],
    ["pinduoduo", "customParameters", '{"id":"cats"}'],
    ["pinduoduo", "customParameters", '{"uid":1}'],
    ["pinduoduo", "customParameters", `{"uid":"${"喵".repeat(20)}"}`],
  ];
  it.for(refused)(
    "of %s are checked when they are set: %s %s",
    ([alliance, field, value], { expect }) => {
      const [issue] = promotion.safeParse({ [alliance]: { [field]: value } }).error?.issues ?? [];
      expect(issue?.path).toEqual([alliance, field]);
      // What was kept once, and what an order says, is taken as it is.
      if (value.length <= 80) {
        expect(keptPromotion.safeParse({ [alliance]: { [field]: value } }).success).toBe(true);
      }
    },
  );
});

describe("ids that orders carry back", () => {
  const ids: [alliance: string, field: string, told?: string][] = [
    ["jd", "pid"],
    ["jd", "ext1"],
    ["jd", "channelId"],
    ["douyin", "mediaId"],
    ["douyin", "authorBuyinId"],
    ["douyin", "pid"],
    ["kuaishou", "cpsPid"],
    ["pinduoduo", "pid"],
    ["pinduoduo", "pid", "sepPid"],
    ["pinduoduo", "customParameters", "sepParameters"],
    ["wechat", "finderId"],
    ["wechat", "openfinderid"],
    ["wechat", "sharerAppid"],
    ["xiaohongshu", "kolUserId"],
  ];
  it.for(ids)("find their link: %s.%s %s", ([alliance, field, told], { expect }) => {
    const value = field === "customParameters" ? '{"uid":"x-1"}' : "id_1";
    const links = [
      promoter("other", { [alliance]: { [field]: "id_2" } }),
      promoter("mine", { [alliance]: { [field]: value } }),
    ];
    const line = lineWith({ [`${alliance}.${told ?? field}`]: value });
    expect(match(line, finding(links))?.slug).toBe("mine");
  });

  it.for([
    ["jd.subUnionId", "cats-li"],
    ["jd.ext1", "cats-li"],
    ["douyin.externalInfo", "cats_li"],
    ["kuaishou.comments", "cats-li"],
    ["pinduoduo.customParameters", '{"uid":"cats-li"}'],
    ["pinduoduo.sepParameters", '{"uid":"cats-li"}'],
  ] as const)(
    "may be a slug that no link was given as an id: %s %s",
    ([field, value], { expect }) => {
      const links = [promoter("other", {}), promoter("cats-li", {})];
      expect(match(lineWith({ [field]: value }), finding(links))?.slug).toBe("cats-li");
    },
  );
});
