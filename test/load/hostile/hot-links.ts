/**
 * @module Whether unknown slugs push links that are in use out of the service's memory: an open that must
 * read its link again waits for KV, and takes a multiple of the next.
 */
import { Agent, request } from "node:http";
import { connections, load } from "../drive.ts";
import { addressHeader, inTaobao, makeLinks } from "../fixture.ts";
import type { RunningService } from "../processes.ts";
import { atMost, type Row } from "../report.ts";
import { median } from "../rounds.ts";
import { anyAddress, letterText, seeded } from "./request.ts";

/** The links are in use: each is opened after every such part of the unknown ones. */
const parts = 10;
const slowerAtMost = 2;

/** Asks for so many slugs that there are not, each from another address. */
export const openUnknown = ({ url }: RunningService, random: () => number, amount: number) =>
  load({
    url,
    connections,
    amount,
    requests: [
      {
        setupRequest: (given) => ({
          ...given,
          path: `/${letterText(random, 14)}`,
          headers: { ...inTaobao, [addressHeader]: anyAddress(random) },
        }),
      },
    ],
  });

export async function pushOutHotLinks(
  service: RunningService,
  { hotLinks, unknownSlugs }: { hotLinks: number; unknownSlugs: number },
): Promise<{ row: Row; first: number[]; next: number[] }> {
  const { slugs } = await makeLinks(service, hotLinks);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const openAll = async () => {
    const took: number[] = [];
    for (const slug of slugs) took.push(await open(`${service.url}/${slug}`, agent));
    return median(took);
  };
  await openAll();
  const random = seeded(1);
  const first: number[] = [];
  const next: number[] = [];
  for (let part = 0; part < parts; part += 1) {
    await openUnknown(service, random, Math.max(connections, Math.ceil(unknownSlugs / parts)));
    first.push(await openAll());
    next.push(await openAll());
  }
  agent.destroy();
  const ratios = first.map((took, index) => took / (next[index] ?? Number.NaN));
  const worst = Math.max(...ratios);
  const at = ratios.indexOf(worst);
  const shown = `${worst.toFixed(2)}  (${first[at]?.toFixed(2)} ÷ ${next[at]?.toFixed(2)} ms, the worst of ${parts})`;
  const name = `link in use, ${unknownSlugs.toLocaleString("en")} unknown slugs between, open ÷ the next`;
  return { row: atMost(name, worst, slowerAtMost, shown), first, next };
}

/** ms until the last byte. */
function open(url: string, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: inTaobao }, (response) => {
      if (response.statusCode !== 302) reject(new Error(`a link answered ${response.statusCode}`));
      response.resume().once("end", () => resolve(performance.now() - startedAt));
    })
      .once("error", reject)
      .end();
  });
}
