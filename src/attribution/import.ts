/**
 * @module An order file as it was downloaded → events, a batch at a time, so that memory does not grow with
 * the file. The caller's ports apply the batches; a dry run keeps what they changed and hands it on.
 */
import { cut } from "../lib/cut.ts";
import { plainCell } from "./cells.ts";
import type { Spend } from "./costs.ts";
import { decodeText, type Encoding, FileProblem } from "./decode.ts";
import { type Headers, recognise } from "./kinds/index.ts";
import type { Kind } from "./kinds/kind.ts";
import { parseMoney } from "./money.ts";
import type { OrderEvent } from "./order.ts";
import { type Given, Refusal, RowReader } from "./rows.ts";
import { rowsOf, type TableRow } from "./table.ts";
import { beijingDay, parseTime } from "./times.ts";

interface Counted {
  accepted: number;
  updated: number;
  duplicates: number;
}

/** Where batches go. */
export interface ImportPorts {
  apply: (events: OrderEvent[]) => Promise<Counted & { unattributed: number }>;
  /** Lets others have their turn, after each batch. */
  pause?: () => Promise<void>;
  /** `unknown`: places of rows whose link is not known. */
  spend: (rows: Spend[]) => Promise<Counted & { unknown: number[] }>;
}

export interface ImportReport extends Counted {
  /** The first {@link rejectedAtMost}; `rejectedCount` says how many there are. */
  rejected: { line: number; code: string; detail: string }[];
  rejectedCount: number;
  unattributed: number;
  kind: string;
  title: string;
  platform: string | null;
  encoding: Encoding;
  /** Rows under the header, those that were refused too. */
  rows: number;
}

/** Bytes: Cloudflare takes no larger body on most plans. */
export const fileAtMost = 100 * 1_048_576;
export const rejectedAtMost = 1_000;
/** Characters: what is said of a row quotes its cells. */
const detailAtMost = 300;
const batchSize = 200;
/** Rows in which the header is looked for: JD's and Pinduoduo's files have titles above it. */
const headerWithin = 20;

/** A row that only sums the others up. */
const isSummary = (cells: readonly string[]) =>
  /^(?:合计|总计|小计|汇总)/.test(plainCell(cells[0]));
const isEmpty = (cells: readonly string[]) => cells.every((cell) => plainCell(cell) === "");

/**
 * @param given `platform` restricts what the file may be; `slug` books every row on one link
 * @throws {FileProblem} when the file as a whole can't be read; batches before it are applied already, and
 *   applying them again changes nothing
 */
export async function importFile(
  body: ReadableStream<Uint8Array>,
  given: Given,
  ports: ImportPorts,
): Promise<ImportReport> {
  const { encoding, text } = await decodeText(body, fileAtMost);
  const rows = rowsOf(text);
  const { kind, headers } = await findHeader(rows, given.platform);
  const report: ImportReport = {
    accepted: 0,
    updated: 0,
    duplicates: 0,
    rejected: [],
    rejectedCount: 0,
    unattributed: 0,
    kind: kind.name,
    title: kind.title,
    platform: kind.platform ?? given.platform ?? null,
    encoding,
    rows: 0,
  };
  if (kind.spend) await importSpend(rows, kind, headers, given, ports, report);
  else await importOrders(rows, new RowReader(kind, headers, given), ports, report);
  report.rejected.sort((a, b) => a.line - b.line);
  return report;
}

async function findHeader(rows: AsyncGenerator<TableRow>, platform: string | undefined) {
  let widest: string[] = [];
  for (let looked = 0; looked < headerWithin; looked += 1) {
    const { done, value } = await rows.next();
    if (done) break;
    const found = recognise(value.cells);
    if (found) {
      const { kind } = found;
      const isFamily = (name: string) => (name === "tmall" ? "taobao" : name);
      if (platform && kind.platform && isFamily(platform) !== isFamily(kind.platform)) {
        throw new FileProblem(
          "no_header",
          `This is a file of ${kind.platform} (${kind.title}), not of ${platform}.`,
        );
      }
      return found;
    }
    const filled = value.cells.map(plainCell).filter((cell) => cell !== "");
    if (filled.length > widest.length) widest = filled;
  }
  const named = widest
    .slice(0, 40)
    .map((cell) => cell.slice(0, 30))
    .join(", ");
  throw new FileProblem(
    "no_header",
    `None of the first ${headerWithin} rows is the header of a known order file. Found: ${named || "nothing"}. docs/attribution.md lists the files that are known; any other can be sent with the columns orderId, status, amount (分), paidAt.`,
  );
}

function reject(report: ImportReport, line: number, { code, message }: Refusal): void {
  report.rejectedCount += 1;
  if (report.rejected.length >= rejectedAtMost) return;
  report.rejected.push({ line, code, detail: cut(message, detailAtMost) });
}

function count(report: ImportReport, { accepted, updated, duplicates }: Counted): void {
  report.accepted += accepted;
  report.updated += updated;
  report.duplicates += duplicates;
}

async function importOrders(
  rows: AsyncIterable<TableRow>,
  reader: RowReader,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  let batch: OrderEvent[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    const applied = await ports.apply(full);
    count(report, applied);
    report.unattributed += applied.unattributed;
    await ports.pause?.();
  };
  for await (const { line, cells } of rows) {
    if (isEmpty(cells) || isSummary(cells)) continue;
    report.rows += 1;
    try {
      const event = reader.read(cells);
      if (event) batch.push(event);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reject(report, line, error);
    }
    if (batch.length >= batchSize) await flush();
  }
  for (const event of reader.rest()) {
    batch.push(event);
    if (batch.length >= batchSize) await flush();
  }
  await flush();
}

async function importSpend(
  rows: AsyncIterable<TableRow>,
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
    if (isEmpty(cells) || isSummary(cells)) continue;
    report.rows += 1;
    const [day, scene, name] = [
      read(cells, spend.day),
      read(cells, spend.scene),
      read(cells, spend.sceneName),
    ];
    const at = parseTime(day.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"));
    const amount = parseMoney(read(cells, spend.amount), unit);
    if (at === null) reject(report, line, new Refusal("time_invalid", `${day} is no day.`));
    else if (amount === null || amount < 0) {
      reject(report, line, new Refusal("amount_invalid", "花费 is no amount of money."));
    } else {
      const key = { platform: platform ?? "", day: beijingDay(at), scene, name };
      found.push({ line, spend: { ...key, link: given.slug ?? "", amount } });
    }
    if (found.length >= batchSize) await flush();
  }
  await flush();
}
