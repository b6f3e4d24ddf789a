/**
 * @module What importing an order file costs: rows a second, workerd's memory, and how long the making of
 * links waits meanwhile. The file is Taobao Alliance's, 43 columns, in GB18030.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { liveRoom } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { cpuTime, type RunningService } from "./processes.ts";
import { atLeast, atMost, type Report } from "./report.ts";

const header =
  "订单编号,子订单编号,点击时间,创建时间,付款时间,结算时间,淘宝付款时间,商品ID,商品图片,商品标题,掌柜旺旺,店铺名称,商品数量,商品单价,类目名称,订单状态,订单类型,付款金额,结算金额,佣金比率,佣金金额,补贴比率,补贴金额,补贴类型,收入比率,分成比率,提成,技术服务费率,技术服务费,付款预估收入,结算预估收入,产品类型,推广者身份,媒体ID,媒体名称,推广位ID,推广位名称,成交平台,维权标签,渠道昵称,渠道关系ID,会员运营ID,定金付款时间";
const between =
  ',2026-11-20 20:01:02,2026-11-20 20:01:02,2026-11-20 20:01:02,,2026-11-20 20:01:02,712345678901,"https://img,x.jpg","猫粮 ""大袋"" 10kg",旗舰店,某某店,1,199.00,猫,订单付款,淘客,199.90,0.00,5.00%,9.95,0,0,,90%,100%,4.5,10%,1,8.9,0,,,123,媒体,456,推广位,淘宝,,昵称,';

/** Characters of two bytes, from the decoder's own table: Node reads GB18030 and does not write it. */
function gb18030(): (text: string) => Buffer {
  const decoder = new TextDecoder("gb18030");
  const table = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const pair = [lead, trail];
      if (trail !== 0x7f) table.set(decoder.decode(new Uint8Array(pair)), pair);
    }
  }
  return (text) =>
    Buffer.from([...text].flatMap((one) => table.get(one) ?? [one.charCodeAt(0) & 0x7f]));
}

/** One of Taobao Alliance's, of so many promoters' orders. */
export function orderFile(rows: number, promoters: number): Buffer {
  const encode = gb18030();
  const middle = encode(between);
  const parts = [encode(`${header}\r\n`)];
  for (let row = 0; row < rows; row += 1) {
    const id = 4_000_000_000_000 + row;
    parts.push(Buffer.from(`${id}00001\t,${id}00002\t`), middle);
    parts.push(Buffer.from(`r${row % promoters},,\r\n`));
  }
  return Buffer.concat(parts);
}

/** MiB, the most that a process ever had in memory, since {@link forgetPeak}. */
function peakMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1]) / 1_024;
}

/** The kernel begins to watch anew (proc(5), clear_refs). */
function forgetPeak(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return peakMemory(pid);
}

interface Imported {
  seconds: number;
  cpuSeconds: number;
  /** MiB over what the process had before. */
  memory: number;
  answer: { accepted: number; duplicates: number; rejectedCount: number };
}

export async function importOnce(
  service: RunningService,
  file: Buffer,
  query = "",
): Promise<Imported> {
  const { url, key, pids } = service;
  const [pid = 0] = pids;
  const before = forgetPeak(pid);
  const cpuBefore = cpuTime(pids);
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/conversions/import${query}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "text/csv" },
    body: new Uint8Array(file),
  });
  const answer = (await response.json()) as Imported["answer"];
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (cpuTime(pids) - cpuBefore) / 1e6,
    memory: peakMemory(pid) - before,
    answer,
  };
}

/** How long each making of a link took, in ms, until `isOver`. */
async function makeLinksUntil(
  { api }: RunningService,
  streamId: string,
  isOver: () => boolean,
): Promise<number[]> {
  const took: number[] = [];
  while (!isOver()) {
    const startedAt = performance.now();
    const { status } = await api("POST", `/api/streams/${streamId}/links`, {});
    if (status !== 201) throw new Error(`a link was not made: ${status}`);
    took.push(performance.now() - startedAt);
    await pause(50);
  }
  return took.sort((a, b) => a - b);
}

/** The value that such a share of them is not above. */
export const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export async function measureImport(lab: Lab, { imported }: Amounts): Promise<Report> {
  const { rows, quietMs } = imported;
  const service = await lab.ownService();
  const made = (await service.api("POST", "/api/streams", {
    title: "bench",
    destinations: [{ url: liveRoom }],
  })) as { body: { id: string } };
  const promoters = 50;
  await service.api(
    "POST",
    `/api/streams/${made.body.id}/links`,
    Array.from({ length: promoters }, (_, index) => ({
      promotion: { taobao: { relationId: `r${index}` } },
    })),
  );
  const file = orderFile(rows, promoters);
  const dry = await importOnce(service, file, "?dryRun=true");
  let isOver = false;
  const quietUntil = performance.now() + quietMs;
  const quiet = await makeLinksUntil(service, made.body.id, () => performance.now() > quietUntil);
  const meanwhile = makeLinksUntil(service, made.body.id, () => isOver);
  const first = await importOnce(service, file);
  isOver = true;
  const busy = await meanwhile;
  const again = await importOnce(service, file);
  await service.remove();

  if (first.answer.accepted !== rows) throw new Error(JSON.stringify(first.answer));
  if (again.answer.duplicates !== rows) throw new Error(JSON.stringify(again.answer));
  const name = `import of ${rows.toLocaleString("en")} rows`;
  const size = `${(file.length / 2 ** 20).toFixed(0)} MiB, GB18030`;
  const speed = (run: Imported) => rows / run.seconds;
  const shown = (run: Imported) =>
    `${speed(run).toFixed(0)} rows/s  (${run.seconds.toFixed(1)} s, CPU ${run.cpuSeconds.toFixed(1)} s)`;
  return {
    rows: [
      { ...atLeast(name, speed(first), 2_000, `${shown(first)}, ${size}`), goal: "≥ 2,000 rows/s" },
      { name: `${name}, again (all duplicates)`, value: speed(again), measured: shown(again) },
      { name: `${name}, dry run`, value: speed(dry), measured: shown(dry) },
      {
        ...atMost(
          `${name}, workerd's memory at its peak over before`,
          Math.max(first.memory, again.memory),
          128,
          `${Math.max(first.memory, again.memory).toFixed(0)} MiB  (dry run ${dry.memory.toFixed(0)} MiB)`,
        ),
        goal: "≤ 128 MiB",
      },
      {
        ...atMost(
          "making a link while a file is imported, p95",
          at(busy, 0.95),
          250,
          `${at(busy, 0.95).toFixed(0)} ms  (p50 ${at(busy, 0.5).toFixed(0)}; without import p95 ${at(quiet, 0.95).toFixed(0)} ms)`,
        ),
        goal: "≤ 250 ms",
      },
    ],
    details: { import: { rows, bytes: file.length, dry, first, again, busy, quiet } },
  };
}
