/** @module Notifiers: group robots and signed webhooks that are told what happens to streams. */

import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ApiEnv, byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { type Env, notifyHosts } from "../../config/env.ts";
import { atField, Problem } from "../../http/problem.ts";
import { definedOnly } from "../../lib/records.ts";
import { type Said, said } from "../../lib/said.ts";
import type { Audited } from "../../model/audit-entry.ts";
import { IdParams } from "../../model/bounded.ts";
import { type NotifierKind, robotOf } from "../../notify/channels/index.ts";
import { isWebhookSecret, newWebhookSecret } from "../../notify/channels/webhook.ts";
import { eventTypes } from "../../notify/events.ts";
import {
  CreatedNotifierView,
  type NotifierChange,
  NotifierInput,
  NotifierPatch,
  NotifierView,
  type ShownNotifier as Shown,
  TestView,
  tellNotifier,
} from "../../notify/notifier.ts";
import { readAddress } from "../../notify/notifier-url.ts";
import { notifierOf } from "../../notify/stub.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { paging } from "../queries.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";

const admin = requires("admin");

/** @throws {Problem} that names what is wrong, never the URL */
function addressOf(env: Env, kind: NotifierKind, url: string): string {
  const reading = readAddress(kind, url, notifyHosts(env));
  if (reading.ok) return reading.url;
  const { detail, code } = reading;
  throw new Problem("notifier_refused", detail, [{ pointer: "/url", message: detail }], code);
}

function checkSecret(kind: NotifierKind, secret: string | null | undefined): void {
  if (secret === undefined) return;
  const message =
    kind === "webhook"
      ? secret !== null && isWebhookSecret(secret)
        ? null
        : said(
            "Expected whsec_ and the base64 of 24 to 64 bytes.",
            "须为 whsec_ 加上 24 到 64 字节的 base64。",
          )
      : secret !== null && !robotOf(kind)?.hasSecret
        ? said(
            "This robot has no signature: the key in its URL is all its security.",
            "这种机器人没有加签：网址里的 key 就是它的全部安全设置。",
          )
        : null;
  if (message !== null) throw invalid("/secret", message);
}

function checkKeyword(kind: NotifierKind, keyword: string | null | undefined): void {
  if (keyword && kind === "webhook")
    throw invalid("/keyword", said("A webhook has no keyword.", "Webhook 没有关键词。"));
}

/** What an import brought can't go on before it has what no export has. */
function refuseUnset({ needs }: Shown, change: NotifierChange): void {
  const missing = needs
    .filter((need) => change[need] === undefined)
    .map((need) => ({
      pointer: `/${need}`,
      message: said("It is to be set again: an export has none.", "需要重新设置：导出里没有它。"),
    }));
  if (missing.length === 0) return;
  const named = missing.map(({ pointer }) => pointer.slice(1));
  const detail = said(
    `Its ${named.join(" and ")} is to be set again first: it came with an import.`,
    `请先重新设置它的 ${named.join(" 和 ")}：它是导入进来的。`,
  );
  throw new Problem("notifier_refused", detail, missing, "to_be_set_again");
}

const invalid = (pointer: string, message: Said) => atField("invalid_request", pointer, message);

/** `undefined` where nothing was said, `null` for all. */
async function streamsOf(
  env: Env,
  asked: "all" | string[] | null | undefined,
): Promise<string[] | null | undefined> {
  if (asked === undefined) return undefined;
  if (asked === null || asked === "all") return null;
  const ids = [...new Set(asked)];
  const found = await Promise.all(ids.map((id) => catalogOf(env).stream(id)));
  const missing = asked.flatMap((id, index) =>
    found[ids.indexOf(id)]?.ok
      ? []
      : [
          {
            pointer: `/streams/${index}`,
            message: said(`There is no stream ${id}.`, `没有直播 ${id}。`),
          },
        ],
  );
  if (missing[0]) throw new Problem("invalid_request", missing[0].message, missing);
  return ids;
}

/** What the audit log says of a notifier: neither its URL nor its secret. */
function settingsOf({ kind, name, keyword, events, streams, language, disabledAt }: Shown): object {
  return { kind, name, keyword, events, streams: streams ?? "all", language, disabledAt };
}

/** The Notifier is an object of its own: the entry follows the change, in the log of the Catalog. */
const noted = (c: Context<ApiEnv>, change: Audited): Promise<void> =>
  catalogOf(c.env).noteChange(change, byOf(c));

const missing = (id: string) =>
  new Problem("not_found", said(`There is no notifier ${id}.`, `没有通知 ${id}。`));

export const notifiers = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/notifiers",
      ...takesIdempotencyKey,
      summary: "Creates a notifier: a group robot, or a signed webhook (Standard Webhooks)",
      description:
        "`events` defaults to all, `streams` to all, `language` (of robots) to zh-CN. A webhook without a secret gets one, which is shown in this answer only.",
      security: admin,
      request: { body: jsonBody(NotifierInput) },
      responses: {
        201: jsonAnswer("Created", CreatedNotifierView),
        ...commonProblems,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { kind, name, url, secret, keyword, events, streams, language } = c.req.valid("json");
      checkSecret(kind, secret);
      checkKeyword(kind, keyword);
      const address = addressOf(c.env, kind, url);
      const made = kind === "webhook" && secret === undefined ? newWebhookSecret() : undefined;
      const created: Shown | null = await notifierOf(c.env).create({
        kind,
        name,
        url: address,
        secret: made ?? secret ?? null,
        keyword: keyword ?? null,
        events: events ?? [...eventTypes],
        streams: (await streamsOf(c.env, streams)) ?? null,
        language: language ?? "zh-CN",
      });
      if (!created)
        throw new Problem(
          "notifier_refused",
          said("There are 50 notifiers already.", "已有 50 个通知，不能再加。"),
        );
      await noted(c, {
        action: "notifier.created",
        target: created.id,
        after: settingsOf(created),
      });
      c.header("Cache-Control", "no-store");
      return c.json(
        { ...tellNotifier(created), ...(made === undefined ? {} : { secret: made }) },
        201,
      );
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/notifiers",
      summary: "Lists notifiers, without their URLs and secrets",
      security: admin,
      request: { query: z.strictObject(paging) },
      responses: {
        200: jsonAnswer("A page of notifiers", pageOf(NotifierView)),
        ...commonProblems,
      },
    }),
    async (c) => {
      const { limit, cursor = 0 } = c.req.valid("query");
      const all: Shown[] = await notifierOf(c.env).list();
      const end = cursor + limit;
      const nextCursor = all.length > end ? String(end) : null;
      return c.json({ data: all.slice(cursor, end).map(tellNotifier), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/notifiers/{id}",
      summary: "Changes a notifier; `disabled: false` switches it on again",
      security: admin,
      request: { params: IdParams, body: jsonBody(NotifierPatch) },
      responses: {
        200: jsonAnswer("Changed", NotifierView),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { url, streams: asked, ...fields } = c.req.valid("json");
      const notifier = notifierOf(c.env);
      const all: Shown[] = await notifier.list();
      const known = all.find((one) => one.id === id);
      if (!known) throw missing(id);
      checkSecret(known.kind, fields.secret);
      checkKeyword(known.kind, fields.keyword);
      const address = url === undefined ? undefined : addressOf(c.env, known.kind, url);
      const streams = await streamsOf(c.env, asked);
      const change = definedOnly({ ...fields, url: address, streams });
      if (fields.disabled === false) refuseUnset(known, change);
      const changed: Shown | null = await notifier.change(id, change);
      if (!changed) throw missing(id);
      await noted(c, {
        action: "notifier.changed",
        target: id,
        before: settingsOf(known),
        after: {
          ...settingsOf(changed),
          // That these changed is told, and nothing of what they are.
          ...(url === undefined ? {} : { url: "changed" }),
          ...(fields.secret === undefined ? {} : { signingSecret: "changed" }),
        },
      });
      return c.json(tellNotifier(changed), 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/notifiers/{id}",
      summary: "Deletes a notifier, and what waits for it",
      security: admin,
      request: { params: IdParams },
      responses: { 204: { description: "Deleted" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const notifier = notifierOf(c.env);
      const all: Shown[] = await notifier.list();
      const known = all.find((one) => one.id === id);
      if (!known || !(await notifier.delete(id))) throw missing(id);
      await noted(c, { action: "notifier.deleted", target: id, before: settingsOf(known) });
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/notifiers/{id}/test",
      ...takesIdempotencyKey,
      summary: "Sends a test message now, and says whether it arrived, else what to mend",
      security: admin,
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("What became of it", TestView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const result = await notifierOf(c.env).sendTest(id);
      if (!result) throw missing(id);
      return c.json(result, 200);
    },
  );
