/** @module First paint of the landing page and of the console in Chromium, and when the live board has its figures, on a fast-3G profile. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "../e2e/browser.ts";
import { signedIn } from "../e2e/console.ts";
import type { Amounts } from "./amounts.ts";
import { inWechat, makeLinks } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Report } from "./report.ts";
import { quantile } from "./rounds.ts";

/** Chrome's own "Fast 3G" preset: bytes a second, and ms of latency a request. */
const fast3G = {
  offline: false,
  downloadThroughput: (1.6 * 1_000_000 * 0.9) / 8,
  uploadThroughput: (750 * 1_000 * 0.9) / 8,
  latency: 562.5,
};

/** A page on that network, with a cache and a connection of its own. */
async function slowPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", fast3G);
  return page;
}

async function firstPaint(page: Page): Promise<number> {
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  return (await paint.jsonValue()) ?? Number.NaN;
}

export async function measurePaint(lab: Lab, { paints: rounds }: Amounts): Promise<Report> {
  const service = await lab.service();
  const { slugs, streamId } = await makeLinks(service, 1);
  const browser = await launchBrowser();
  const landing: number[] = [];
  const shell: number[] = [];
  const board: number[] = [];
  try {
    const visit = await signedIn(browser, service);
    const storageState = await visit.context.storageState();
    await visit.close();
    const phone = { userAgent: inWechat["User-Agent"], viewport: { width: 375, height: 812 } };
    for (let round = 0; round < rounds; round += 1) {
      const page = await slowPage(browser, phone);
      await page.goto(`${service.url}/${slugs[0]}`);
      landing.push(await firstPaint(page));
      await page.context().close();
      const desk = await slowPage(browser, { storageState });
      await desk.goto(`${service.url}/console/streams/${streamId}`, { waitUntil: "commit" });
      const alive = await desk.waitForFunction(
        () => document.querySelector(".tile-value, .empty") && performance.now(),
      );
      board.push(Number(await alive.jsonValue()));
      shell.push(await firstPaint(desk));
      await desk.context().close();
    }
  } finally {
    await browser.close();
  }
  const row = (what: string, times: readonly number[], most: number, goal: string) => {
    const middle = quantile(times, 0.5);
    const figures = `${Math.round(middle)} ms  (median of ${rounds}, worst ${Math.round(Math.max(...times))})`;
    return { ...atMost(what, middle, most, figures), goal };
  };
  return {
    rows: [
      row("landing page, first contentful paint", landing, 1_000, "≤ 1 s"),
      row("console, first contentful paint", shell, 1_000, "≤ 1 s"),
      row("live board, with its figures", board, 2_500, "≤ 2.5 s"),
    ],
    details: { landing, shell, board },
  };
}
