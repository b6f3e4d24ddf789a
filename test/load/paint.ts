/** @module First contentful paint of the landing page in Chromium, on a fast-3G profile. */
import { launchBrowser } from "../e2e/browser.ts";
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

/** Each round has a browser context, hence a cache and a connection, of its own. */
export async function measurePaint(lab: Lab, { paints: rounds }: Amounts): Promise<Report> {
  const service = await lab.service();
  const { slugs } = await makeLinks(service, 1);
  const browser = await launchBrowser();
  const paints: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext({
        userAgent: inWechat["User-Agent"],
        viewport: { width: 375, height: 812 },
      });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", fast3G);
      await page.goto(`${service.url}/${slugs[0]}`);
      const paint = await page.waitForFunction(
        () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      );
      paints.push((await paint.jsonValue()) ?? Number.NaN);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  const middle = quantile(paints, 0.5);
  const figures = `${Math.round(middle)} ms  (median of ${rounds}, worst ${Math.round(Math.max(...paints))})`;
  return {
    rows: [
      { ...atMost("landing page, first contentful paint", middle, 1_000, figures), goal: "≤ 1 s" },
    ],
    details: { paints },
  };
}
