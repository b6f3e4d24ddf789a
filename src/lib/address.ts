/** @module A network address as a text from outside: what of it stands for a household, or nothing. */

/** An IPv6 address with a zone or a port is longer than any real one in a header; so is a list, which is cut first. */
const longest = 64;
const octet = /^(?:0|[1-9]\d{0,2})$/;
const group = /^[0-9a-f]{1,4}$/i;

/**
 * The part of an address that stands for a household: an IPv4 address, or the /64 of an IPv6 one. An IPv4
 * address in an IPv6 form (`::ffff:203.0.113.9`) is itself; a port behind an address is left out.
 *
 * @returns `""` for what is no address
 */
export function addressPrefix(text: string): string {
  if (text.length > longest) return "";
  const trimmed = text.trim();
  const bracketed = trimmed.startsWith("[") ? trimmed.slice(1).split("]", 1)[0] : undefined;
  const address = bracketed ?? withoutPort(trimmed);
  return address.includes(":") ? prefix64(address) : ipv4(address);
}

/** `203.0.113.9:4711` → `203.0.113.9`; an IPv6 address has more colons than one. */
function withoutPort(text: string): string {
  const colon = text.indexOf(":");
  return colon !== -1 && colon === text.lastIndexOf(":") && text.includes(".")
    ? text.slice(0, colon)
    : text;
}

function ipv4(text: string): string {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((part) => octet.test(part) && +part < 256);
  return isAddress ? text : "";
}

function prefix64(text: string): string {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return "";
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const last = (after.at(-1) ?? before.at(-1) ?? "").split("%", 1)[0] ?? "";
  const embedded = last.includes(".") ? ipv4(last) : undefined;
  if (embedded === "") return "";
  const given = before.length + after.length + (embedded === undefined ? 0 : 1);
  if (tail === undefined ? given !== 8 : given > 7) return "";
  const groups = [...before, ...Array.from({ length: 8 - given }, () => "0"), ...after];
  if (embedded !== undefined) {
    const isMapped = groups.slice(0, -1).every((one) => /^(?:0{1,4}|ffff)$/i.test(one));
    if (isMapped) return embedded;
    groups.splice(-1, 1, "0", "0");
  } else if (last !== "") {
    groups[groups.length - 1] = last;
  }
  if (!groups.every((one) => group.test(one))) return "";
  return groups
    .slice(0, 4)
    .map((one) => one.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}

/**
 * An entry of a list such as `X-Forwarded-For`, to which each proxy adds the address that it was called
 * from: what stands before the own proxies' entries was written by the caller, and proves nothing.
 *
 * @param fromEnd 1 for the last entry
 * @returns `""` when the list is shorter
 */
export function entryFromEnd(list: string, fromEnd: number): string {
  let end = list.length;
  for (let skipped = 1; skipped < fromEnd; skipped += 1) {
    end = list.lastIndexOf(",", end - 1);
    if (end <= 0) return "";
  }
  return list.slice(list.lastIndexOf(",", end - 1) + 1, end);
}
