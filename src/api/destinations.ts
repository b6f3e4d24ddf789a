/** @module From what a request names as a destination to what the Catalog keeps; refusals name the field. */
import { recognize } from "../platforms/index.ts";
import { readText } from "../platforms/text.ts";
import type { Destination, PlatformName } from "../platforms/types.ts";
import { Problem } from "./problem.ts";
import type { DestinationInput } from "./schemas.ts";

function refused(pointer: string, { code, detail }: { code: string; detail: string }): Problem {
  return new Problem("destination_refused", detail, [{ pointer, message: detail }], code);
}

/** A URL on an allowed host. */
export function destinationOfUrl(
  url: string,
  pointer: string,
  hosts: readonly string[],
): Destination & { url: string } {
  const reading = recognize(url, hosts);
  if (!reading.ok) throw refused(pointer, reading);
  return reading.destination;
}

/** Everything a share text or URL leads to, with the names in it. */
export function understand(text: string, pointer: string, hosts: readonly string[]) {
  const reading = readText(text, hosts);
  if (!reading.ok) throw refused(pointer, reading);
  return reading;
}

function oneDestination(
  input: DestinationInput,
  pointer: string,
  hosts: readonly string[],
): Destination {
  if (input.miniProgram) {
    const { appId, path, query } = input.miniProgram;
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: appId,
      miniProgram: { appId, path, ...(query ? { query } : {}) },
    };
  }
  if (input.finderUserName) {
    return {
      platform: "wechat",
      kind: "live",
      id: input.finderUserName,
      finderUserName: input.finderUserName,
      warnings: ["A Channels live room has no web page: only a mini program can open it."],
    };
  }
  const found =
    input.text === undefined
      ? destinationOfUrl(input.url ?? "", `${pointer}/url`, hosts)
      : choose(understand(input.text, `${pointer}/text`, hosts).destinations, input.platform);
  if (!found)
    throw new Problem("destination_refused", "Found no destination.", [], "no_destination");
  if (input.platform !== undefined && input.platform !== found.platform) {
    const message = `This URL is one of ${found.platform}, not of ${input.platform}.`;
    throw new Problem(
      "destination_refused",
      message,
      [{ pointer: `${pointer}/platform`, message }],
      "platform_mismatch",
    );
  }
  return found;
}

/** The destination on the wanted platform, else the first that the text names. */
function choose(
  found: readonly Destination[],
  platform: string | undefined,
): Destination | undefined {
  return found.find((destination) => destination.platform === platform) ?? found[0];
}

function replayOf(
  url: string,
  { platform }: Destination,
  pointer: string,
  hosts: readonly string[],
): string {
  const replay = destinationOfUrl(url, pointer, hosts);
  if (replay.platform === platform) return replay.url;
  const detail = `A replay must be on ${platform}, as its destination is; this URL is one of ${replay.platform}.`;
  throw refused(pointer, { code: "platform_mismatch", detail });
}

/**
 * Reads a list of destinations.
 *
 * @param pointer of the list in the body
 * @param taken platforms that have their destination already
 * @throws {Problem} 422, naming the field, for a refused URL or two destinations on one platform
 */
export function destinationsOf(
  inputs: readonly DestinationInput[],
  pointer: string,
  hosts: readonly string[],
  taken: readonly PlatformName[] = [],
): Destination[] {
  const seen = new Set<string>(taken);
  return inputs.map((input, index) => {
    const at = `${pointer}/${index}`;
    const destination = oneDestination(input, at, hosts);
    if (seen.has(destination.platform)) {
      const message = `A stream has at most one destination on ${destination.platform}.`;
      throw new Problem(
        "destination_refused",
        message,
        [{ pointer: at, message }],
        "platform_twice",
      );
    }
    seen.add(destination.platform);
    const replay = input.replay && replayOf(input.replay, destination, `${at}/replay`, hosts);
    return {
      ...destination,
      ...(replay ? { replay } : {}),
      ...(input.shareText ? { shareText: input.shareText } : {}),
    };
  });
}
