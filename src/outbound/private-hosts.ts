/**
 * @module Which hosts are not the public internet's, by their names alone: what a name resolves to cannot be
 * seen from a Worker, so a network rule stands beside this where the runtime has one (docs/deploy.md).
 */
import { isInDomains } from "../lib/hosts.ts";

/** Last labels that mean something on a private network only, or nothing at all (RFC 6761, 6762, 8375, 9476; ICANN's `internal`). */
const privateEnds = new Set(
  "localhost local localdomain internal intranet intra private lan home corp domain workgroup svc cluster kube k8s consul docker mesh arpa invalid onion alt".split(
    " ",
  ),
);

/**
 * Public names that answer with an address that the name itself carries, or with the loopback address, and
 * names of clouds' metadata services that answer with a link-local one. Each stands for what is below it too.
 * General knowledge; whoever runs one can make another.
 */
const carriers = [
  "nip.io",
  "sslip.io",
  "xip.io",
  "xip.name",
  "ipq.co",
  "backname.io",
  "ipv6-literal.net",
  "traefik.me",
  "local-ip.co",
  "local-ip.sh",
  "plex.direct",
  "localtest.me",
  "lvh.me",
  "vcap.me",
  "fuf.me",
  "local.gd",
  "localho.st",
  "localh.st",
  "lacolhost.com",
  "smackaho.st",
  "yoogle.com",
  "1u.ms",
  "rbndr.us",
  "rebind.network",
  "rebind.it",
  "spoofed.burpcollaborator.net",
  "localhost.domaincontrol.com",
  "metadata.goog",
  "metadata.azure.com",
  "metadata.tencentyun.com",
  "metadata.packet.net",
  "metadata.platformequinix.com",
];

/** IPv4 ranges that are no public hosts: first address and length of the prefix (IANA special-purpose registry, and multicast). */
const specialRanges: readonly [address: readonly number[], bits: number][] = [
  [[0], 8],
  [[10], 8],
  [[100, 64], 10],
  [[127], 8],
  [[169, 254], 16],
  [[172, 16], 12],
  [[192, 0, 0], 24],
  [[192, 168], 16],
  [[198, 18], 15],
  [[224], 3],
];

const numberOf = (bytes: readonly number[]): number =>
  [0, 1, 2, 3].reduce((sum, at) => sum * 256 + (bytes[at] ?? 0), 0);

function isSpecial(bytes: readonly number[]): boolean {
  const address = numberOf(bytes);
  return specialRanges.some(([start, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(numberOf(start) / size);
  });
}

/** The four parts as bytes, when they are some: of the first part the digits at its end, of the last those at its start. */
function bytesOf(parts: readonly string[]): number[] | null {
  const [first = "", second = "", third = "", last = ""] = parts;
  const texts = [
    /\d{1,3}$/.exec(first)?.[0],
    /^\d{1,3}$/.exec(second)?.[0],
    /^\d{1,3}$/.exec(third)?.[0],
    /^\d{1,3}/.exec(last)?.[0],
  ];
  const bytes = texts.map((text) => (text === undefined ? 256 : Number(text)));
  return bytes.every((byte) => byte < 256) ? bytes : null;
}

/** Whether four neighbours among parts are a private address, as `10.0.0.1` or `app-127-0-0-1` in a name. */
function carriesSpecial(parts: readonly string[]): boolean {
  return parts.some((_, at) => {
    const bytes = at + 4 <= parts.length ? bytesOf(parts.slice(at, at + 4)) : null;
    return bytes !== null && isSpecial(bytes);
  });
}

/**
 * Whether a host is an address in any form, or a name that cannot be a public host's. Names of this kind
 * are refused whoever lists them as allowed; receivers on a network of one's own are listed as origins
 * (NOTIFY_HOSTS).
 *
 * @param hostname as a URL has it
 */
export function isPrivate(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, "");
  if (name.length > 253 || /[^a-z0-9._-]/.test(name)) return true;
  const labels = name.split(".");
  const last = labels.at(-1) ?? "";
  // A last label that is a number makes an address of the whole: 2130706433, 0x7f.1, 0177.0.0.1.
  if (labels.length < 2 || labels.includes("") || /^(?:\d+|0x[0-9a-f]*)$/.test(last)) return true;
  return (
    privateEnds.has(last) ||
    isInDomains(name, carriers) ||
    carriesSpecial(labels) ||
    labels.some((label) => carriesSpecial(label.split("-")))
  );
}
