/**
 * The platforms' short links and picture hosts as docs/platforms.md says they answer, and as a hostile one
 * might. Answers by host and path; `undefined` for what does not answer at all.
 */

type Answer = () => Response | Promise<Response>;

const to =
  (location: string, status = 302): Answer =>
  () =>
    new Response(null, { status, headers: { Location: location } });

const page =
  (html: string): Answer =>
  () =>
    new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });

/** Taobao's page: 200, and the target in a script. */
const taobaoPage = (assignment: string): Answer =>
  page(`<!DOCTYPE html><html><head><title>淘宝</title></head><body><script>
    var isIos = /iphone/i.test(navigator.userAgent);
    ${assignment}
    location.replace(url);
  </script></body></html>`);

export const pngBytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

const picture =
  (size = pngBytes.length): Answer =>
  () => {
    const bytes = new Uint8Array(size);
    bytes.set(pngBytes);
    return new Response(bytes, { headers: { "Content-Type": "image/png" } });
  };

/** A body that begins and then keeps its reader waiting. */
const slow =
  (start: Uint8Array | string): Answer =>
  () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(typeof start === "string" ? new TextEncoder().encode(start) : start);
          timer = setTimeout(() => controller.close(), 6_000);
        },
        cancel() {
          clearTimeout(timer);
        },
      }),
    );
  };

/** What stands behind the short links. */
export const targets = {
  taobaoRoom:
    "https://huodong.m.taobao.com/act/talent/live.html?id=359158835379&type=508&livesource=share&sourceType=talent&un=0a1b",
  taobaoItem: "https://detail.tmall.com/item.htm?id=664298137481&spm=a2159r.13376460",
  jdRoom: "https://lives.jd.com/#/48378944?origin=0&appid=jdzb",
  douyinRoom:
    "https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011?u_code=13k&utm_source=copy",
  douyinWebRid: "https://live.douyin.com/745964462470?enter_from=share",
  kuaishouRoom:
    "https://klsxvkqw.m.chenzhongtech.com/fw/live/cyl51666888?cc=share_copylink&efid=cyl51666888&fid=0",
  xiaohongshuRoom:
    "https://www.xiaohongshu.com/livestream/dynpathA1/570459564696889177?xsec_token=AB%3D&host_id=5f",
  bilibiliRoom: "https://live.bilibili.com/320?broadcast_type=0&share_source=copy_link",
  affiliate: "https://s.click.taobao.com/t_js?tu=1",
};

const answers: Record<string, Answer> = {
  "m.tb.cn/h.TWp0room": taobaoPage(`var url = '${targets.taobaoRoom}';`),
  "m.tb.cn/h.fJErroom": taobaoPage(`var url = '${targets.taobaoRoom}';`),
  "e.tb.cn/h.RIfrroom": taobaoPage(`var url = "${targets.taobaoRoom}"`),
  "m.tb.cn/h.tmallitem": taobaoPage(`var url = '${targets.taobaoItem}';`),
  "m.tb.cn/h.affiliate": taobaoPage(`var url = '${targets.affiliate}';`),
  "m.tb.cn/h.javascript": taobaoPage("var url = 'javascript:alert(1)//m.tb.cn';"),
  "m.tb.cn/h.nothing": page("<html><body>宝贝不见了</body></html>"),
  "m.tb.cn/h.huge": page(`${" ".repeat(256 * 1024)}var url = '${targets.taobaoRoom}'`),
  "m.tb.cn/h.slow": slow("<html>"),
  "m.tb.cn/h.elsewhere": taobaoPage("var url = 'https://evil.test/?from=m.tb.cn';"),
  "3.cn/28MLBy-room": to(targets.jdRoom),
  "v.douyin.com/iQFeRoom/": to(targets.douyinRoom),
  "v.douyin.com/viaShare/": to("https://www.iesdouyin.com/share/live/1?x=1"),
  "www.iesdouyin.com/share/live/1": to(targets.douyinRoom, 307),
  "v.douyin.com/iWebRid/": to(targets.douyinWebRid),
  "v.douyin.com/loopa/": to("/loopb/", 301),
  "v.douyin.com/loopb/": to("https://v.douyin.com/loopa/"),
  "v.douyin.com/private/": to("https://169.254.169.254/latest/meta-data/"),
  "v.douyin.com/evil/": to("https://evil.test/"),
  "v.douyin.com/login/": to("https://login.tmall.com/?redirectURL=https%3A%2F%2Fevil.test%2Fx"),
  "v.douyin.com/late/": to("https://www.iesdouyin.com/share/live/2"),
  "www.iesdouyin.com/share/live/2": to("https://evil.test/late?secret=1"),
  "t.cn/A6evil": to("https://evil.test/weibo"),
  "t.cn/A6room": to(targets.douyinWebRid),
  "b23.tv/evil": to("https://evil.test/b"),
  "3.cn/page-of-jd": to("https://pro.m.jd.com/mall/active/abc/index.html"),
  "v.douyin.com/busy/": () => new Response("busy", { status: 503 }),
  "xhslink.com/m/3Bt1room": to(targets.xiaohongshuRoom, 307),
  "v.kuaishou.com/bQ30room": to(targets.kuaishouRoom),
  "b23.tv/room320": to(targets.bilibiliRoom),

  "item.jd.com/404.html": () => new Response("gone", { status: 404 }),
  "item.jd.com/200.html": page("<h1>sold out</h1>"),
  "item.jd.com/403.html": () => new Response("robot?", { status: 403 }),

  "img.alicdn.com/cover.png": picture(),
  "img.alicdn.com/moved.png": to("https://gw.alicdn.com/cover.png", 301),
  "gw.alicdn.com/cover.png": picture(),
  "img.alicdn.com/away.png": to("https://evil.test/cover.png"),
  "img.alicdn.com/large.png": picture(512 * 1024 + 1),
  "img.alicdn.com/largest.png": picture(512 * 1024),
  "img.alicdn.com/page.png": page("<svg onload=alert(1)>"),
  "img.alicdn.com/slow.png": slow(pngBytes),
};

const asked = new Map<string, number>();

/** How often an address was asked for, by `host/path`. */
export const timesAsked = (address: string): number => asked.get(address) ?? 0;

export function platforms(url: URL): Response | Promise<Response> | undefined {
  const address = `${url.hostname}${url.pathname}`;
  asked.set(address, timesAsked(address) + 1);
  // What the tests look at: that nothing goes out in the clear, nor a fragment.
  if (url.protocol !== "https:" || url.port !== "") return undefined;
  return answers[address]?.();
}
