/** @module The pages' one style sheet: system fonts, light and dark, nothing from another host. */

export const style = `
:root{color-scheme:light dark;--bg:#f6f5f2;--card:#fff;--ink:#1c1b1a;--soft:#6d6963;--line:#e6e3dd;--brand:#d6402b;--on:#fff}
@media (prefers-color-scheme:dark){:root{--bg:#161513;--card:#211f1d;--ink:#f3f0ea;--soft:#a9a39a;--line:#38342f;--brand:#ef5d47;--on:#1a0d0a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--bg);color:var(--ink);font:16px/1.55 -apple-system,BlinkMacSystemFont,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;display:flex;justify-content:center;padding:env(safe-area-inset-top) 16px calc(24px + env(safe-area-inset-bottom))}
main{width:100%;max-width:420px;margin:auto;padding:24px 0}
.card{background:var(--card);border-radius:20px;overflow:hidden;box-shadow:0 1px 2px #0001,0 12px 32px #0000000f}
.cover{display:block;width:100%;aspect-ratio:16/9;object-fit:cover}
.gate{display:grid;place-items:center;aspect-ratio:16/9;background:radial-gradient(circle at 50% 62%,var(--card) 0 27%,#0000 27.4%),linear-gradient(160deg,#d6402b,#7c1f2a)}
.body{padding:20px}
.phase{display:inline-flex;align-items:center;gap:6px;font-size:13px;font-weight:600;color:var(--brand)}
.phase small{font-weight:400;color:var(--soft)}
.phase i{width:8px;height:8px;border-radius:50%;background:currentColor}
h1{font-size:21px;line-height:1.35;margin:6px 0 4px;overflow-wrap:anywhere}
p{margin:4px 0;color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.go{display:flex;flex-direction:column;align-items:center;justify-content:center;min-height:54px;margin:18px 0 0;padding:8px 16px;border:0;border-radius:14px;background:var(--brand);color:var(--on);font-family:inherit;font-size:17px;font-weight:600;line-height:1.3;text-decoration:none;width:100%;cursor:pointer}
.go small{font-weight:400;font-size:12px;opacity:.85}
.way{display:flex;align-items:center;justify-content:center;min-height:46px;margin:10px 0 0;padding:6px 14px;border:1px solid var(--line);border-radius:14px;background:none;color:var(--ink);font-family:inherit;font-size:15px;font-weight:500;line-height:1.3;text-decoration:none;width:100%;cursor:pointer}
a.text{display:block;text-align:center;margin-top:14px;font-size:13px;color:var(--soft)}
.guide{margin:18px 0 0;padding:12px 14px;border-radius:14px;background:var(--bg);color:var(--ink);font-size:15px;font-weight:600;text-align:center}
.share{display:none;margin:10px 0 0;padding:10px 12px;border-radius:10px;background:var(--bg);font-size:13px;color:var(--ink);overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
.share.shown{display:block}
.qr{display:block;width:176px;height:176px;margin:18px auto 4px;border-radius:8px;background:#fff}
.center{text-align:center}
a:focus-visible,button:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
`.replaceAll("\n", "");
