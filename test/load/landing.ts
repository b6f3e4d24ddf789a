/**
 * @module The landing page beside a worker that answers the very same bytes with the same headers, taken
 * from the service when the measurement begins: what is left is what the service itself does for a page.
 */
import type { Amounts } from "./amounts.ts";
import { cpuRow, noted } from "./beside.ts";
import type { Target } from "./drive.ts";
import { inWechat, makeLinks, redirectOf } from "./fixture.ts";
import { give, headersOf } from "./given.ts";
import type { Lab } from "./lab.ts";
import type { Report } from "./report.ts";
import { alternate } from "./rounds.ts";

export async function measureLanding(lab: Lab, { speed }: Amounts): Promise<Report> {
  const [service, same, bare] = [
    await lab.service(),
    await lab.worker("same"),
    await lab.worker("bare"),
  ];
  const link = (await makeLinks(service, 1)).slugs[0] ?? "";
  const landing: Target = {
    ...redirectOf(service, link, "landing"),
    headers: inWechat,
    expects: 200,
  };
  const bytes = await copyAnswer(`${service.url}/${link}`, same.url);
  const { pids, url } = same;
  const reference: Target = { ...landing, name: "same", url, pids, settlesAtOnce: true };
  const redirect = { ...reference, name: "bare", url: bare.url, pids: bare.pids, expects: 302 };
  const samples = await alternate(reference, [landing, redirect], speed);
  const size = `of ${(bytes / 1_024).toFixed(1)} KiB`;
  const rows = [
    cpuRow(samples, "landing page, CPU ÷ bare with the same bytes", "landing", 1.25),
    noted(cpuRow(samples, "landing page, CPU ÷ bare redirect", "landing", 0, "bare")),
  ];
  return {
    rows: rows.map((row) => ({ ...row, measured: `${row.measured}, ${size}` })),
    details: { landing: { ...samples, bytes } },
  };
}

/** Gives the worker what the service answers now. @returns the bytes of its body */
async function copyAnswer(from: string, to: string): Promise<number> {
  const answer = await fetch(from, { headers: inWechat, redirect: "manual" });
  if (answer.status !== 200) throw new Error(`the landing page was answered ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = headersOf(answer);
  await give(to, { status: answer.status, headers, body: body.toString("base64") });
  const back = await fetch(to);
  const isSame = Buffer.from(await back.arrayBuffer()).equals(body);
  if (!isSame || headers.some(([name, value]) => back.headers.get(name) !== value)) {
    throw new Error("the worker does not answer as the service does");
  }
  return body.length;
}
