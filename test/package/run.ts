/**
 * `npm run test:package`: the archive that `npm run package` made, where there is nothing but it (an empty root, as nobody), and by
 * its units under a systemd of its own. Needs root, and systemd for the second.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agents } from "../agents.ts";
import { eventually } from "../e2e/service.ts";
import { freePort } from "../free-port.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const name = `moongate-${version}-linux-x64`;
const archive = `${name}.tar.xz`;
if (!existsSync(archive) || process.getuid?.() !== 0) {
  console.error(`package: ${archive} is to be here (npm run package), and this is to run as root`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "moongate-"));
let isWrong = false;
function holds(what: string, is: boolean, came: unknown = ""): void {
  isWrong ||= !is;
  console.log(is ? `ok ${what}` : `not ok ${what}: ${String(came)}`);
}

/** An empty root with the archive in it, for nobody. */
async function bare(): Promise<void> {
  const root = join(folder, "root");
  for (const path of ["app", "bin", "data", "tmp", "proc", "dev"]) {
    mkdirSync(join(root, path), { recursive: true });
  }
  execFileSync("tar", ["-xJf", archive, "--strip-components=1", "-C", join(root, "app")]);
  cpSync(join(root, "app/bin/busybox"), join(root, "bin/sh"));
  execFileSync("chown", ["65534:65534", join(root, "data")]);
  execFileSync("chmod", ["1777", join(root, "tmp")]);
  execFileSync("mount", ["-t", "proc", "proc", join(root, "proc")]);
  execFileSync("mount", ["--bind", "/dev", join(root, "dev")]);
  try {
    const port = await freePort();
    const inside = ["--userspec=65534:65534", root, "/bin/sh", "/app/moongate"];
    const key = "a-key-of-a-test-with-nothing";
    const env = { HOST: "0.0.0.0", PORT: String(port), DATA_DIR: "/data", ADMIN_KEY: key };
    const service = spawn("/usr/sbin/chroot", [...inside, "start"], { env, stdio: "inherit" });
    const ended = new Promise<number | null>((done) => service.once("exit", done));
    const origin = `http://127.0.0.1:${port}`;
    const health = () =>
      fetch(`${origin}/healthz`).then(
        (answer) => answer.status,
        () => 0,
      );
    await eventually(health, (status) => status === 200, 20_000);
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const url = "https://tbzb.taobao.com/live?liveId=532359023188";
    const body = JSON.stringify({ url, slug: "door" });
    const made = await fetch(`${origin}/api/links`, { method: "POST", headers, body });
    holds("with nothing: a link is made", made.status === 201, made.status);
    const opened = await fetch(`${origin}/door`, {
      headers: { "User-Agent": agents.taobaoIos },
      redirect: "manual",
    });
    holds("with nothing: a link is opened", opened.status === 302, opened.status);
    const ran = spawnSync("/usr/sbin/chroot", [...inside, "backup", "/tmp/copy"], { env });
    holds("with nothing: it is copied", ran.status === 0, ran.stderr);
    const into = { ...env, DATA_DIR: "/tmp/data" };
    const back = spawnSync("/usr/sbin/chroot", [...inside, "restore", "/tmp/copy"], { env: into });
    holds("with nothing: the copy is brought back", back.status === 0, back.stderr);
    service.kill("SIGTERM");
    const code = await ended;
    holds("with nothing: it ends", code === 0, code);
  } finally {
    for (const path of ["proc", "dev"]) execFileSync("umount", ["-l", join(root, path)]);
  }
}

/** Its units, under systemd. */
async function units(): Promise<void> {
  const [unpacked, out] = [join(folder, name), join(folder, "out")];
  mkdirSync(out);
  execFileSync("tar", ["-xJf", archive, "-C", folder]);
  const apart = ["--pid", "--fork", "--mount", "--uts", "--ipc", "--kill-child"];
  const script = "test/package/under-systemd.sh";
  const ports = [await freePort(), await freePort()].map(String);
  const args = [...apart, "bash", script, unpacked, out, ...ports];
  spawnSync("unshare", args, { timeout: 240_000, killSignal: "SIGKILL", stdio: "ignore" });
  const said = existsSync(join(out, "said")) ? readFileSync(join(out, "said"), "utf8") : "";
  holds("under systemd: it was tried to its end", said.includes("they end"), said);
  for (const line of said.split("\n").filter((one) => /^(?:not )?ok /.test(one))) {
    holds(`under systemd: ${line.replace(/^(?:not )?ok /, "")}`, line.startsWith("ok "));
  }
  if (isWrong) console.log(readFileSync(join(out, "log"), "utf8"));
}

try {
  await bare();
  if (existsSync("/lib/systemd/systemd")) await units();
  else console.log("under systemd: not tried, it is not here");
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(isWrong ? 1 : 0);
