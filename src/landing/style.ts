/** @module The pages' one style sheet: system fonts, light and dark, nothing from another host. */
const rules = `
:root{color-scheme:light dark;--bg:#f5f3ef;--card:#fff;--ink:#1d1b19;--soft:#635e57;--line:#e3dfd8;--fill:#f5f3ef;--brand:#c93a26;--on:#fff;--ok:#1f6b3d;--shade:#1d1b1914}
@media (prefers-color-scheme:dark){:root{--bg:#141312;--card:#1f1d1b;--ink:#f4f1eb;--soft:#aea79d;--line:#3a3632;--fill:#2a2724;--brand:#ff7a63;--on:#250b06;--ok:#7fd6a4;--shade:#0006}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;background:var(--bg);color:var(--ink);font:16px/1.55 -apple-system,BlinkMacSystemFont,"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;display:flex;justify-content:center;-webkit-tap-highlight-color:transparent}
main{width:100%;max-width:440px;margin:0 auto auto;padding-bottom:20px;padding-bottom:calc(20px + env(safe-area-inset-bottom))}
.card{position:relative;background:var(--card);overflow:hidden}
.hero{position:relative;aspect-ratio:16/9;background:linear-gradient(#b23b26,#6f1d1b) padding-box;overflow:hidden}
@supports not (aspect-ratio:1){.hero{height:56vw;max-height:248px}}
.cover,.gate{display:block;width:100%;height:100%;object-fit:cover}.cover{object-fit:contain}
.badge{position:absolute;left:16px;bottom:14px;display:inline-flex;align-items:center;gap:7px;padding:4px 12px;border-radius:99px;background:#1d1b19d9;color:#fff;font-size:14px;font-weight:600;line-height:1.5}
.badge small{font-weight:400;font-size:12px;color:#e8e4dd}
.badge.live{background:#c8321f}
.badge.live small{color:#fff}
.badge.live:before,.badge.early:before{content:"";width:8px;height:8px;border-radius:50%;background:#fff;animation:pulse 1.8s ease-in-out infinite}
.badge.early:before{background:#ffb48a}
@keyframes pulse{50%{opacity:.3}}
.ad{position:absolute;right:16px;bottom:14px;padding:4px 10px;border-radius:6px;background:#1d1b19d9;color:#fff;font-size:14px;line-height:1.5}
.brand{display:flex;align-items:center;gap:8px;margin:0 0 8px;color:var(--ink);font-size:14px;font-weight:600}
.brand img{height:24px;max-width:140px;object-fit:contain}
.body{padding:18px 20px 22px}
h1{font-size:22px;line-height:1.36;margin:0;font-weight:650;word-break:break-word;overflow-wrap:anywhere;text-wrap:pretty}
p{margin:6px 0 0;color:var(--soft);font-size:15px;word-break:break-word;overflow-wrap:anywhere}
.when time{color:var(--ink);font-weight:500}
.countdown{display:flex;gap:8px;margin-top:14px}
.countdown span{flex:1;display:flex;flex-direction:column;align-items:center;padding:9px 0 8px;border-radius:12px;background:var(--fill);color:var(--soft);font-size:12px;line-height:1.3}
.countdown b{color:var(--ink);font-size:26px;font-weight:600;line-height:1.2;font-variant-numeric:tabular-nums}
.panel{display:flow-root;margin-top:4px}
.choices{display:flex;flex-wrap:wrap;gap:8px;margin-top:14px}
.choices>p{width:100%;margin:0;font-size:14px}
.choices>input{position:absolute;opacity:0;pointer-events:none}
.choices>label{order:1;display:inline-flex;align-items:center;min-height:44px;padding:0 16px;border:1px solid var(--line);border-radius:99px;font-size:14px;cursor:pointer}
.choices>.panel{order:2;width:100%;display:none;margin-top:-4px}
.choices>input:checked+label{background:var(--ink);border-color:var(--ink);color:var(--card)}
.choices>input:checked+label+.panel{display:block}
.choices>input:focus+label{outline:3px solid var(--brand);outline-offset:2px}
.choices>input:focus:not(:focus-visible)+label{outline:0}
.go,.way{display:flex;flex-direction:column;align-items:center;justify-content:center;width:100%;border-radius:14px;font-family:inherit;text-align:center;text-decoration:none;line-height:1.3;cursor:pointer;transition:transform .12s,background-color .12s}
.go{min-height:58px;margin:16px 0 0;padding:8px 16px;border:0;background:var(--brand);color:var(--on);font-size:18px;font-weight:650;box-shadow:0 6px 18px -8px var(--brand)}
.go small{font-weight:400;font-size:13px}
.way{min-height:48px;margin:10px 0 0;padding:6px 14px;border:1px solid var(--line);background:var(--card);color:var(--ink);font-size:16px;font-weight:500}
.go:active,.way:active{transform:scale(.985)}
.way.done{border-color:var(--ok);color:var(--ok)}
.offered,.offered>summary{border-color:var(--brand);box-shadow:0 0 0 1px var(--brand)}
details.offered{box-shadow:none}
.stalled{margin-top:14px;color:var(--ink);font-size:14px;text-align:center}
.text{display:flex;align-items:center;justify-content:center;min-height:44px;color:var(--soft);font-size:14px;text-align:center;text-underline-offset:3px}
.share{display:none;margin:10px 0 0;padding:12px 14px;border-radius:12px;background:var(--fill);font-size:14px;color:var(--ink);user-select:all;-webkit-user-select:all}
.share.shown{display:block}
.tag{margin-top:16px;min-height:54px}
.guide summary{list-style:none}
.guide summary::-webkit-details-marker{display:none}
.guide p{color:#fff;font-size:17px;line-height:1.9}
.guide strong{font-weight:650}
.menu{display:inline-flex;align-items:center;gap:4px;height:26px;margin:0 2px;padding:0 11px;border:1px solid;border-radius:99px;vertical-align:middle}
.menu i{width:5px;height:5px;border-radius:50%;background:currentColor}
.arrow{width:64px;height:64px;flex:none}
.lead{position:absolute;z-index:1;top:0;left:0;right:0;display:flex;align-items:flex-start;gap:10px;padding:10px 12px 14px;background:#0f0e0de0;color:#fff;text-align:right}
.lead .arrow{width:52px;height:52px}
.lead p{margin:6px 0 0;flex:1;color:#fff}
.guide[open] .overlay{position:fixed;z-index:2;top:0;right:0;bottom:0;left:0;padding:14px 22px 24px;padding:calc(14px + env(safe-area-inset-top)) 22px 24px;background:#0f0e0df2;color:#fff;text-align:right;pointer-events:none;animation:show .16s}
.guide[open] summary:before{content:"";position:fixed;z-index:3;top:0;right:0;bottom:0;left:0}
.guide[open] summary:active{transform:none}
.overlay p{margin-top:10px}
.overlay small{position:absolute;left:0;right:0;bottom:36px;text-align:center;color:#c9c4bb;font-size:14px}
@keyframes show{from{opacity:0}}
.qr{margin:18px 0 0;text-align:center}
.qr img{display:block;width:184px;height:184px;margin:0 auto 8px;padding:8px;border-radius:14px;background:#fff;border:1px solid var(--line)}
.qr figcaption{color:var(--soft);font-size:14px}
.center{text-align:center}
footer{padding:14px 20px 0;text-align:center}
footer p{font-size:12.5px;line-height:1.6}
footer p a{color:inherit}
a:focus-visible,button:focus-visible,summary:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
@media (min-width:520px){main{padding:6vh 0 32px}.card{border-radius:22px;box-shadow:0 1px 2px var(--shade),0 18px 48px -16px var(--shade)}}
@media (prefers-reduced-motion:reduce){*,:before,:after{animation:none!important;transition:none!important}}
`;

export const style = rules.replaceAll("\n", "");
