/**
 * @module Mutants that no test can kill, since no figure, no row and no answer differs: by file and line, what
 * is put in place of what, and why nothing shows it. A survivor that is not here fails `npm run mutants`, and
 * so does an entry that was killed.
 */

export interface Equivalent {
  file: string;
  /** The line in which the mutant begins, trimmed. */
  line: string;
  /** What is replaced, and by what; spaces as one. */
  mutants: readonly (readonly [from: string, to: string])[];
  why: string;
}

export const equivalent: readonly Equivalent[] = [
  {
    file: "src/counting/epoch.ts",
    line: "if (startsAt !== undefined) {",
    mutants: [["startsAt !== undefined", "true"]],
    why: "Without a start the bounds are NaN, and no moment is within them.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let index = 0; index < from.length; index += 1) {",
    mutants: [["index < from.length", "index <= from.length"]],
    why: "Beyond the end there is no rank, which is 0 and higher than none.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (rank > (into[index] ?? 0)) into[index] = rank;",
    mutants: [["rank > (into[index] ?? 0)", "rank >= (into[index] ?? 0)"]],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (start === 1) return Number.POSITIVE_INFINITY;",
    mutants: [["start === 1", "false"]],
    why: "A shortcut: the sum doubles until it is infinite, after 1,024 rounds.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let before = -1; before !== z; y += y) {",
    mutants: [["-1", "+1"]],
    why: "Only has to differ from z, which is below 1 there.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (start === 0 || start === 1) return 0;",
    mutants: [
      ["start === 0 || start === 1", "false"],
      ["start === 0 || start === 1", "start === 0 && start === 1"],
      ["start === 0", "false"],
      ["start === 1", "false"],
    ],
    why: "A shortcut: the sum comes to 0 for both, after 1,074 rounds and at once.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let before = -1; before !== z; ) {",
    mutants: [["-1", "+1"]],
    why: "Only has to differ from z, which is below 1 there.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let index = 0; index < sketch.length; index += 1) {",
    mutants: [["index < sketch.length", "index <= sketch.length"]],
    why: "Beyond the end there is no rank, and nothing is written.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (words[word] === 0) continue;",
    mutants: [["words[word] === 0", "false"]],
    why: "A shortcut: of a register that is not set nothing is written.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "const isSparse = set.length < sketch.length;",
    mutants: [["set.length < sketch.length", "set.length <= sketch.length"]],
    why: "Three bytes a register are never as many as a power of two.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let at = 0; at + 2 < set.length; at += 3) {",
    mutants: [
      ["at + 2 < set.length", "at + 2 <= set.length"],
      ["at + 2", "at - 2"],
    ],
    why: "Of a text that was cut short, or beyond its end, it takes a register with no rank, which leaves it as it is.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (place.rank > (low[place.index] ?? 0)) low[place.index] = place.rank;",
    mutants: [["place.rank > (low[place.index] ?? 0)", "place.rank >= (low[place.index] ?? 0)"]],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/counting/counter/group-commit.ts",
    line: "await this.#group?.committed;",
    mutants: [["this.#group?.committed", "this.#group.committed"]],
    why: "What is pending is in a group: both end in the same turn.",
  },
  {
    file: "src/counting/counter/group-commit.ts",
    line: "while (this.#pending.has(producer)) await this.#group?.committed;",
    mutants: [["this.#group?.committed", "this.#group.committed"]],
    why: "What is pending is in a group: both end in the same turn.",
  },
  {
    file: "src/counting/counter/group-commit.ts",
    line: "committed.catch(() => undefined);",
    mutants: [["committed.catch(() => undefined);", ";"]],
    why: "Whoever opens a group waits for it, so a rejection is always seen.",
  },
  {
    file: "src/counting/query/part.ts",
    line: 'within(answer, shardWithin, "the shard");',
    mutants: [['"the shard"', '""']],
    why: "A word of the log, of a shard that was late.",
  },
  {
    file: "src/counting/query/read.ts",
    line: 'if (visitors === "too many") return 0;',
    mutants: [
      ['visitors === "too many"', "false"],
      ['"too many"', '""'],
    ],
    why: "It would weigh 640 bytes of 12 MiB.",
  },
  {
    file: "src/counting/query/read.ts",
    line: "const isLight = weightBeside(counts, parts) <= partsBytes;",
    mutants: [
      ["weightBeside(counts, parts) <= partsBytes", "weightBeside(counts, parts) < partsBytes"],
    ],
    why: "What weighs 6 MiB to the byte may be remembered or not.",
  },
  {
    file: "src/counting/isolate/lane.ts",
    line: "this.#driver += 1;",
    mutants: [["this.#driver += 1", "this.#driver -= 1"]],
    why: "Drivers only have to differ.",
  },
  {
    file: "src/counting/isolate/lane.ts",
    line: 'await within(salted, saltWithin, "the salt", this.#ports).catch(() => undefined);',
    mutants: [['"the salt"', '""']],
    why: "Nobody hears of a salt that was late.",
  },
  {
    file: "src/counting/isolate/lane.ts",
    line: 'const ack = await within(delivery, atMost, "the Counter", this.#ports);',
    mutants: [['"the Counter"', '""']],
    why: "What an attempt failed of is only looked at for an overload.",
  },
  {
    file: "src/counting/isolate/visitors.ts",
    line: "readonly #lane = ++lanes;",
    mutants: [["++lanes", "--lanes"]],
    why: "Lanes only have to differ.",
  },
  {
    file: "src/counting/isolate/visitors.ts",
    line: "if (rank > (sighting.ranks.get(index) ?? 0)) sighting.ranks.set(index, rank);",
    mutants: [
      ["rank > (sighting.ranks.get(index) ?? 0)", "rank >= (sighting.ranks.get(index) ?? 0)"],
    ],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/model/phase.ts",
    line: "...(startsAt === null ? {} : { startsAt }),",
    mutants: [["startsAt === null", "false"]],
    why: "No start, taken for a number, is that of 1970: long past, as a stream without one is open.",
  },
  {
    file: "src/lib/zones.ts",
    line: "const formatters = new BoundedMap<string, Intl.DateTimeFormat>({",
    mutants: [["{ bytes: 33 * formatterBytes, weigh: () => formatterBytes, }", "{}"]],
    why: "How many formatters are remembered shows in memory alone.",
  },
  {
    file: "src/lib/zones.ts",
    line: "weigh: () => formatterBytes,",
    mutants: [["() => formatterBytes", "() => undefined"]],
    why: "How many formatters are remembered shows in memory alone.",
  },
  {
    file: "src/lib/zones.ts",
    line: 'const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";',
    mutants: [
      ['"GMT"', '""'],
      [
        'parts.find(({ type }) => type === "timeZoneName")?.value',
        'parts.find(({ type }) => type === "timeZoneName").value',
      ],
    ],
    why: "The name is always among the parts, since it is asked for.",
  },
  {
    file: "src/lib/zones.ts",
    line: "if (!match) return 0;",
    mutants: [["!match", "false"]],
    why: "Node's ICU writes GMT+00:00; others write GMT alone, which this is for.",
  },
  {
    file: "src/orders/apply-events.ts",
    line: "for (const { line, orders, gmv, commission, refunds } of salesOf(lines ?? [])) {",
    mutants: [["[]", '["Stryker was here"]']],
    why: "A text has no state, so it sells nothing.",
  },
  {
    file: "src/orders/import/fees.ts",
    line: "if (!known) this.#gathered.set(key, one);",
    mutants: [["!known", "true"]],
    why: "What is known is set over itself.",
  },
  {
    file: "src/orders/matching.ts",
    line: "known.set(ids, found);",
    mutants: [["known.set(ids, found);", ";"]],
    why: "It is found again, and the same.",
  },
  {
    file: "src/orders/matching.ts",
    line: "if (![...roomFields].some((field) => told.has(field))) return promoters;",
    mutants: [
      ["![...roomFields].some((field) => told.has(field))", "false"],
      [
        "[...roomFields].some((field) => told.has(field))",
        "[...roomFields].every(field => told.has(field))",
      ],
    ],
    why: "Where no room is told nothing is known of any, and all stay; and one platform's orders alone name a room.",
  },
  {
    file: "src/orders/matching.ts",
    line: "if (told.has(field)) return isTold(told, field, room);",
    mutants: [["told.has(field)", "true"]],
    why: "One platform's orders alone name a room, and this one does.",
  },
  {
    file: "src/orders/matching.ts",
    line: "return apart < 0 || (apart === 0 && a.slug < b.slug);",
    mutants: [["a.slug < b.slug", "a.slug <= b.slug"]],
    why: "No two links have one slug.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "unknown: -1,",
    mutants: [["-1", "+1"]],
    why: "An unknown state's rank is compared with another unknown one's alone.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "if (a && (a.at > at || (a.at === at && a.value >= value))) return a;",
    mutants: [["a.value >= value", "a.value > value"]],
    why: "An equal register is made anew with the same content.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "if (a.at !== b.at) return isTerminal(b.state) ? b.at < a.at : b.at > a.at;",
    mutants: [
      ["b.at < a.at", "b.at <= a.at"],
      ["b.at > a.at", "b.at >= a.at"],
    ],
    why: "The two moments differ there.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "return order > 0 || (order === 0 && b.currency > a.currency);",
    mutants: [["b.currency > a.currency", "b.currency >= a.currency"]],
    why: "What is equal in everything is replaced by itself.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "currency: currency > before.currency ? currency : before.currency,",
    mutants: [["currency > before.currency", "currency >= before.currency"]],
    why: "Of two equal currencies it takes the other one.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "const sorted = recordOf(Object.entries(ids).sort(([a], [b]) => (a < b ? -1 : 1)));",
    mutants: [["a < b", "a <= b"]],
    why: "No two ids of one record have one name.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "...(name === undefined ? {} : { name }),",
    mutants: [["name === undefined", "false"]],
    why: "JSON leaves out what is undefined.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "...(clickedAt === undefined ? {} : { clickedAt }),",
    mutants: [["clickedAt === undefined", "false"]],
    why: "JSON leaves out what is undefined.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "const inOrder = lines.toSorted((a, b) => (a.subOrderId < b.subOrderId ? -1 : 1));",
    mutants: [["a.subOrderId < b.subOrderId", "a.subOrderId <= b.subOrderId"]],
    why: "The lines of an order differ in it.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "const waiting: { amount: number; at: number }[] = [];",
    mutants: [["[]", '["Stryker was here"]']],
    why: "A text has no amount, and NaN is never above 0.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "if (line.state === null && refunded > 0) waiting.push({ amount: refunded, at });",
    mutants: [
      ["refunded > 0", "true"],
      ["refunded > 0", "refunded >= 0"],
    ],
    why: "A refund of 0 is booked on no line.",
  },
  {
    file: "src/orders/order-line.ts",
    line: "if (refunded > own) waiting.push({ amount: refunded - own, at });",
    mutants: [
      ["refunded > own", "true"],
      ["refunded > own", "refunded >= own"],
    ],
    why: "A refund of 0 or less is booked on no line.",
  },
  {
    file: "src/counting/counter/archive.ts",
    line: "const [{ count } = { count: 0 }] = sql",
    mutants: [["{ count: 0 }", "{}"]],
    why: "A count is always answered.",
  },
  {
    file: "src/counting/counter/archive.ts",
    line: "if (room === 0) break;",
    mutants: [["room === 0", "false"]],
    why: "Saves statements that would find nothing, with a limit of 0.",
  },
  {
    file: "src/counting/batch.ts",
    line: 'const [slug = "", metric = "", minute = "", ...rest] = key.split("\\t");',
    mutants: [['""', '"Stryker was here!"']],
    why: "A text that is split has a first part (the slug's; those of metric and minute are killed).",
  },
  {
    file: "src/counting/batch.ts",
    line: 'dimensionKey(dimension, rest[index] ?? ""),',
    mutants: [['""', '"Stryker was here!"']],
    why: "Neither is a known key: both are other.",
  },
  {
    file: "src/counting/counter/publisher.ts",
    line: "if (put.startedAt > now) store.rememberPut({ ...put, startedAt: now });",
    mutants: [["put.startedAt > now", "put.startedAt >= now"]],
    why: "The same time is written over itself.",
  },
  {
    file: "src/counting/cumulative.ts",
    line: "if (rank > (ranks.get(index) ?? 0)) ranks.set(index, rank);",
    mutants: [["rank > (ranks.get(index) ?? 0)", "rank >= (ranks.get(index) ?? 0)"]],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/counting/cumulative.ts",
    line: 'const [slug = "", epoch = ""] = key.split("\\t");',
    mutants: [['""', '"Stryker was here!"']],
    why: "A key always has both.",
  },
  {
    file: "src/counting/counter/salts.ts",
    line: "return row?.at ?? null;",
    mutants: [["row?.at", "row.at"]],
    why: "A minimum is always answered.",
  },
  {
    file: "src/counting/counter/salts.ts",
    line: "if (row.destroyed_at < destroyedAt) {",
    mutants: [["row.destroyed_at < destroyedAt", "row.destroyed_at <= destroyedAt"]],
    why: "The same time is written over itself.",
  },
  {
    file: "src/decision/decide.ts",
    line: 'if (!("destination" in outcome) || !outcome.destination) return [];',
    mutants: [
      [
        '!("destination" in outcome) || !outcome.destination',
        '!("destination" in outcome) && !outcome.destination',
      ],
    ],
    why: "An outcome without a destination lacks the field, too.",
  },
  {
    file: "src/decision/decide.ts",
    line: "(link.expiresAt !== undefined && now >= link.expiresAt)",
    mutants: [["link.expiresAt !== undefined", "true"]],
    why: "No moment is after one that is not there.",
  },
  {
    file: "src/decision/decide.ts",
    line: 'if (!found) throw new Error("the last rule of the matrix must fit anything");',
    mutants: [
      ["!found", "false"],
      ['"the last rule of the matrix must fit anything"', '""'],
    ],
    why: "The last rule fits anything, as a test holds.",
  },
  {
    file: "src/model/phase.ts",
    line: 'if (stream.endsAt !== undefined && now >= stream.endsAt) return "ended";',
    mutants: [["stream.endsAt !== undefined", "true"]],
    why: "No moment is after one that is not there.",
  },
  {
    file: "src/model/phase.ts",
    line: 'if (stream.startsAt !== undefined && now < stream.startsAt - earlyEntry) return "upcoming";',
    mutants: [["stream.startsAt !== undefined", "true"]],
    why: "No moment is before one that is not there.",
  },
  {
    file: "src/model/phase.ts",
    line: "return stream.phase === undefined && stream.startsAt !== undefined && now < stream.startsAt;",
    mutants: [["stream.startsAt !== undefined", "true"]],
    why: "No moment is before one that is not there.",
  },
  {
    file: "src/model/phase.ts",
    line: "startsAt === undefined ? Infinity : startsAt - earlyEntry,",
    mutants: [["startsAt === undefined", "false"]],
    why: "No moment is before NaN, which is left out as the endless is.",
  },
  {
    file: "src/counting/counter/forgetting.ts",
    line: 'return typeof at === "number" ? at : undefined;',
    mutants: [['typeof at === "number"', "true"]],
    why: "No text is ever written there.",
  },
  {
    file: "src/counting/counter/forgetting.ts",
    line: "return row?.least ?? Number.POSITIVE_INFINITY;",
    mutants: [["row?.least", "row.least"]],
    why: "A minimum is always answered, be it null.",
  },
  {
    file: "src/counting/query/link-visitors.ts",
    line: "if (next && (!first || bySlugAndEpoch(next, first) < 0)) first = next;",
    mutants: [["bySlugAndEpoch(next, first) < 0", "bySlugAndEpoch(next, first) <= 0"]],
    why: "Of equal rows of several shards whichever is first, all are merged.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: "readonly #estimates = new BoundedMap<string, number>({ bytes: estimateBytes });",
    mutants: [["{ bytes: estimateBytes }", "{}"]],
    why: "Without a bound the answers are the same; memory would show it from 110,000 links on.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: "registers.slice().buffer,",
    mutants: [["registers.slice()", "registers"]],
    why: "SQLite has taken what it is given by the time that registers rise again.",
  },
  {
    file: "src/lib/zones.ts",
    line: "let low = localDay * day - day;",
    mutants: [["localDay * day", "localDay / day"]],
    why: "From an earlier bound it only takes a few more halves.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let word = 0; word < words.length; word += 1) {",
    mutants: [["word < words.length", "word <= words.length"]],
    why: "Beyond the end there is no register, and none is not set.",
  },
  {
    file: "src/counting/counter/ledger.ts",
    line: "if (news.length > 0 || also || text.length > ringBounds.row) {",
    mutants: [["text.length > ringBounds.row", "text.length >= ringBounds.row"]],
    why: "An entry of just that length may go either way: a slot has room for it, and so have the tables.",
  },
  {
    file: "src/counting/counter/ledger.ts",
    line: "characters + more > ringBounds.characters ||",
    mutants: [
      ["characters + more > ringBounds.characters", "characters + more >= ringBounds.characters"],
    ],
    why: "A ring that is just full may be folded a commit earlier.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: "this.#registers.delete(key);",
    mutants: [["this.#registers.delete(key);", ";"]],
    why: "It is the same array in both places: its bytes would be reckoned twice until it is written.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: "#textOf(slug: string, epoch: string, isOld = false): string {",
    mutants: [["false", "true"]],
    why: "A link's sketch has the precision already that old ones are folded to.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: 'const from = after ?? { slug: "", epoch: "" };',
    mutants: [['""', '"Stryker was here!"']],
    why: "No link's slug is empty, whatever the epoch.",
  },
  {
    file: "src/counting/counter/sketches.ts",
    line: "if (risen.length === 0) return written;",
    mutants: [["risen.length === 0", "false"]],
    why: "A shortcut: merging with none leaves what is written.",
  },
  {
    file: "src/counting/counter/unfolded.ts",
    line: "if (!known) this.added.set(owner, added);",
    mutants: [["!known", "true"]],
    why: "What is known is set again.",
  },
  {
    file: "src/counting/query/link-visitors.ts",
    line: "if (empty.length > 0) await Promise.all(empty.map((rows) => rows.fetch()));",
    mutants: [
      ["empty.length > 0", "true"],
      ["empty.length > 0", "empty.length >= 0"],
    ],
    why: "A shortcut: waiting for none.",
  },
  {
    file: "src/counting/query/link-visitors.ts",
    line: "const texts = ours.flatMap(({ next }) => next?.text ?? []);",
    mutants: [
      ["next?.text", "next.text"],
      ["[]", '["Stryker was here"]'],
    ],
    why: "Each of ours has a next row.",
  },
  {
    file: "src/counting/query/link-visitors.ts",
    line: "sketches.push({ owner, sketch: merged(found.flatMap((rows) => rows[index]?.text ?? [])) });",
    mutants: [
      ["rows[index]?.text", "rows[index].text"],
      ["[]", '["Stryker was here"]'],
    ],
    why: "A shard answers for each that it is asked for.",
  },
  {
    file: "src/counting/query/link-visitors.ts",
    line: "return text === undefined ? [] : { ...owner, text };",
    mutants: [
      ["text === undefined", "false"],
      ["[]", '["Stryker was here"]'],
    ],
    why: "Each was remembered, or has just been read.",
  },
  {
    file: "src/counting/query/part.ts",
    line: 'if (published) throw new Error("KV alone is wanted");',
    mutants: [['"KV alone is wanted"', '""']],
    why: "Nobody reads it: KV is read instead.",
  },
  {
    file: "src/counting/query/part.ts",
    line: 'export const unchanged = "unchanged";',
    mutants: [['"unchanged"', '""']],
    why: "A word between these modules.",
  },
  {
    file: "src/counting/query/parts.ts",
    line: "after.length === 0 ? null : readLowered(streamId, after, known?.lowered ?? null, reader),",
    mutants: [["after.length === 0", "false"]],
    why: "Of no shards there is nothing to add.",
  },
  {
    file: "src/counting/query/parts.ts",
    line: "const part = await reader.live(shard, before?.snapshot?.rev);",
    mutants: [["before?.snapshot?.rev", "before?.snapshot.rev"]],
    why: "What was answered live has a state.",
  },
  {
    file: "src/counting/query/parts.ts",
    line: "if (before) return asOfNow(before);",
    mutants: [["before", "true"]],
    why: "Who names no state is not told that it has not changed.",
  },
  {
    file: "src/counting/query/read-link-visitors.ts",
    line: 'if (visitors === "too many" || risen.length === 0) return visitors;',
    mutants: [["risen.length === 0", "false"]],
    why: "A shortcut: merging none anew leaves what is known.",
  },
  {
    file: "src/counting/query/read-link-visitors.ts",
    line: "return standing.length === 0 ? live : [...live, readStanding(state, standing)];",
    mutants: [["standing.length === 0", "false"]],
    why: "Of no shards the merged sketches are empty.",
  },
];
