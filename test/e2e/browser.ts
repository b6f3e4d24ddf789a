/** @module A real Chromium: the one that @sparticuz/chromium carries, or CHROMIUM_PATH. */
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** The package unpacks it at the first use; who comes meanwhile finds a file that is being written. ms */
const unpackedWithin = 30_000;

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? (await chromium.executablePath());
  const end = Date.now() + unpackedWithin;
  for (;;) {
    try {
      return await launch(executablePath);
    } catch (error) {
      if (!String(error).includes("ETXTBSY") || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

const launch = (executablePath: string): Promise<Browser> =>
  playwright.launch({
    executablePath,
    // Not the package's own list: its `--single-process` and `--disable-web-security` are for servers.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
