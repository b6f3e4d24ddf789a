/** @module The entries of NOTIFY_HOSTS, which the settings check too. */

/** An entry of NOTIFY_HOSTS: a host name stands for https on its own port, an origin for itself. */
export function listedHost(entry: string): string | null {
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(entry)) return `https://${entry.toLowerCase()}`;
  if (!/^https?:\/\/[^/?#@\s]+$/i.test(entry)) return null;
  try {
    return new URL(entry).origin;
  } catch {
    return null;
  }
}
