/** @module A table of what advertising cost → ad spend by day and scene, a batch at a time. */

import { parseMoney } from "../../lib/money.ts";
import { beijingDay, parseCellTime } from "../../lib/order-times.ts";
import { plainCell } from "../../lib/spreadsheet-cells.ts";
import type { Spend } from "../../model/costs.ts";
import type { Kind } from "../../platforms/order-facts.ts";
import type { CountedRow } from "./counted-rows.ts";
import { batchSize, type ImportPorts } from "./import-ports.ts";
import type { Headers } from "./kinds/index.ts";
import { count, type ImportReport, reject } from "./outcome.ts";
import type { Given } from "./read-rows.ts";
import { Refusal } from "./refusal.ts";

export async function importSpend(
  rows: AsyncIterable<CountedRow>,
  { platform, spend, unit }: Kind,
  headers: Headers,
  given: Given,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  if (!spend) return;
  const read = (cells: readonly string[], columns: readonly string[]) =>
    headers
      .placesOf(columns)
      .map((place) => plainCell(cells[place]))
      .find((text) => text !== "") ?? "";
  let found: { line: number; spend: Spend }[] = [];
  const flush = async () => {
    if (found.length === 0) return;
    const part = found;
    found = [];
    const done = await ports.spend(part.map((row) => row.spend));
    count(report, done);
    for (const index of done.unknown) {
      const line = part[index]?.line ?? 0;
      const detail =
        "Which link this was spent on is not known: name it with ?slug=…, or let the scene's name be a slug.";
      reject(report, line, new Refusal("link_unknown", detail));
    }
  };
  for await (const { line, cells } of rows) {
    report.rows += 1;
    const [day, scene, name] = [
      read(cells, spend.day),
      read(cells, spend.scene),
      read(cells, spend.sceneName),
    ];
    const at = parseCellTime(day);
    const amount = parseMoney(read(cells, spend.amount), unit);
    if (at === null) {
      const detail = `${JSON.stringify(day.slice(0, 40))} is no day (${spend.day.join(", ")}).`;
      reject(report, line, new Refusal("time_invalid", detail));
    } else if (amount === null || amount < 0) {
      const detail = `${spend.amount.join(", ")} is no amount of money.`;
      reject(report, line, new Refusal("amount_invalid", detail));
    } else {
      const key = { platform: platform ?? "", day: beijingDay(at), scene, name };
      found.push({ line, spend: { ...key, link: given.slug ?? "", amount } });
    }
    if (found.length >= batchSize) await flush();
  }
  await flush();
}
