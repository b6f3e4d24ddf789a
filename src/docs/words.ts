/** @module The page's own words. What the API says of itself is in English, as its document is. */

const chinese = {
  title: "接口文档",
  console: "控制台",
  other: "English",
  search: "按路径、方法或说明查找",
  none: "没有符合的接口",
  key: "API 密钥",
  keyHint: "只留在这个页面里，刷新即忘。已在控制台登录的，不填也可以。",
  anyone: "不需要密钥",
  anyKey: "任意有效密钥",
  scope: "需要权限",
  parameters: "参数",
  body: "请求体",
  responses: "响应",
  required: "必填",
  try: "试一下",
  send: "发送",
  sending: "发送中…",
  file: "选择文件",
  answer: "返回",
  took: (ms: number) => `${ms} 毫秒`,
  failed: "没有连上服务。",
  notJson: "请求体不是 JSON：",
  curl: "命令行",
  copy: "复制",
  copied: "已复制",
  careful: "会真的修改数据。",
  unread: "文档没有读到，请刷新。",
};

export type Words = typeof chinese;

const english: Words = {
  title: "API",
  console: "Console",
  other: "中文",
  search: "Find by path, method or summary",
  none: "No operation matches",
  key: "API key",
  keyHint:
    "It stays in this page and is forgotten on reload. Whoever is signed in to the console needs none.",
  anyone: "no key needed",
  anyKey: "any valid key",
  scope: "scope",
  parameters: "Parameters",
  body: "Body",
  responses: "Answers",
  required: "required",
  try: "Try it",
  send: "Send",
  sending: "Sending…",
  file: "Choose a file",
  answer: "Answer",
  took: (ms) => `${ms} ms`,
  failed: "The service was not reached.",
  notJson: "The body is no JSON:",
  curl: "Command",
  copy: "Copy",
  copied: "Copied",
  careful: "It really changes what is there.",
  unread: "The document could not be read: reload the page.",
};

export type Language = "zh-CN" | "en";
export const words: Record<Language, Words> = { "zh-CN": chinese, en: english };
