/** @module Host names, as a URL has them, against lists of hosts and domains; at a label's border only. */

/**
 * Whether a host name is a listed one. A listed name with a leading dot stands for every name below it: `.tmall.com`
 * is `nike.tmall.com`, never `eviltmall.com` nor `tmall.com` itself.
 */
export function hostMatches(hostname: string, listed: string): boolean {
  return listed.startsWith(".")
    ? hostname.endsWith(listed) && hostname.length > listed.length
    : hostname === listed;
}

/** Whether it is one of those listed. */
export const isListed = (hostname: string, listed: readonly string[]): boolean =>
  listed.some((name) => hostMatches(hostname, name));

/** Whether it is one of these domains, or below one: `tmall.com` is `tmall.com` and `nike.tmall.com`. */
export const isInDomains = (hostname: string, domains: readonly string[]): boolean =>
  domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
