import { globSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { term } from "../../src/model/terms.ts";

/** What figures were called beside their one word, before there was one (src/model/terms.ts). */
const retired =
  /打开次数|点击次数|独立访客|支付订单数|净成交金额|退款金额|样本[小过]|达人编号|投产比|ROAS（净）|ROAS \(net\)|paid sales|net sales/;

describe("the vocabulary", () => {
  it("has one word for a figure, in the console, reports, spreadsheets and robots", ({
    expect,
  }) => {
    const files = globSync("src/{console,reports,notify}/**/*.{ts,tsx}").filter(
      (path) => !path.endsWith(".test.ts"),
    );
    expect(files.length).toBeGreaterThan(150);
    const found = files.flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .flatMap((line, index) =>
          retired.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [],
        ),
    );
    expect(found).toEqual([]);
    expect(term("views")).toEqual({ "zh-CN": "浏览", en: "Views" });
  });
});
