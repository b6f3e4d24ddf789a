/** @module The redirect beside a bare worker, each time of another visitor, and beside a naive one. */
import type { Amounts } from "./amounts.ts";
import { besideBare, cpuRow, noted } from "./beside.ts";
import { connections, load } from "./drive.ts";
import { addressHeader, inTaobao, liveRoom } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import type { Running } from "./processes.ts";
import { atLeast, type Report, type Row } from "./report.ts";
import { quotient, type Rounds, typical } from "./rounds.ts";

export async function measureRedirect(lab: Lab, amounts: Amounts): Promise<Report> {
  const samples = await besideBare(lab, amounts, (redirect) => [redirect]);
  const value = quotient(samples, "perSecond", "redirect");
  return {
    rows: [
      cpuRow(samples, "redirect, CPU ÷ bare", "redirect", 1.12),
      atLeast(
        "redirect, answers/s ÷ bare",
        value,
        0.9,
        `${value.toFixed(2)}  (${rate(samples, "redirect")} ÷ ${rate(samples)})`,
      ),
    ],
    details: { redirect: samples },
  };
}

const rate = (samples: Rounds, name?: string): string =>
  typical(samples, "perSecond", name).toFixed(0);

export async function measureVisitors(lab: Lab, amounts: Amounts): Promise<Report> {
  const samples = await besideBare(lab, amounts, (redirect) => [
    { ...redirect, name: "visitors", vary: () => ({ headers: { [addressHeader]: anyone() } }) },
  ]);
  const title = "redirect, each from another visitor, CPU ÷ bare";
  return {
    rows: [noted(cpuRow(samples, title, "visitors", 0))],
    details: { visitors: samples },
  };
}

/** An address of 10.0.0.0/8; 16 million, so hardly one comes twice. */
function anyone(): string {
  const byte = () => Math.floor(Math.random() * 256);
  return `10.${byte()}.${byte()}.${byte()}`;
}

export async function measureNaive(lab: Lab, amounts: Amounts): Promise<Report> {
  const naive = await lab.worker("naive");
  let link = "";
  const samples = await besideBare(lab, amounts, async (redirect, made) => {
    link = made;
    await fetch(`${naive.url}/${link}`, { method: "PUT", body: liveRoom });
    return [
      redirect,
      { ...redirect, name: "naive", url: naive.url, pids: naive.pids, settlesAtOnce: true },
    ];
  });
  const value =
    quotient(samples, "perSecond", "redirect") / quotient(samples, "perSecond", "naive");
  const shown = `${value.toFixed(1)}  (${rate(samples, "redirect")} ÷ ${rate(samples, "naive")})`;
  const lost = await naiveLosses(naive, link, amounts.naiveOpens);
  return {
    rows: [atLeast("redirect, answers/s ÷ naive", value, 10, shown), lost.row],
    details: { naive: { ...samples, lost } },
  };
}

/** How many of the opens that it answered the naive worker has counted. */
async function naiveLosses(naive: Running, link: string, amount: number) {
  const counted = async () => Number(await (await fetch(`${naive.url}/${link}/count`)).text());
  const before = await counted();
  const opens = { connections, amount, headers: inTaobao };
  const { statuses } = await load({ url: `${naive.url}/${link}`, ...opens });
  const served = statuses[302] ?? 0;
  const kept = (await counted()) - before;
  const row: Row = {
    name: "naive: counted ÷ served",
    value: kept / served,
    measured: `${(kept / served).toFixed(3)}  (${kept} ÷ ${served}: ${served - kept} lost)`,
  };
  return { row, served, counted: kept };
}
