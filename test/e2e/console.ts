/** @module The console in a browser: signed in, with every error and every foreign request written down. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Service } from "./service.ts";

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What the browser complained about. */
  errors: string[];
  /** Requests to any other host. */
  elsewhere: string[];
  /** API requests, as `METHOD /path`. */
  asked: string[];
  close: () => Promise<void>;
}

interface Options {
  language?: "zh-CN" | "en";
  theme?: "light" | "dark";
  width?: number;
  height?: number;
  /** Origin to visit, when it is not the service's own. */
  origin?: string;
}

/** Opens the console in a browser of its own, not signed in. */
export async function visitConsole(
  browser: Browser,
  service: Pick<Service, "url" | "key">,
  options: Options = {},
): Promise<Visit> {
  const { language = "zh-CN", theme = "light", width = 1280, height = 900 } = options;
  const origin = options.origin ?? service.url;
  const context = await browser.newContext({
    locale: language,
    colorScheme: theme,
    viewport: { width, height },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const [errors, elsewhere, asked]: string[][] = [[], [], []];
  page.on(
    "console",
    (message) =>
      message.type() === "error" && errors?.push(`${message.text()} ${message.location().url}`),
  );
  page.on("pageerror", (error) => errors?.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) elsewhere?.push(request.url());
    if (url.pathname.startsWith("/api/")) asked?.push(`${request.method()} ${url.pathname}`);
  });
  await page.goto(`${origin}/console/`);
  return {
    context,
    page,
    errors: errors ?? [],
    elsewhere: elsewhere ?? [],
    asked: asked ?? [],
    close: () => context.close(),
  };
}

/** The same, signed in with the service's key. */
export async function signedIn(
  browser: Browser,
  service: Pick<Service, "url" | "key">,
  options: Options = {},
): Promise<Visit> {
  const visit = await visitConsole(browser, service, options);
  const { page } = visit;
  await page.getByLabel(/^(?:API 密钥|API key)$/).fill(service.key);
  await page.getByRole("button", { name: /^(?:登录|Sign in)$/ }).click();
  await page.getByRole("navigation", { name: /^(?:主导航|Main)$/ }).waitFor();
  return visit;
}
