import { describe, it } from "vitest";
import { Sealer, UnknownKey } from "./secrets.ts";

const [first, second] = [
  "the first key, long enough to be one",
  "第二个密钥，任意的文本，只要三十二个字符以上就可以，空格也行",
];
const plain = { appKey: "27000000", appSecret: "0123456789abcdef" };

describe("credentials at rest", () => {
  it("are read under the key that sealed them, and under the former one while it is given", async ({
    expect,
  }) => {
    const sealed = await new Sealer(first).seal(plain, "cn_1");
    expect(await new Sealer(first).open(sealed, "cn_1")).toEqual(plain);
    const rotated = new Sealer(second, first);
    expect(await rotated.open(sealed, "cn_1")).toEqual(plain);
    expect(rotated.isOld(sealed)).toBe(true);
    const anew = await rotated.seal(plain, "cn_1");
    expect(rotated.isOld(anew)).toBe(false);
    expect(await new Sealer(second).open(anew, "cn_1")).toEqual(plain);
  });

  it("are read under no other key, and no other connection's", async ({ expect }) => {
    const sealed = await new Sealer(first).seal(plain, "cn_1");
    await expect(new Sealer(second).open(sealed, "cn_1")).rejects.toThrow(UnknownKey);
    await expect(new Sealer(first).open(sealed, "cn_2")).rejects.toThrow();
    const changed = { ...sealed, data: `${sealed.data.slice(0, -4)}AAA=` };
    await expect(new Sealer(first).open(changed, "cn_1")).rejects.toThrow();
  });

  it("say nothing of themselves or of the key, and are never twice the same", async ({
    expect,
  }) => {
    const sealer = new Sealer(first);
    const [one, other] = [await sealer.seal(plain, "cn_1"), await sealer.seal(plain, "cn_1")];
    expect(one.data).not.toBe(other.data);
    expect(one.iv).not.toBe(other.iv);
    expect(one.keyId).toMatch(/^[0-9a-f]{16}$/);
    const stored = JSON.stringify([one, Buffer.from(one.data, "base64").toString("latin1")]);
    for (const text of [plain.appKey, plain.appSecret, first]) expect(stored).not.toContain(text);
  });
});
