/**
 * @module What a package has of Debian: a C library that is new enough for workerd, a shell for where there is none, and SQLite
 * for the lock and the copies. Of the stable release as it is on the day, over https and with the digests of its index,
 * whose own signature is not checked.
 *
 * Reads DEBIAN_MIRROR (https://deb.debian.org/debian), such as https://mirrors.aliyun.com/debian. Needs tar and xz.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "./targets.ts";

const mirror = process.env.DEBIAN_MIRROR || "https://deb.debian.org/debian";
const release = "trixie";

/** What is taken of each, from its folders of programs and libraries; all have their license. */
const wanted: readonly {
  name: string;
  license: string;
  libraries?: readonly string[];
  program?: string;
}[] = [
  { name: "libc6", license: "LGPL-2.1-or-later", libraries: ["libc.so.6", "libm.so.6"] },
  { name: "busybox-static", license: "GPL-2.0", program: "busybox" },
  { name: "sqlite3", license: "public domain", program: "sqlite3" },
  { name: "libsqlite3-0", license: "public domain", libraries: ["libsqlite3.so.0"] },
  { name: "libreadline8t64", license: "GPL-3.0-or-later", libraries: ["libreadline.so.8"] },
  { name: "libtinfo6", license: "MIT (X11)", libraries: ["libtinfo.so.6"] },
  { name: "zlib1g", license: "Zlib", libraries: ["libz.so.1"] },
  { name: "base-files", license: "the texts of the licenses" },
];

/** One of Debian's packages, as its index says. */
interface Indexed {
  version: string;
  /** The package of sources that it was built of, and its version. */
  source: string;
  of: string;
  path: string;
  sha256: string;
}

export interface Taken extends Indexed {
  name: string;
  license: string;
}

async function loaded(path: string): Promise<Buffer> {
  const url = `${mirror}/${path}`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

const digestOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** @returns the bytes. @throws {Error} where they are not what the digest says */
function checked(path: string, bytes: Buffer, sha256: string | undefined): Buffer {
  if (digestOf(bytes) === sha256) return bytes;
  throw new Error(`${mirror}/${path} is not what its index says`);
}

const unpacked = (bytes: Buffer): Buffer =>
  execFileSync("xz", ["-dc"], { input: bytes, maxBuffer: 2 ** 30 });

async function index(architecture: string): Promise<(name: string) => Indexed> {
  const path = `main/binary-${architecture}/Packages.xz`;
  const listed = String(await loaded(`dists/${release}/Release`));
  const [, sums = ""] = listed.split("\nSHA256:\n");
  const sum = sums.split("\n").find((line) => line.endsWith(` ${path}`));
  const file = checked(path, await loaded(`dists/${release}/${path}`), sum?.trim().split(" ")[0]);
  const entries = String(unpacked(file)).split("\n\n");
  return (name) => {
    const entry = entries.find((one) => one.startsWith(`Package: ${name}\n`));
    const field = (of: string) => entry?.match(new RegExp(`^${of}: (.+)$`, "m"))?.[1];
    const [version, found, sha256] = ["Version", "Filename", "SHA256"].map(field);
    if (!version || !found || !sha256) throw new Error(`Debian ${release} has no ${name}`);
    // `busybox (1:1.37.0-6)`, where it was only built again.
    const [source = name, built] = field("Source")?.split(" ") ?? [];
    return { version, sha256, path: found, source, of: built?.slice(1, -1) ?? version };
  };
}

/** @param bytes of a .deb, an `ar` of which one member is the files. @see deb(5) */
function unpack(bytes: Buffer, to: string): void {
  const headerBytes = 60;
  for (let at = "!<arch>\n".length; at < bytes.length; ) {
    const header = bytes.toString("latin1", at, at + headerBytes);
    const size = Number(header.slice(48, 58));
    const from = at + headerBytes;
    if (header.startsWith("data.tar.xz")) {
      const input = bytes.subarray(from, from + size);
      execFileSync("tar", ["-xJ", "-C", to], { input, stdio: ["pipe", "ignore", "inherit"] });
      return;
    }
    at = from + size + (size % 2);
  }
  throw new Error("a .deb without data.tar.xz");
}

/** @param to the package's folder. @returns what was taken, for its list of sources */
export async function addDebian(to: string, target: Target, aside: string): Promise<Taken[]> {
  const find = await index(target.debian);
  const taken: Taken[] = [];
  for (const folder of ["lib", "licenses/debian"]) mkdirSync(join(to, folder), { recursive: true });
  for (const { name, license, libraries = [], program } of wanted) {
    const found = find(name);
    const from = join(aside, name);
    mkdirSync(from, { recursive: true });
    unpack(checked(found.path, await loaded(found.path), found.sha256), from);
    for (const file of name === "libc6" ? [...libraries, target.loader] : libraries) {
      copyFileSync(join(from, target.libraries, file), join(to, "lib", file));
    }
    if (program) copyFileSync(join(from, "usr/bin", program), join(to, "bin", program));
    copyFileSync(
      join(from, "usr/share/doc", name, "copyright"),
      join(to, "licenses/debian", `${name}.txt`),
    );
    if (name === "base-files") {
      const texts = join(to, "licenses/debian/common-licenses");
      cpSync(join(from, "usr/share/common-licenses"), texts, {
        recursive: true,
        dereference: true,
      });
    }
    rmSync(from, { recursive: true });
    taken.push({ name, license, ...found });
  }
  return taken;
}

/** @returns where the source of a package of Debian is */
export const sourceOf = ({ source, of }: Taken): string =>
  `https://snapshot.debian.org/package/${source}/${encodeURIComponent(of)}/`;
