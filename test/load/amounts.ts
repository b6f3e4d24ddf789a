/** @module How much each part of the benchmark does: in a whole run, a quick one, and one of seconds. */

/** How targets are loaded in turn (rounds.ts). */
export interface Pace {
  /** Requests of the first warm-up; what it shows sets the length of the second, and of the rounds. */
  first: number;
  /** s of the second warm-up, until the hot code is compiled for good; 0 for none. */
  warmUp: number;
  rounds: number;
  /** s of a round. */
  seconds: number;
}

export interface Amounts {
  /** Parts run beside each other, and share services and workers, even those that would want their own. */
  isShared: boolean;
  /** A part that takes longer hangs. */
  partSeconds: number;
  speed: Pace;
  /** @property pollers keys that ask in turn; one alone would soon be over its limit */
  statsGrowth: Pace & { links: readonly [few: number, many: number]; pollers: number };
  /** @property rounds of some thousand user agents, of which the best counts */
  agents: { rounds: number };
  polledLinks: number;
  /** Calls of the API in a round, one after the other. */
  calls: number;
  links: Pace & {
    /** Few, more, most. */
    counts: readonly number[];
    perStream: number;
    /** Links opened at random where one is opened alone otherwise, of so many streams. */
    sample: { links: number; streams: number; seconds: number };
    /** Links of which each is opened once, more than are opened. */
    firstOf: number;
    /** Every link through the API, which takes minutes for 100,000. */
    byApi: boolean;
    /** ms until a service is at rest: what it counted is in the tables too (foldTimes of the Counter's ledger). */
    restsFor: number;
  };
  /** Opens of which each must be counted, of streams with so many shards, in so many runs of the service. */
  exact: readonly { opens: number; shards: number; runs: number }[];
  /** ms that the counts must stand still to be the last. */
  still: number;
  /** s that links are opened, and s that follow until all is at rest. */
  rows: { seconds: number; rest: number };
  /** Opens awaited in the stats. */
  visible: number;
  naiveOpens: number;
  paints: number;
  cold: {
    processes: number;
    /** Processes without a store, of each kind. */
    startups: number;
    /** Requests after the first. */
    warm: number;
    /** ms that a process which starts is busy with itself, on cores that others share. */
    startsUpIn: number;
    /** ms until the objects have nothing left to do that a fresh process would begin with. */
    alarmsDone: number;
  };
  /** @property quietMs how long links are made without an import, in ms */
  /**
   * @property times of a commit and a fold in a round; a tenth of them reads
   * @property crowd streams at once
   */
  many: {
    streams: readonly (readonly [links: number, days: number])[];
    times: number;
    rounds: number;
    crowd: number;
  };
  /** @property pause ms between reads: longer than a reader remembers what it read */
  lowered: { shards: number; links: readonly number[]; rounds: number; pause: number };
  firstStats: { links: number; perStream: number };
  imported: { rows: number; quietMs: number };
  carried: { opens: number; unknownSlugs: number };
  /** Three loads a round, of so many seconds each. */
  slowDisk: { seconds: number; rounds: number };
  hostile: {
    requests: number;
    /** As many as warm up, and go to no link. */
    aside: number;
    perSecond: number;
    /** s after which no more of them are sent. */
    within: number;
    /** ms after which one is cut. */
    patience: number;
    /** Characters of a long header, bytes of a long body. */
    long: number;
    large: number;
    /** s of honest load alone: before, and after. */
    alone: number;
    honestPerSecond: number;
    /** Requests of the loads that warm up, and that let memory settle. */
    push: number;
    hotLinks: number;
    unknownSlugs: number;
  };
}

const pace: Pace = { first: 300, warmUp: 2, rounds: 60, seconds: 0.25 };

const whole: Amounts = {
  isShared: false,
  partSeconds: 1_800,
  speed: pace,
  statsGrowth: { ...pace, rounds: 8, seconds: 0.5, links: [10, 1_000], pollers: 24 },
  agents: { rounds: 40 },
  polledLinks: 1_000,
  calls: 200,
  links: {
    ...pace,
    rounds: 12,
    seconds: 0.5,
    counts: [10, 10_000, 100_000],
    perStream: 1_000,
    sample: { links: 1_000, streams: 10, seconds: 1 },
    firstOf: 40_000,
    byApi: false,
    restsFor: 12_000,
  },
  exact: [
    { opens: 200_000, shards: 1, runs: 1 },
    { opens: 200_000, shards: 8, runs: 4 },
  ],
  still: 1_500,
  rows: { seconds: 125, rest: 14 },
  visible: 100,
  naiveOpens: 1_000,
  paints: 15,
  cold: { processes: 5, startups: 9, warm: 50, startsUpIn: 1_500, alarmsDone: 3_000 },
  many: {
    streams: [
      [50, 1],
      [1_000, 1],
      [10_000, 1],
      [50, 60],
    ],
    times: 40,
    rounds: 5,
    crowd: 1_000,
  },
  lowered: { shards: 64, links: [50, 1_000], rounds: 9, pause: 450 },
  firstStats: { links: 40_000, perStream: 1_000 },
  imported: { rows: 100_000, quietMs: 2_000 },
  slowDisk: { seconds: 5, rounds: 5 },
  carried: { opens: 1_000_000, unknownSlugs: 40_000 },
  hostile: {
    requests: 20_000,
    aside: 16_000,
    perSecond: 400,
    within: 120,
    patience: 5_000,
    long: 100_000,
    large: 4 * 2 ** 20,
    alone: 15,
    honestPerSecond: 100,
    push: 5_000,
    hotLinks: 50,
    unknownSlugs: 20_500,
  },
};

const quick: Amounts = {
  ...whole,
  speed: { ...pace, rounds: 10 },
  statsGrowth: { ...whole.statsGrowth, rounds: 4 },
  links: { ...whole.links, rounds: 3, counts: [10, 10_000] },
  exact: whole.exact.map((one) => ({ ...one, opens: 20_000 })),
  rows: { seconds: 65, rest: 12 },
  visible: 20,
  paints: 5,
  cold: { ...whole.cold, processes: 2, startups: 5 },
  many: {
    ...whole.many,
    streams: [
      [50, 1],
      [1_000, 1],
      [50, 60],
    ],
  },
  lowered: { ...whole.lowered, rounds: 5 },
  firstStats: { ...whole.firstStats, links: 10_000 },
  imported: { ...whole.imported, rows: 20_000 },
  hostile: { ...whole.hostile, requests: 6_000, aside: 4_000, within: 40, alone: 6 },
};

const short: Pace = { first: 32, warmUp: 0, rounds: 1, seconds: 0.01 };

/** Runs every line and shows nothing else: its figures mean nothing. */
const smoke: Amounts = {
  isShared: true,
  partSeconds: 90,
  speed: short,
  statsGrowth: { ...short, links: [2, 12], pollers: 2 },
  agents: { rounds: 20 },
  polledLinks: 12,
  calls: 5,
  links: {
    ...short,
    counts: [2, 12],
    perStream: 4,
    sample: { links: 4, streams: 2, seconds: 0.01 },
    firstOf: 12,
    byApi: false,
    restsFor: 10,
  },
  exact: [{ opens: 256, shards: 2, runs: 2 }],
  still: 300,
  rows: { seconds: 0.5, rest: 0.3 },
  visible: 1,
  naiveOpens: 64,
  paints: 1,
  cold: { processes: 1, startups: 1, warm: 3, startsUpIn: 0, alarmsDone: 0 },
  many: {
    streams: [
      [2, 1],
      [4, 2],
    ],
    times: 2,
    rounds: 1,
    crowd: 3,
  },
  lowered: { shards: 3, links: [2, 3], rounds: 1, pause: 0 },
  firstStats: { links: 12, perStream: 6 },
  imported: { rows: 200, quietMs: 100 },
  slowDisk: { seconds: 1, rounds: 1 },
  carried: { opens: 300, unknownSlugs: 100 },
  hostile: {
    requests: 150,
    aside: 50,
    perSecond: 300,
    within: 5,
    patience: 300,
    long: 1_000,
    large: 200_000,
    alone: 0.4,
    honestPerSecond: 50,
    push: 64,
    hotLinks: 3,
    unknownSlugs: 64,
  },
};

export const forms = { whole, quick, smoke };
