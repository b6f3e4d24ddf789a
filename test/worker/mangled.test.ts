/** Short links as chats mangle them: they open at once, and what is no link stays none. */
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, quickLink, taobaoUrl, until } from "./client.ts";

const ask = (path: string, init: RequestInit = {}) =>
  fetchRaw(path, { ...init, headers: { "User-Agent": agents.desktop, ...init.headers } });

describe("a short link with what a chat glued to it", () => {
  const glued = [
    ".",
    ",",
    ")",
    "!",
    "'",
    "，",
    "。快来看",
    "%20",
    "%E2%80%8B",
    "%E5",
    "%",
    "%zz",
    "&from=singlemessage&isappinstalled=0",
    "&from=singlemessage?x=1",
    ";jsessionid=1",
    "。今天/明天",
    "/",
    "/，",
    "/%E5",
    "//",
  ];

  it("opens at once, and is counted once each time", async ({ expect }) => {
    const { slug } = await quickLink();
    for (const rest of glued) {
      for (const name of [slug, slug.toUpperCase()]) {
        const { status, headers } = await ask(`/${name}${rest}`);
        expect([rest, status, headers.get("Location")]).toEqual([rest, 302, taobaoUrl]);
      }
    }
    await until(async () => {
      const { body } = await api("GET", `/api/links/${slug}/stats`);
      return body.totals.views === 2 * glued.length;
    });
  });

  it("has its pictures and its way out too", async ({ expect }) => {
    const { slug } = await quickLink();
    for (const rest of ["，", "。看", ".", "%E5", "/", "/x"]) {
      const picture = await ask(`/${slug}/qr.svg${rest}`);
      expect([rest, picture.status, picture.headers.get("Content-Type")]).toEqual([
        rest,
        200,
        "image/svg+xml; charset=utf-8",
      ]);
      const out = await ask(`/${slug}/go${rest}`);
      expect([rest, out.status, out.headers.get("Location")]).toEqual([rest, 302, taobaoUrl]);
    }
  });
});

describe("what is no link", () => {
  it("stays none", async ({ expect }) => {
    const { slug } = await quickLink();
    for (const path of [
      "/favicon.ico",
      "/robots.txt",
      "/docs，",
      "/api。",
      "/.well-known/x",
      "/%E5",
      "/。",
      `/${slug}x.`,
      `/${slug}/gopher`,
      `/${slug}/go2`,
      `/${slug}/qr.svgz`,
      `/${slug}/nothing，`,
    ]) {
      const { status } = await ask(path);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});
