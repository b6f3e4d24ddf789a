/** @module Whether what came, of an origin or of a copy, is a link's records: anything may stand in front of an origin. */
import type { LinkRecords } from "../edge/store-port.ts";

const isVersioned = (record: { version?: unknown } | undefined): boolean =>
  Number.isInteger(record?.version);

/** @returns the records of this link; `null` for anything else */
export function recordsOf(value: unknown, slug: string): LinkRecords | null {
  if (typeof value !== "object" || value === null) return null;
  const { link, stream } = value as Partial<LinkRecords>;
  const isIt =
    link?.slug === slug &&
    stream?.id === link.streamId &&
    isVersioned(link) &&
    isVersioned(stream) &&
    typeof stream?.secret === "string" &&
    Array.isArray(stream.destinations);
  return isIt ? { link, stream } : null;
}
