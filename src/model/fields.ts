/**
 * @module A thing's fields in one table: of each, how the store and a line of an export have it, how a request gives
 * it, how an answer tells it. The forms of a thing are made of its table, here; stream.ts, link.ts, destination.ts and
 * key.ts are tables.
 */
import { z } from "@hono/zod-openapi";
import { own, recordOf } from "../lib/records.ts";
import { instant, moment, past } from "./bounded.ts";

/** A form that a field has no part in is left out. */
interface Field {
  kept: z.ZodType;
  given?: z.ZodType;
  told?: z.ZodType;
  /** Of what is kept, where an answer says it otherwise. */
  tell?: (kept: never) => unknown;
  /** No thing is made without it. */
  isNeeded?: true;
  /** `new`: it is given when the thing is made, and never changed; `later`: the other way round. */
  when?: "new" | "later";
}

type Fields = { readonly [name in string]: Field };

/** A row, as the store has it. */
export type Kept<F extends Fields> = { -readonly [K in keyof F]: z.output<F[K]["kept"]> };

type KeptShape<F extends Fields> = { -readonly [K in keyof F]: F[K]["kept"] };
export const keptShape = <F extends Fields>(fields: F): KeptShape<F> =>
  recordOf(Object.entries(fields).map(([name, { kept }]) => [name, kept])) as never;

type GivenOf<F extends Field> = F extends { given: infer G extends z.ZodType } ? G : never;
/** Of the fields that a request gives, those that are not given in the other case alone. */
type Given<F extends Fields, InTheOther extends "new" | "later"> = {
  [K in keyof F]: F[K] extends { given: z.ZodType }
    ? F[K] extends { when: InTheOther }
      ? never
      : K
    : never;
}[keyof F];
type NameOfNew<F extends Fields> = Given<F, "later">;
type NameOfChange<F extends Fields> = Given<F, "new">;

const isGivenNew = ({ given, when }: Field): boolean => given !== undefined && when !== "later";

type NewShape<F extends Fields> = {
  -readonly [K in NameOfNew<F>]: F[K] extends { isNeeded: true }
    ? GivenOf<F[K]>
    : z.ZodOptional<GivenOf<F[K]>>;
};
/** What a request that makes the thing may say. */
export const newShape = <F extends Fields>(fields: F): NewShape<F> =>
  recordOf(
    Object.entries(fields).flatMap(([name, field]) =>
      field.given && isGivenNew(field)
        ? [[name, field.isNeeded ? field.given : field.given.optional()]]
        : [],
    ),
  ) as never;

/** Of what a request gave, the fields of this thing. */
export const givenFor = <F extends Fields, Input extends object>(
  fields: F,
  input: Input,
): Pick<Input, NameOfNew<F> & keyof Input> =>
  recordOf(
    Object.entries(input).filter(([name]) => {
      const field = own(fields, name);
      return field !== undefined && isGivenNew(field);
    }),
  ) as never;

type ChangeShape<F extends Fields> = {
  -readonly [K in NameOfChange<F>]: z.ZodOptional<
    null extends z.output<F[K]["kept"]> ? z.ZodNullable<GivenOf<F[K]>> : GivenOf<F[K]>
  >;
};
/** What a request that changes it may say: any field, and `null` for one that may be empty. */
export const changeShape = <F extends Fields>(fields: F): ChangeShape<F> =>
  recordOf(
    Object.entries(fields).flatMap(([name, { kept, given, when }]) => {
      if (given === undefined || when === "new") return [];
      return [[name, (kept.isNullable() ? given.nullable() : given).optional()]];
    }),
  ) as never;

/** What is kept of a new thing, once what a request gave is read. */
export type New<F extends Fields> = { [K in NameOfNew<F>]?: Kept<F>[K] | undefined };
/** The same of a change. */
export type Change<F extends Fields> = { [K in NameOfChange<F>]?: Kept<F>[K] | undefined };

type ToldShape<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends { told: z.ZodType } ? K : never]: F[K] extends {
    told: infer T extends z.ZodType;
  }
    ? T
    : never;
};
/** What an answer says. */
export const toldShape = <F extends Fields>(fields: F): ToldShape<F> =>
  recordOf(
    Object.entries(fields).flatMap(([name, { told }]) =>
      told === undefined ? [] : [[name, told]],
    ),
  ) as never;

/** By what it is told by, so that an answer's schema is compared with what is told. */
type Told<F extends Fields> = {
  [K in keyof ToldShape<F> & keyof F]: F[K] extends { tell: (kept: never) => infer T }
    ? T
    : Kept<F>[K];
};
/** A row as an answer says it. */
export const told = <F extends Fields>(fields: F, row: Kept<F>): Told<F> =>
  recordOf(
    Object.entries(fields).flatMap(([name, { told: schema, tell }]) => {
      const value = own(row, name) as never;
      return schema === undefined ? [] : [[name, tell ? tell(value) : value]];
    }),
  ) as never;

export const nullable = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** A time in an answer. */
export const toldMoment = z.string().openapi({ format: "date-time" });
export const isoOf = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : isoOf(at));

/** Of what is deleted, when; other answers leave it out. */
export const toldOfDeleted = { deletedAt: toldMoment.optional() };
export const tellDeleted = ({ deletedAt }: { deletedAt: number | null }) =>
  deletedAt === null ? {} : { deletedAt: isoOf(deletedAt) };

/** A text that may be empty. */
export const optionalText = <S extends z.ZodType<string>>(schema: S) => ({
  kept: schema.nullable(),
  given: schema,
  told: nullable(z.string()),
});
/** The same, of one that rows of exports before it lack. */
export const lately = <S extends z.ZodType<string>>(schema: S) => ({
  ...optionalText(schema),
  kept: schema.nullable().default(null),
});
/** A choice, as it is kept, given and told. */
export const choice = <S extends z.ZodType>(schema: S) => ({
  kept: schema,
  given: schema,
  told: schema,
});
/** A time that may be empty, UTC ms; RFC 3339 outside. */
export const optionalMoment = {
  kept: instant.nullable(),
  given: moment,
  told: nullable(toldMoment),
  tell: isoOrNull,
};
/** A time that the service notes itself. */
export const notedMoment = { kept: past, told: toldMoment, tell: isoOf };
export const notedMomentOrNone = {
  kept: past.nullable(),
  told: nullable(toldMoment),
  tell: isoOrNull,
};
export const version = { kept: z.int().min(1).max(1_000_000_000) };
