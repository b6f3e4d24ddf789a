/** @module What is around the service that Node starts (network.ts). */
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Surroundings } from "./network.ts";

/** Certificates that Node is told to trust as well. */
function extraCertificates(file = process.env.NODE_EXTRA_CA_CERTS): string[] {
  if (!file || !existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

export const surroundings = (): Surroundings => ({
  ownAddresses: Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address, family }) => `${address}/${family === "IPv4" ? 32 : 128}`),
  ),
  certificates: extraCertificates(),
});
