/** @module A visit to a landing page in a browser that plays an app: what it asks others for is written down. */
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Service } from "./service.ts";

export interface Made {
  link: { slug: string };
  stream: { id: string };
}

type Totals = Record<"views" | "clicks" | "rendered" | "copies" | "leaves", number>;

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Every address on another host that was asked for. */
  elsewhere: string[];
  /** Errors of the page and of its console. */
  errors: string[];
}

export interface VisitOptions {
  userAgent: string;
  javaScriptEnabled?: boolean;
  locale?: string;
  width?: number;
  colorScheme?: "light" | "dark";
  /** Before the page is opened. */
  before?: (page: Page) => Promise<void>;
}

export async function make(service: Service, fields: object): Promise<Made> {
  const { status, body } = await service.api("POST", "/api/links", fields);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body as Made;
}

export async function statsOf(service: Service, { stream }: Made) {
  const { body } = await service.api("GET", `/api/streams/${stream.id}/stats`);
  return body as {
    totals: Totals;
    by: Record<string, { key: string; views: number; clicks: number }[]>;
  };
}

/** Every other host answers with an empty page. */
export async function visit(
  browser: Browser,
  service: Service,
  slug: string,
  options: VisitOptions,
): Promise<Visit> {
  const { userAgent, javaScriptEnabled = true, locale = "zh-CN", width = 375 } = options;
  const context = await browser.newContext({
    userAgent,
    javaScriptEnabled,
    locale,
    colorScheme: options.colorScheme ?? "light",
    viewport: { width, height: 812 },
  });
  const elsewhere: string[] = [];
  const errors: string[] = [];
  await context.route(
    (url) => url.origin !== service.url,
    (route) => {
      elsewhere.push(route.request().url());
      return route.fulfill({ contentType: "text/html", body: "<title>the platform</title>" });
    },
  );
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await options.before?.(page);
  await page.goto(`${service.url}/${slug}`);
  return { page, context, elsewhere, errors };
}

/** The page as a phone shows it when another app comes to the front. */
export function hide(page: Page): Promise<void> {
  return page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

/** And when the viewer comes back to it. */
export function show(page: Page): Promise<void> {
  return page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

/** What axe finds, one line each. */
export async function findingsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await runner.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  });
}
