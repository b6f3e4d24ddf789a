/**
 * @module A connection: an account of an alliance's, as a request gives it, as it is kept, as an answer tells it. Its
 * credentials are sealed apart (secrets.ts); of them an answer has the last four characters of the app's key. Times are UTC ms.
 */
import { z } from "@hono/zod-openapi";
import { moment, text, trimmed, words } from "../model/bounded.ts";
import { isoOf, isoOrNull, nullable } from "../model/fields.ts";
import { type AllianceName, allianceNames, type Credentials } from "./adapter.ts";

/** What went wrong last; cleared by the next call that works. */
interface ConnectionError {
  code: string;
  detail: string;
  at: number;
}

/** What the last round brought: a row is one of a platform's. */
export interface LastPull {
  /** When its round began. */
  began: number;
  /** When the last of it came. */
  at: number;
  rows: number;
  accepted: number;
  updated: number;
  duplicates: number;
  /** Rows that are no order as we know them. */
  refused: number;
}

export interface Connection {
  id: string;
  alliance: AllianceName;
  name: string;
  enabled: boolean;
  /** Instead of the platform's own. */
  apiBase: string | null;
  /** Orders from here on are pulled. */
  since: number;
  createdAt: number;
  updatedAt: number;
  /** Of the round that is under way, else of the last one. */
  lastPull: LastPull | null;
  /** When the round that is under way began; `null`: none is. */
  roundBegan: number | null;
  /** When the next round may begin. */
  nextRoundAt: number;
  error: ConnectionError | null;
  /** Nothing is asked until somebody acts: no permission, a wrong secret, a key that is not known. */
  stoppedAt: number | null;
  /** Failures since the last success. */
  tries: number;
  /** Since when it fails; told to robots once it lasts. */
  failingSince: number | null;
  /** The last four characters of the app's key; empty while an import's credentials are to be given again. */
  keyEnd: string;
  /** What robots were told of already: which failure, which end of an authorisation. */
  told: string[];
  /** When a token was last made anew. */
  renewedAt: number | null;
  /** When the token ends, and when somebody must authorise again; `null` where nothing says so. */
  expiresAt: number | null;
  authorizeBy: number | null;
  /** Why this account is not told who came back (returns/); absent while nothing refused it. Orders go on. */
  returnsRefused?: ConnectionError | null;
}

/** With what is known of its feeds, for an answer. */
export interface ShownConnection extends Connection {
  /** All changes of orders before are here; `null`: nothing was pulled yet. */
  through: number | null;
  nextPullAt: number | null;
}

const secret = (most: number) =>
  text(most)
    .trim()
    .regex(/^[\x21-\x7e]+$/, "Expected a text without spaces.")
    .openapi({ format: "password" });

const CredentialsInput = z
  .strictObject({
    appKey: trimmed(200),
    appSecret: secret(500),
    session: secret(1_000).optional(),
    accessToken: secret(2_000).optional(),
    refreshToken: secret(2_000).optional(),
    expiresAt: moment.optional(),
    refreshExpiresAt: moment.optional(),
    signSecret: secret(500).optional(),
    pushToken: secret(100).optional(),
    encodingAesKey: text(100)
      .regex(/^[A-Za-z0-9+/]{43}$/, "Expected the EncodingAESKey: 43 letters and digits.")
      .optional(),
    cpsSettleMethod: text(100)
      .regex(
        /^[A-Za-z][A-Za-z0-9.]{2,99}$/,
        "Expected a method's name, such as finance.queryCpsSettle.",
      )
      .optional(),
  } satisfies Record<keyof Credentials, z.ZodType>)
  .openapi("ConnectionCredentials");

const name = words(100);
const apiBase = trimmed(500);

export const ConnectionInput = z
  .strictObject({
    alliance: z.enum(allianceNames),
    name,
    credentials: CredentialsInput,
    apiBase: apiBase.optional().openapi({
      description:
        "The platform's own gateway unless given; another one only where OUTBOUND_ORIGINS names its origin, such as a proxy of a fixed address",
    }),
    since: moment
      .optional()
      .openapi({ description: "Seven days ago unless given; platforms reach back 90 days" }),
  })
  .openapi("ConnectionInput");

export const ConnectionPatch = z
  .strictObject({
    name: name.optional(),
    enabled: z.boolean().optional(),
    /** In parts: what is not given stays. */
    credentials: CredentialsInput.partial().optional(),
    apiBase: apiBase.nullable().optional(),
  })
  .openapi("ConnectionPatch");

export const PullInput = z
  .strictObject({ from: moment.optional(), to: moment.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "to must be after from.",
  })
  .openapi("PullInput");

const time = z.iso.datetime();
const count = z.int().min(0);
const ErrorView = z.object({ code: z.string(), detail: z.string(), at: time });

export const ConnectionView = z
  .object({
    id: z.string(),
    alliance: z.enum(allianceNames),
    name: z.string(),
    enabled: z.boolean(),
    apiBase: nullable(z.string()),
    since: time,
    through: nullable(time).openapi({ description: "Orders are here as they were at this time" }),
    lastPull: z
      .object({
        at: time,
        rows: count,
        accepted: count,
        updated: count,
        duplicates: count,
        refused: count,
      })
      .nullable(),
    nextPullAt: nullable(time),
    error: ErrorView.nullable(),
    isStopped: z.boolean().openapi({
      description:
        "Nothing is asked any more until its credentials are changed, it is enabled again, or it is pulled by hand",
    }),
    expiresAt: nullable(time).openapi({ description: "When its token ends; it is renewed before" }),
    authorizeBy: nullable(time).openapi({
      description: "When somebody must have authorised again",
    }),
    returnsError: ErrorView.nullable().openapi({
      description:
        "Why the account is not told who came back by 口令 or a 推客's link; asked again a day later, and its orders go on",
    }),
    credentials: z.object({
      appKey: z.string().openapi({
        description:
          "Its last four characters; empty while those of an import are to be given again",
      }),
    }),
    createdAt: time,
    updatedAt: time,
  })
  .openapi("Connection");

export const ConnectionTestView = z
  .object({ ok: z.boolean(), code: z.string().optional(), detail: z.string().optional() })
  .openapi("ConnectionTest");

export const tellConnection = (shown: ShownConnection): z.infer<typeof ConnectionView> => ({
  id: shown.id,
  alliance: shown.alliance,
  name: shown.name,
  enabled: shown.enabled,
  apiBase: shown.apiBase,
  since: isoOf(shown.since),
  through: isoOrNull(shown.through),
  lastPull: shown.lastPull && { ...shown.lastPull, at: isoOf(shown.lastPull.at) },
  nextPullAt: isoOrNull(shown.nextPullAt),
  error: shown.error && { ...shown.error, at: isoOf(shown.error.at) },
  isStopped: shown.stoppedAt !== null,
  expiresAt: isoOrNull(shown.expiresAt),
  authorizeBy: isoOrNull(shown.authorizeBy),
  returnsError: shown.returnsRefused
    ? { ...shown.returnsRefused, at: isoOf(shown.returnsRefused.at) }
    : null,
  credentials: { appKey: shown.keyEnd && `…${shown.keyEnd}` },
  createdAt: isoOf(shown.createdAt),
  updatedAt: isoOf(shown.updatedAt),
});
