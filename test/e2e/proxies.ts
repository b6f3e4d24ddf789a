/** @module The servers that stand before the service, by the configurations of deploy/: as they are but for names, ports and files. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a test has of its own. */
interface Where {
  /** For files of this one alone. */
  folder: string;
  certificate: string;
  key: string;
  /** Of TLS, of plain HTTP, and of the service. */
  port: number;
  plainPort: number;
  servicePort: number;
}

export interface Proxy {
  name: string;
  isHere: boolean;
  begin: (where: Where) => ChildProcess;
}

const isHere = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args).status === 0 && spawnSync("openssl", ["version"]).status === 0;

function nginx({ folder, certificate, key, port, plainPort, servicePort }: Where): ChildProcess {
  const at = (file: string) => join(folder, file);
  const shipped = readFileSync("deploy/nginx.conf", "utf8")
    .replaceAll("listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`)
    .replaceAll("listen 80;", `listen 127.0.0.1:${plainPort};`)
    .replace("127.0.0.1:8787", `127.0.0.1:${servicePort}`)
    .replace(/ssl_certificate \S+;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${key};`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    at("nginx.conf"),
    `daemon off; pid ${at("pid")}; error_log ${at("errors")}; ${process.getuid?.() === 0 ? "user root;" : ""}
events {}
http { access_log off; ${temporary.map((what) => `${what}_temp_path ${at(what)};`).join(" ")}
${shipped} }`,
  );
  return spawn("nginx", ["-e", at("errors"), "-c", at("nginx.conf")], { stdio: "ignore" });
}

function caddy({ folder, certificate, key, port, plainPort, servicePort }: Where): ChildProcess {
  const file = join(folder, "Caddyfile");
  const shipped = readFileSync("deploy/Caddyfile", "utf8")
    .replace(/^\{$/m, `{\n\tadmin off\n\thttps_port ${port}\n\thttp_port ${plainPort}`)
    .replace(/^live\.example\.cn \{$/m, `live.example.cn {\n\ttls ${certificate} ${key}`);
  writeFileSync(file, shipped);
  const env = { ...process.env, HOME: folder, MOONGATE: `127.0.0.1:${servicePort}` };
  const args = ["run", "--adapter", "caddyfile", "--config", file];
  return spawn("caddy", args, { env, stdio: "ignore" });
}

export const proxies: readonly Proxy[] = [
  { name: "nginx", isHere: isHere("nginx", "-v"), begin: nginx },
  { name: "Caddy", isHere: isHere("caddy", "version"), begin: caddy },
];
