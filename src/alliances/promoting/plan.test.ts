import { describe, it } from "vitest";
import type { Link } from "../../model/link.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import type { Adapter } from "../adapter.ts";
import { adapterOf } from "../registry.ts";
import { planOf } from "./plan.ts";

const taobao = adapterOf("taobao-union");
const room: Destination = {
  ...{ platform: "taobao", kind: "live", id: "5001", idType: "liveId" },
  url: "https://tbzb.taobao.com/live?liveId=5001",
};
const item: Destination = {
  ...{ platform: "taobao", kind: "item", id: "6" },
  url: "https://item.taobao.com/item.htm?id=6",
};
const pasted: Destination = {
  ...{ platform: "taobao", kind: "affiliate", id: "t" },
  url: "https://s.click.taobao.com/t?e=1",
};
const made = (of: Destination, isOfLink = false): Destination => ({
  ...pasted,
  promoted: {
    ...{ connection: "cn_1", at: 1, of: { kind: of.kind, id: of.id, url: of.url ?? "" } },
    ...(isOfLink ? { isOfLink: true as const } : {}),
  },
});

interface Given {
  own?: Destination[];
  ofStream?: Destination[];
  primary?: NonNullable<Link["primary"]>;
  isReplaced?: boolean;
  adapter?: Adapter;
}
const plan = ({ own, ofStream = [room], primary, isReplaced = false, adapter = taobao }: Given) =>
  planOf({
    link: {
      ...{ slug: "cats-li", destinations: own ?? null, primary: primary ?? null },
      promotion: { taobao: { adzoneId: "77" } },
    } as unknown as Link,
    stream: { destinations: ofStream, primary: "taobao" },
    ofCreator: null,
    adapter,
    credentials: { appKey: "k", appSecret: "s" },
    isReplaced,
  });

describe("what is to become of a link that is to be promoted", () => {
  it.for([
    ["without a destination of its own it is made of its stream's", {}, "5001", false],
    [
      "a room or item of its own is made anew of itself",
      { own: [item], isReplaced: true },
      "6",
      true,
    ],
    [
      "what somebody pasted is made anew of the stream's",
      { own: [pasted], isReplaced: true },
      "5001",
      false,
    ],
    [
      "what was made of the stream's is made anew of the stream's of today",
      { own: [made({ ...room, id: "4" })], isReplaced: true },
      "5001",
      false,
    ],
    [
      "what was made of its own is made anew of that",
      { own: [made(item, true)], isReplaced: true },
      "6",
      true,
    ],
    [
      "one that leads to Tmall first is made of that",
      { ofStream: [room, { ...item, platform: "tmall", id: "8" }], primary: "tmall" },
      "8",
      false,
    ],
  ] as const)("%s", ([, given, id, isOfLink], { expect }) => {
    const found = plan(given as Given);
    if (found.kind !== "make") throw new Error(found.kind);
    expect([found.wanted.destination.id, found.isOfLink, found.wanted.ids]).toEqual([
      id,
      isOfLink,
      { adzoneId: "77" },
    ]);
  });

  it("one of its own is kept, and is outdated once the stream leads elsewhere", ({ expect }) => {
    expect(plan({ own: [pasted] })).toMatchObject({ kind: "kept", isOutdated: false });
    expect(plan({ own: [made(room)] })).toMatchObject({ kind: "kept", isOutdated: false });
    const before = made({ ...room, id: "4" });
    expect(plan({ own: [before] })).toMatchObject({ kind: "kept", isOutdated: true });
    expect(plan({ own: [made(item, true)] })).toMatchObject({ kind: "kept", isOutdated: false });
  });

  it("what leads to nothing of the alliance's is told so, and so is an alliance that makes none", ({
    expect,
  }) => {
    const jd: Destination = {
      platform: "jd",
      kind: "item",
      id: "1",
      url: "https://item.jd.com/1.html",
    };
    expect(plan({ ofStream: [jd] })).toMatchObject({ kind: "failed", code: "no_destination" });
    expect(plan({ adapter: adapterOf("wechat-shop") })).toMatchObject({ code: "not_promotable" });
  });
});
