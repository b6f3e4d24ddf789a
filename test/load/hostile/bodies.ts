/** @module The kinds of hostile requests that have a body: far over the limits, without an end, or forged. */
import { agents } from "../../agents.ts";
import { below, type Draw, type Hostile, letterText, oneOf, repeated } from "./request.ts";

const real = ["User-Agent", agents.wechatIos] as const;
const json = ["Content-Type", "application/json"] as const;
const wrongKey = ({ random }: Draw) =>
  ["Authorization", `Bearer mg_${letterText(random, 32)}`] as const;

const post = (path: string, rest: Omit<Hostile, "method" | "path">): Hostile => ({
  method: "POST",
  path,
  ...rest,
});
const events = ({ random, slugs }: Draw) => `/${oneOf(random, slugs)}/events`;
const chunk = Buffer.alloc(65_536, "a");

/** A beacon in the shape of a real one, with a token that nobody issued. */
function forged(draw: Draw): string {
  const { random, at } = draw;
  const expiry = (Date.now() + below(random, 600_000)).toString(36);
  const token = `${expiry}.${letterText(random, 14)}.${at % 8}.${letterText(random, 11)}`;
  return JSON.stringify({ type: oneOf(random, ["click", "rendered", "copy", "leave"]), token });
}

/** So many bytes of a JSON object whose fields no schema knows. */
function unknownFields(bytes: number): string {
  const fields = Array.from({ length: Math.ceil(bytes / 14) }, (_, index) => `"u${index}":1`);
  return `{${fields.join(",")}}`;
}

function multipart({ large }: Draw): Buffer {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
  return Buffer.concat([
    Buffer.from(head),
    Buffer.alloc(large, "1,"),
    Buffer.from("\r\n--b--\r\n"),
  ]);
}

/** Made once for a size, since many requests have the same. */
const made = new Map<string, Buffer>();
function once(name: string, size: number, make: () => string | Buffer): Buffer {
  const key = `${name} ${size}`;
  const known = made.get(key) ?? Buffer.from(make());
  made.set(key, known);
  return known;
}

export const bodies: readonly (readonly [string, (draw: Draw) => Hostile])[] = [
  [
    "beacons with forged tokens",
    (draw) =>
      post(events(draw), {
        headers: [real, json],
        body: { framing: "length", bytes: Buffer.from(forged(draw)) },
      }),
  ],
  [
    "beacons, chunked, far over the limit",
    (draw) =>
      post(events(draw), {
        headers: [real, json],
        body: {
          framing: "chunked",
          bytes: once("beacon", draw.large, () => Buffer.alloc(draw.large, "a")),
        },
      }),
  ],
  [
    "beacons without an end",
    (draw) =>
      post(events(draw), {
        headers: [real, json],
        body: { framing: "endless", chunk, atMost: draw.large * 8 },
      }),
  ],
  [
    "beacons of nested lists",
    (draw) =>
      post(events(draw), {
        headers: [real, json],
        body: { framing: "length", bytes: Buffer.from(repeated("[", 1_000)) },
      }),
  ],
  [
    "sign-in with 900 KB of unknown fields",
    ({ long }) =>
      post("/console/session", {
        headers: [json],
        body: {
          framing: "length",
          bytes: once("fields", long * 9, () => unknownFields(long * 9)),
        },
      }),
  ],
  [
    "sign-in with wrong keys, chunked",
    ({ random }) =>
      post("/console/session", {
        headers: [json],
        body: {
          framing: "chunked",
          bytes: Buffer.from(JSON.stringify({ key: `mg_${letterText(random, 40)}` })),
        },
      }),
  ],
  [
    "orders as multipart, wrong key",
    (draw) =>
      post("/api/conversions/import", {
        headers: [["Content-Type", "multipart/form-data; boundary=b"], wrongKey(draw)],
        body: { framing: "chunked", bytes: once("multipart", draw.large, () => multipart(draw)) },
      }),
  ],
  [
    "an archive without an end, wrong key",
    (draw) =>
      post("/api/import", {
        headers: [["Content-Type", "application/x-ndjson"], wrongKey(draw)],
        body: { framing: "endless", chunk, atMost: draw.large * 8 },
      }),
  ],
  [
    "links of 900 KB, wrong key",
    (draw) =>
      post("/api/links", {
        headers: [json, wrongKey(draw)],
        body: {
          framing: "chunked",
          bytes: once("fields", draw.long * 9, () => unknownFields(draw.long * 9)),
        },
      }),
  ],
];
