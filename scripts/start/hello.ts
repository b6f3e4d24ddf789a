/** @module What a start prints: where it answers, the key, and commands that work when they are pasted. */
import { randomInt } from "node:crypto";

/** Of an edge elsewhere. @param origin where it delivers, which knows it by `name` */
export function helloOfEdge(
  url: string,
  { origin, name }: { origin: string; name: string },
): string {
  return `ready ${url}
edge  ${name} of ${origin}

It opens the origin's links. Whether the origin knows it:
  curl -s ${url}/healthz
`;
}

/**
 * @param key the one that is kept, to be shown; `undefined` when it came from the environment, where the
 * commands find it too
 * @param keptIn the file of the one that is kept
 */
export function hello(url: string, key: string | undefined, keptIn: string): string {
  // Another one at each start: the first one is taken at the second.
  const slug = `hello-${randomInt(1_000, 10_000)}`;
  // In double quotes, so that the shell puts the environment's key there.
  const bearer = `"Authorization: Bearer ${key ?? "$ADMIN_KEY"}"`;
  return `ready ${url}
key   ${key === undefined ? "ADMIN_KEY from the environment" : `${key}  (kept in ${keptIn})`}
console ${url}/console/

Try it:
  curl -s ${url}/api/links -H ${bearer} -H 'Content-Type: application/json' \\
    -d '{"url":"https://tbzb.taobao.com/live?liveId=532359023188","slug":"${slug}","title":"My first live"}'
  curl -si ${url}/${slug} -A 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/19H332 AliApp(TB/10.23.20)'
  curl -s ${url}/api/links/${slug}/stats -H ${bearer}
`;
}
