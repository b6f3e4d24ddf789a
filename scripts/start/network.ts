/**
 * @module Where the service's own requests may go. workerd compares the address that a name resolved to, so a
 * name can't lead to where its address may not be asked.
 */
import { originOf, receiver } from "../../src/config/readers.ts";
import type { PlannedBinding, PlannedService } from "./plan.ts";

/**
 * Special-purpose blocks (IANA's registries) that workerd's `public` does not leave out by itself: among them
 * those that carry an IPv4 address inside, which a gateway would unwrap.
 */
const neverPublic = [
  "0.0.0.0/8",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "::/96",
  "::ffff:0:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "fec0::/10",
];

/** What is around the service, as the machine says. */
export interface Surroundings {
  /** Of this machine, in CIDR: what listens there may be closed to the outside by a firewall before it. */
  ownAddresses: readonly string[];
  /** To be trusted beside those that browsers do, in PEM. */
  certificates: readonly string[];
}

/**
 * Origins that may be private: those of OUTBOUND_ORIGINS, those of NOTIFY_HOSTS that are written as origins, and that of
 * WECHAT_API_BASE.
 * A bare host name in NOTIFY_HOSTS says who may be told, not that it is on a network of one's own.
 */
export function namedOrigins(settings: ReadonlyMap<string, string>): string[] {
  const listed = (name: string) =>
    (settings.get(name) ?? "").split(",").map((entry) => entry.trim());
  const origins = [
    ...listed("OUTBOUND_ORIGINS").map(originOf),
    ...listed("NOTIFY_HOSTS")
      .filter((entry) => entry.includes("://"))
      .map(receiver),
  ];
  const wechat = settings.get("WECHAT_API_BASE")?.trim() ?? "";
  const base = URL.canParse(wechat) ? new URL(wechat).origin : null;
  return [...new Set([...origins, base])].filter((origin) => origin !== null);
}

/** What the way out is given. */
export const wayOutBindings = (settings: ReadonlyMap<string, string>): PlannedBinding[] => [
  { name: "NAMED", json: JSON.stringify(namedOrigins(settings)) },
  { name: "NAMED_NETWORK", service: { name: "named-network" } },
  { name: "PUBLIC_NETWORK", service: { name: "public-network" } },
];

const tlsOf = (certificates: readonly string[]) => ({
  trustBrowserCas: true,
  trustedCertificates: certificates,
});

/** All that this machine reaches, its own network too: for who asks by an origin that a setting names, and nobody else. */
export const wholeNetwork = (name: string, certificates: readonly string[]): PlannedService => ({
  name,
  network: { allow: ["public", "private"], tlsOptions: tlsOf(certificates) },
});

/** The two networks behind the way out. */
export function networks({ ownAddresses, certificates }: Surroundings): PlannedService[] {
  const tlsOptions = tlsOf(certificates);
  return [
    wholeNetwork("named-network", certificates),
    {
      name: "public-network",
      network: { allow: ["public"], deny: [...neverPublic, ...ownAddresses], tlsOptions },
    },
  ];
}
