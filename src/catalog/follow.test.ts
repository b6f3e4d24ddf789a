import { describe, it } from "vitest";
import { pagesAfter } from "./follow.ts";

/** A Catalog with so many changes, told two a page. */
function catalogOf(changes: number) {
  const asked: number[] = [];
  const changesSince = async (since: number) => {
    asked.push(since);
    const seq = Math.min(since + 2, changes);
    return { seq, isMore: seq - since === 2 };
  };
  return { asked, changesSince };
}

async function follow({ changesSince }: ReturnType<typeof catalogOf>, place: { followed: number }) {
  const taken: number[] = [];
  for await (const { seq } of pagesAfter(() => place.followed, changesSince)) {
    if (seq <= place.followed) continue;
    place.followed = seq;
    taken.push(seq);
  }
  return taken;
}

describe("following the Catalog", () => {
  it("takes page after page, each from where it is by then, to the end", async ({ expect }) => {
    const catalog = catalogOf(5);
    expect(await follow(catalog, { followed: 0 })).toEqual([2, 4, 5]);
    expect(catalog.asked).toEqual([0, 2, 4]);
  });

  it("asks once where there is nothing new", async ({ expect }) => {
    const catalog = catalogOf(5);
    expect(await follow(catalog, { followed: 5 })).toEqual([]);
    expect(catalog.asked).toEqual([5]);
  });

  it("takes each page once, however many follow at once", async ({ expect }) => {
    const [catalog, place] = [catalogOf(7), { followed: 0 }];
    const taken = await Promise.all([follow(catalog, place), follow(catalog, place)]);
    expect(taken.flat().sort()).toEqual([2, 4, 6, 7]);
  });

  it("lets others run between two pages", async ({ expect }) => {
    const seen: number[] = [];
    const place = { followed: 0 };
    const timer = setInterval(() => seen.push(place.followed), 0);
    await follow(catalogOf(7), place);
    clearInterval(timer);
    // Without a rest no timer rings before the last page.
    expect(seen.filter((followed) => followed > 0 && followed < 7)).not.toEqual([]);
  });

  it("ends where the Catalog does not answer, and goes on from there", async ({ expect }) => {
    const [catalog, place] = [catalogOf(5), { followed: 0 }];
    const failing = {
      ...catalog,
      changesSince: async (since: number) => {
        if (since === 2) throw new Error("no answer");
        return catalog.changesSince(since);
      },
    };
    await expect(follow(failing, place)).rejects.toThrow("no answer");
    expect(await follow(catalog, place)).toEqual([4, 5]);
  });
});
