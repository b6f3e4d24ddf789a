/** @module What a page shows, kept in its address: a reload, a bookmark or a colleague has the same. */
import { useLocation } from "preact-iso";
import { mapOf, recordBy } from "../../lib/records.ts";

type Values<K extends string> = Readonly<Record<K, string>>;

/**
 * @param names of what is kept; other parts of the address stay as they are
 * @returns each value, empty where the address says nothing, and what changes some
 */
export function useQuery<K extends string>(
  names: readonly K[],
): [Values<K>, (change: Partial<Values<K>>) => void] {
  const { url, query, route } = useLocation();
  const given = mapOf<string>(query);
  const set = (change: Partial<Values<K>>) => {
    const params = new URLSearchParams([...given]);
    for (const [name, value] of Object.entries<string | undefined>(change)) {
      if (value) params.set(name, value);
      else params.delete(name);
    }
    const search = params.toString();
    const [path = ""] = url.split("?");
    route(`${path}${search ? `?${search}` : ""}`, true);
  };
  return [recordBy(names, (name) => given.get(name) ?? ""), set];
}
