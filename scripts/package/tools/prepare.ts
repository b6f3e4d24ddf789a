/**
 * @module What `moongate start`, `store` and `edge` have workerd do before it serves, since there is no Node beside it: read the
 * settings, choose the key and write the configurations. Why it can't, where it can't, is printed for a person.
 */
import { settingNames } from "../../../src/config/settings.ts";
import { type Keyed, mapOf } from "../../../src/lib/records.ts";
import {
  edgeConfiguration,
  elsewhereConfiguration,
  jointsOf,
  leftOf,
  mainSocket,
  outboxesOf,
  type Place,
  storageFolders,
  storeConfiguration,
} from "../../start/configuration.ts";
import { hello, helloOfEdge } from "../../start/hello.ts";
import { chooseKey, keptKeys } from "../../start/kept-keys.ts";
import { ofMiniflare } from "../../start/kv-files.ts";
import { restoringFile } from "../../start/manifest.ts";
import { secretName } from "../../start/operator.ts";
import { planFile, planIn, toOriginFolder } from "../../start/plan.ts";
import { withoutSecrets } from "../../start/secrets.ts";
import {
  givenSettings,
  inUrl,
  ofAnEdge,
  ofAService,
  type Read,
  readEdges,
  readElsewhere,
  readHost,
  readOutbox,
  readPort,
  shownUrl,
} from "../../start/settings.ts";
import { type Folder, namesIn, textIn, write } from "./tool.ts";

/** Beside the settings, as ../moongate says them. */
export const variables = [
  ...settingNames,
  "HOST",
  "PORT",
  "DATA_DIR",
  "EDGES",
  "EDGE_OUTBOX_MB",
  /** The package's folder. */
  "MOONGATE_HERE",
  /** That of what runs: sockets, and what is written here. */
  "MOONGATE_RUN",
  /** The processes that are to begin, `store edge-1`. */
  "MOONGATE_PROCESSES",
  /** This machine's own addresses, as CIDR. */
  "MOONGATE_ADDRESSES",
  /** `1` where the port's socket is handed over: then several edges can have it. */
  "MOONGATE_HANDED_OVER",
];

interface Folders {
  PACKAGE: Folder;
  DATA: Folder;
  RUN: Folder;
}

/** Of a variable that is not set the value is null. */
type Env = Folders & Keyed<string | Folder | null>;

class Refused extends Error {}

function taken<T>(read: Read<T>): T {
  if (read.ok) return read.value;
  throw new Refused(read.message);
}

function edgesOf(text: string | undefined, isHandedOver: boolean): number {
  const edges = taken(readEdges(text ?? "1", { platform: "linux", cores: 1 }));
  if (edges <= 1 || isHandedOver) return edges;
  throw new Refused(
    `EDGES is ${edges}; expected 0 or 1: several edges share the port only where systemd opens it (deploy/systemd)`,
  );
}

/** What a start can't go on from, in words. @param isElsewhere its origin is, so there is no store here */
async function hindrance(
  { DATA }: Folders,
  dataFolder: string,
  isElsewhere: boolean,
): Promise<string | null> {
  if (isElsewhere && (await namesIn(DATA, "do")).length > 0) return ofAService(dataFolder);
  const isOfEdge = (await namesIn(DATA, toOriginFolder)).length > 0;
  if (!isElsewhere && isOfEdge) return ofAnEdge(dataFolder);
  if ((await textIn(DATA, restoringFile)) !== null)
    return `DATA_DIR ${dataFolder} has a copy that was not restored to its end: run \`moongate restore\` again`;
  return (await namesIn(DATA, `${ofMiniflare.folder}/${ofMiniflare.key}`)).length > 0
    ? `DATA_DIR ${dataFolder} has KV as an earlier release kept it: start it once with Node, by \`npm start\` of this release, which moves it`
    : null;
}

/** @param process `store`, which has 0, or `edge-1`, … */
function numberOf(process: string): number {
  if (process === "store") return 0;
  const [, digits] = /^edge-([1-9]\d*)$/.exec(process) ?? [];
  if (digits === undefined) throw new Refused(`${process}: expected the number of an edge, from 1`);
  return Number(digits);
}

async function prepare(env: Env): Promise<void> {
  const values = mapOf<string | Folder | null>(env);
  const given = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const said = (name: string): string | undefined => given(name) || undefined;
  const [root = "", dataFolder = "", run = ""] = ["MOONGATE_HERE", "DATA_DIR", "MOONGATE_RUN"].map(
    said,
  );
  const host = taken(readHost(said("HOST")));
  const port = taken(readPort(said("PORT")));
  const elsewhere = taken(readElsewhere(said("EDGE_ORIGIN"), said("EDGE_SECRET")));
  const asked = edgesOf(said("EDGES"), said("MOONGATE_HANDED_OVER") === "1");
  const edges = elsewhere ? Math.max(1, asked) : asked;
  const isElsewhere = elsewhere !== null;
  const hindered = await hindrance(env, dataFolder, isElsewhere);
  if (hindered !== null) throw new Refused(hindered);

  const keys = await Promise.all(
    keptKeys.map(async (kept) => {
      const keptText = (await textIn(env.DATA, kept.file)) ?? undefined;
      const keptIn = `${dataFolder}/${kept.file}`;
      return { ...kept, ...taken(chooseKey(kept, given(kept.setting), keptText, keptIn)), keptIn };
    }),
  );
  const admin = keys.find(({ setting }) => setting === "ADMIN_KEY");

  const place: Place = {
    root,
    dataFolder,
    addressOf: (socket) =>
      socket === mainSocket ? `${inUrl(host)}:${port}` : `unix:${run}/${socket}`,
    edges,
    outboxBytes: taken(readOutbox(said("EDGE_OUTBOX_MB"))),
    leftOutboxes: leftOf(await namesIn(env.DATA, outboxesOf(isElsewhere)), edges),
    around: {
      ownAddresses: (said("MOONGATE_ADDRESSES") ?? "").split(/\s+/).filter((one) => one !== ""),
      certificates: [],
    },
    hearsLogs: false,
  };
  const plan = planIn(root, (await textIn(env.PACKAGE, `dist/${planFile}`)) ?? "");
  const settings = new Map([...givenSettings(given), [secretName, ""]]);
  if (!elsewhere) for (const { setting, key } of keys) settings.set(setting, key);
  const folders = storageFolders(plan, edges, isElsewhere);
  const url = shownUrl(host, port);
  const written: [string, string][] = [
    ["edges", `${edges}\n`],
    ["joints", `${jointsOf(plan, isElsewhere).join(" ")}\n`],
    ["folders", folders.map((folder) => `${folder}\n`).join("")],
    [
      "hello",
      elsewhere
        ? helloOfEdge(url, elsewhere)
        : hello(url, admin?.isKept ? admin.key : undefined, admin?.keptIn ?? ""),
    ],
  ];
  const processes = (said("MOONGATE_PROCESSES") ?? "").split(" ");
  for (const name of processes) {
    const number = numberOf(name);
    if (number > edges) {
      throw new Refused(`EDGES is ${edges}, and ${name} is to begin: say how many there are`);
    }
    if (number === 0 && elsewhere) {
      throw new Refused("EDGE_ORIGIN is set: the store is there, and none begins here");
    }
    const ofEdge = elsewhere ? elsewhereConfiguration : edgeConfiguration;
    const text =
      number === 0
        ? storeConfiguration(plan, place, settings)
        : ofEdge(plan, place, number, withoutSecrets(settings));
    written.push([`${name}.capnp`, text]);
  }
  // An edge has no use for it, and may begin beside the store.
  for (const { isNew, file, key } of processes.includes("store") ? keys : []) {
    if (isNew) await write(env.DATA, file, `${key}\n`);
  }
  for (const [file, text] of written) await write(env.RUN, file, text);
}

export default {
  async test(_controller: unknown, env: Env): Promise<void> {
    try {
      await prepare(env);
    } catch (error) {
      if (error instanceof Refused) console.log(error.message);
      throw error;
    }
  },
};
