/**
 * @module How many came back to Taobao by a 口令 that they copied: the only answer to whether Taobao opened after a copy.
 * Source: the API's metadata and TOP's own SDKs (H): 淘口令回流数据查询, `pv` and `uv` of today, asked by the 口令 and the third part of a pid.
 */
import type { Arrivals, ReturnReport } from "../../adapter.ts";
import { integerOf, at as valueAt } from "../../raw.ts";

/**
 * The code between its signs, which is what the documents call 口令. Whether a whole share text is taken too, or the code without its
 * signs, none of them says (U).
 */
const code = /[￥¥$€₤₳¢฿₴][A-Za-z0-9]{6,20}[￥¥$€₤₳¢฿₴]/;

function read(root: unknown): Arrivals | null {
  const [pv, uv] = [integerOf(valueAt(root, "data", "pv")), integerOf(valueAt(root, "data", "uv"))];
  // A 口令 by which nobody came yet may have no figures (U): the answer is well, and says nothing of anybody.
  const isEmpty = pv === null && uv === null;
  return isEmpty && valueAt(root, "data") === undefined ? null : { pv: pv ?? 0, uv: uv ?? 0 };
}

export const copiesReturned: ReturnReport = {
  source: "taobao",
  ask: ({ destinations, ids: { adzoneId } }) => {
    const [tpwd] = destinations.flatMap(({ shareText }) => code.exec(shareText ?? "")?.[0] ?? []);
    if (!adzoneId || tpwd === undefined) return null;
    const params = { tao_password: tpwd, adzone_id: adzoneId };
    return { key: tpwd, call: { method: "taobao.tbk.dg.tpwd.report.get", params } };
  },
  read,
};
