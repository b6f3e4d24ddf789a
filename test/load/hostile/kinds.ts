/**
 * @module The kinds of hostile requests that strangers send, each a row: what expressions, memories, bodies,
 * counts and limits could fall for. All are equally many; a kind that hurts alone is found by each.ts.
 */
import { agents } from "../../agents.ts";
import { bodies } from "./bodies.ts";
import {
  anyAddress,
  below,
  type Draw,
  type Hostile,
  letterText,
  oneOf,
  repeated,
} from "./request.ts";

export type Kind = readonly [name: string, make: (draw: Draw) => Hostile];

const real = Object.values(agents);
const link = ({ random, slugs }: Draw) => `/${oneOf(random, slugs)}`;
const agent = (value: string) => ["User-Agent", value] as const;

/** What the tables of apps and robots look for; each over and over, with an end that matches nothing. */
const fragments = [
  "Mozilla/5.0 (iPhone; ",
  "AliApp(TB/",
  "MQQBrowser/1.",
  "compatible; ",
  "http://",
  "bot/1.0 ",
  "spider-",
  "a.a.",
  "1.1.",
  "//",
  ";;",
  "--",
  "__",
  "\t ",
  "(a)",
  "Mobile/1 ",
  "Chrome/1.",
  "wv) ",
] as const;

function withAgent(text: (draw: Draw) => string): Kind[1] {
  return (draw) => ({ path: link(draw), headers: [agent(text(draw))] });
}

/** A long header beside a real user agent's. */
function withHeader(name: string, text: (draw: Draw) => string, path = link): Kind[1] {
  return (draw) => ({
    path: path(draw),
    headers: [agent(oneOf(draw.random, real)), [name, text(draw)]],
  });
}

function asking(path: (draw: Draw) => string): Kind[1] {
  return (draw) => ({ path: path(draw), headers: [agent(oneOf(draw.random, real))] });
}

const anyText = ({ random, long }: Draw) => letterText(random, long);
const pathAtMost = 60_000;

export const kinds: readonly Kind[] = [
  ["agent a-a-a…!", withAgent(({ long }) => `${repeated("a-", long)}!`)],
  ["agent Version/111…", withAgent(({ long }) => `Version/${repeated("1", long)}`)],
  ["agent of spaces", withAgent(({ long }) => `Mozilla/5.0${repeated(" ", long)}x`)],
  ["agent ( ( (…", withAgent(({ long }) => repeated("( ", long))],
  ["agent MicroMessenger…", withAgent(({ long }) => repeated("MicroMessenger/8.0 ", long))],
  [
    "agent of a known part, repeated",
    withAgent(({ random, long }) => `${repeated(oneOf(random, fragments), long)}!`),
  ],
  ["agent, 100 KB, another each", withAgent(anyText)],
  [
    "agent, 1,000 characters, another each",
    withAgent(({ random }) => `${agents.desktop} ${letterText(random, 900)}`),
  ],
  [
    "agents × languages, another each",
    (draw) => ({
      path: link(draw),
      headers: [
        agent(`${oneOf(draw.random, real)} ${letterText(draw.random, 8)}`),
        [
          "Accept-Language",
          `${letterText(draw.random, 2)}-${letterText(draw.random, 60)},zh;q=0.5`,
        ],
      ],
    }),
  ],
  ["Accept-Language, 100 KB", withHeader("Accept-Language", anyText)],
  [
    "Accept-Language, thousands of ranges",
    withHeader("Accept-Language", ({ random, long }) =>
      repeated(`${letterText(random, 5)};q=0.${below(random, 10)} , `, long),
    ),
  ],
  [
    "Accept, 100 KB, of an unknown link",
    withHeader(
      "Accept",
      ({ long }) => repeated("application/problem+", long),
      ({ random }) => `/${letterText(random, 12)}`,
    ),
  ],
  ["If-None-Match, 100 KB", withHeader("If-None-Match", anyText, () => "/api/streams")],
  [
    "Cookie, 100 KB",
    withHeader(
      "Cookie",
      ({ long }) => repeated("a=b; ", long),
      () => "/api/links",
    ),
  ],
  ["Authorization, 100 KB", withHeader("Authorization", anyText, () => "/api/links")],
  [
    "wrong keys, another each",
    withHeader(
      "Authorization",
      ({ random }) => `Bearer mg_${letterText(random, 32)}`,
      ({ random }) => oneOf(random, ["/api/links", "/api/streams", "/api/keys", "/metrics"]),
    ),
  ],
  [
    "wrong sessions",
    withHeader(
      "Cookie",
      ({ random }) => `__Host-moongate=${letterText(random, 43)}`,
      () => "/api/links",
    ),
  ],
  ["unknown slugs, another each", asking(({ random }) => `/${letterText(random, 10)}`)],
  [
    "/state with long queries",
    asking((draw) => `${link(draw)}/state?view=${letterText(draw.random, 20_000)}`),
  ],
  ["/state for tokens", asking((draw) => `${link(draw)}/state`)],
  ["/go?way= floods", asking((draw) => `${link(draw)}/go?way=${below(draw.random, 120)}`)],
  [
    "/go?way= with long queries",
    asking((draw) => `${link(draw)}/go?way=${letterText(draw.random, 20_000)}`),
  ],
  [
    "/go as a picture of another site",
    withHeader(
      "Sec-Fetch-Dest",
      () => "image",
      (draw) => `${link(draw)}/go`,
    ),
  ],
  ["/poster.svg floods", asking((draw) => `${link(draw)}/poster.svg?${below(draw.random, 1e9)}`)],
  [
    "/qr.svg?size= floods",
    asking(
      (draw) =>
        `${link(draw)}/qr.svg?size=${64 + below(draw.random, 2_000)}&logo=${below(draw.random, 2)}`,
    ),
  ],
  ["very long paths", asking((draw) => `${link(draw)}/${letterText(draw.random, pathAtMost)}`)],
  ["very long queries", asking((draw) => `${link(draw)}?${repeated("a=b&", pathAtMost)}`)],
  [
    "percent garbage",
    asking(
      ({ random }) =>
        `/${repeated(oneOf(random, ["%", "%zz", "%C0%AF", "%00", "..%2f", "%E4%B8", "//"]), below(random, 3_000) + 1)}`,
    ),
  ],
  [
    "addresses of any kind",
    (draw) => {
      const { random, at } = draw;
      const value = () =>
        oneOf(random, [
          anyAddress(random),
          letterText(random, 10_000),
          repeated("1.1.1.1, ", 20_000),
          "::::",
          "\u00ff\u00fe",
          "",
        ]);
      const names = [
        "X-Forwarded-For",
        "CF-Connecting-IP",
        "X-Real-IP",
        "Forwarded",
        "True-Client-IP",
      ];
      return {
        path: at % 2 === 0 ? link(draw) : "/api/links",
        headers: [agent(oneOf(random, real)), ...names.map((name) => [name, value()] as const)],
      };
    },
  ],
  [
    "a place of any kind",
    withHeader("MF-CF-Blob", ({ random }) =>
      oneOf(random, ["{", "[]", "null", '{"country":1}', "%"]),
    ),
  ],
  [
    "a hundred headers",
    (draw) => ({
      path: link(draw),
      headers: Array.from({ length: 100 }, (_, index) => [`X-${index}`, "a"] as const),
    }),
  ],
  [
    "odd methods",
    (draw) => ({
      method: oneOf(draw.random, [
        "PUT",
        "DELETE",
        "TRACE",
        "OPTIONS",
        "PROPFIND",
        "CONNECT",
        "NOSUCH",
      ]),
      path: oneOf(draw.random, [link(draw), "/api/links", "/console/", "/healthz"]),
    }),
  ],
  ["half a head", (draw) => ({ path: link(draw), isHalf: true })],
  ...bodies,
];
