import { reset } from "cloudflare:test";
import { describe, it } from "vitest";
import { builtIns, inheritedNames as names } from "../names.ts";
import { api, taobaoUrl } from "./client.ts";
import { faultsOf, type Made, moved, openAll, textOf } from "./read-back.ts";

const nameAt = (index: number) => names[index % names.length] ?? "constructor";
const untouched = builtIns();

/** A stream of two shards, of whose links every text is a name that objects inherit. */
async function namedLinks(): Promise<Made> {
  const stream = await api("POST", "/api/streams", {
    title: "constructor",
    host: "__proto__",
    destinations: [{ url: taobaoUrl }],
    shards: 2,
  });
  const streamId = stream.body.id as string;
  const inputs = names.map((name, index) => ({
    ...(name === "constructor" ? { slug: name } : {}),
    creator: { id: name, name: nameAt(index + 1) },
    channel: nameAt(index + 2),
    campaign: "toString",
    tags: ["hasOwnProperty", "__proto__"],
    externalId: `__proto__${index}`,
    note: "valueOf",
    promotion: { taobao: { adzoneId: name }, jd: { subUnionId: name } },
  }));
  const { status, body } = await api("POST", `/api/streams/${streamId}/links`, inputs);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { streamId, shards: 2, slugs: body.data.map(({ slug }: { slug: string }) => slug) };
}

describe("texts that are names every object inherits", () => {
  it("are counted, sold, reported, listed, exported and imported as any other", {
    timeout: 60_000,
  }, async ({ expect }) => {
    const made = await namedLinks();
    const opened = await openAll(made);
    const orders = names.map((name, index) => ({
      platform: "taobao",
      orderId: name,
      subOrderId: name,
      status: "paid",
      amount: 100,
      paidAt: new Date().toISOString(),
      ...(index % 2 === 0
        ? { slug: made.slugs[index] }
        : { promotion: { taobao: { adzoneId: name } } }),
    }));
    const sold = await api("POST", "/api/conversions", orders);
    expect([sold.status, sold.body.accepted]).toEqual([200, names.length]);
    expect(await faultsOf(made, opened, 100 * names.length)).toEqual([]);

    const { by } = (await api("GET", `/api/streams/${made.streamId}/stats`)).body;
    for (const group of ["creator", "channel"]) {
      expect(by[group].map(({ key }: { key: string }) => key).toSorted()).toEqual(names.toSorted());
    }
    for (const query of ["creator=__proto__", "channel=constructor"]) {
      expect((await api("GET", `/api/links?${query}`)).body.data).toHaveLength(1);
    }
    expect((await api("GET", "/api/links?campaign=toString&tag=__proto__")).body.data).toHaveLength(
      names.length,
    );
    for (const name of names) {
      // Neither a query nor a field has a name only because objects do.
      expect([name, (await textOf(`/api/links?${name}=1`))[0]]).toEqual([name, 400]);
      const body = `{"text":"${taobaoUrl}","${name}":"1"}`;
      expect([name, (await api("POST", "/api/links", body)).status]).toEqual([name, 400]);
    }

    expect(await moved(reset)).toMatchObject({ refused: 0, complete: true });
    expect(await faultsOf(made, opened, 100 * names.length)).toEqual([]);
    expect(builtIns()).toEqual(untouched);
  });
});
