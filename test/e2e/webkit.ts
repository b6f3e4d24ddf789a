/**
 * @module WebKit, the engine of Safari, by plain WebDriver calls: Debian's `webkit2gtk-driver` under `xvfb`,
 * where they are installed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";

const driverPath = process.env.WEBKIT_DRIVER ?? "/usr/bin/WebKitWebDriver";
const [miniBrowser = ""] = globSync("/usr/lib/*/webkit2gtk-4*/MiniBrowser");
const xvfbPath = "/usr/bin/Xvfb";

/** `null` when WebKit can be driven here, else what to install. */
export const webkitIsMissing: string | null = [driverPath, miniBrowser, xvfbPath].every(
  (path) => path !== "" && existsSync(path),
)
  ? null
  : "WebKit is not installed here (apt-get install webkit2gtk-driver xvfb): nothing of Safari was tested";

const elementId = "element-6066-11e4-a52e-4f735466cecf";

export interface WebKit {
  visit: (url: string) => Promise<void>;
  /** Runs a function's body in the page. */
  run: <T>(script: string) => Promise<T>;
  type: (selector: string, text: string) => Promise<void>;
  click: (selector: string) => Promise<void>;
  /** Of the window, in CSS pixels. */
  resize: (width: number, height: number) => Promise<void>;
  cookies: () => Promise<{ name: string; secure: boolean; httpOnly: boolean }[]>;
  close: () => Promise<void>;
}

/** The first line that a process writes to one of its channels. */
function firstLine(child: ChildProcess, channel: number): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`exited with ${code}`)));
    child.stdio[channel]?.once("data", (data: Buffer) => resolve(String(data).trim()));
  });
}

async function answering(url: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await fetch(url).catch(() => null))) {
    if (Date.now() > end) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param port a free one, for the driver */
export async function launchWebKit(port: number): Promise<WebKit> {
  const screen = spawn(xvfbPath, ["-displayfd", "3", "-screen", "0", "2600x1600x24"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = `:${await firstLine(screen, 3)}`;
  const driver = spawn(driverPath, [`--port=${port}`], {
    stdio: "ignore",
    env: { ...process.env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1" },
  });
  const base = `http://127.0.0.1:${port}`;
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: T };
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
  const end = () => {
    driver.kill("SIGKILL");
    screen.kill("SIGKILL");
  };
  try {
    await answering(`${base}/status`);
    const options = { binary: miniBrowser, args: ["--automation"] };
    const { sessionId } = await call<{ sessionId: string }>("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    const at = `/session/${sessionId}`;
    const find = async (selector: string) => {
      const body = { using: "css selector", value: selector };
      const found = await call<Record<string, string>>("POST", `${at}/element`, body);
      return `${at}/element/${found[elementId]}`;
    };
    await call("POST", `${at}/timeouts`, { implicit: 10_000 });
    return {
      visit: (url) => call("POST", `${at}/url`, { url }),
      run: (script) => call("POST", `${at}/execute/sync`, { script, args: [] }),
      type: async (selector, text) => call("POST", `${await find(selector)}/value`, { text }),
      click: async (selector) => call("POST", `${await find(selector)}/click`, {}),
      resize: (width, height) => call("POST", `${at}/window/rect`, { width, height }),
      cookies: () => call("GET", `${at}/cookie`),
      close: async () => {
        await call("DELETE", at).finally(end);
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
