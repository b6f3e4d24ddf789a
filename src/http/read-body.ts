/**
 * @module Bodies up to a limit, whatever their framing says: chunked, with a Content-Length that lies, or
 * without one. What is beyond is never read: the stream is cancelled, and the runtime closes the connection.
 */

/** A body that said, or turned out, to be larger than is taken. */
export const tooLarge = Symbol("larger than is taken");

const firstRoom = 4_096;

/**
 * @param atMost bytes; memory never holds more than twice that and a chunk
 * @returns the whole body, empty where there is none; or {@link tooLarge}, with the rest cancelled
 * @throws what the stream throws, such as when the client goes away
 */
export async function readBody(
  { body, headers }: Pick<Request, "body" | "headers">,
  atMost: number,
): Promise<Uint8Array<ArrayBuffer> | typeof tooLarge> {
  if (body === null) return new Uint8Array(0);
  if (Number(headers.get("Content-Length") ?? 0) > atMost) {
    await stop(body);
    return tooLarge;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  let room = new Uint8Array(Math.min(firstRoom, atMost));
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return room.subarray(0, size);
    if (size + value.length > atMost) {
      await stop(reader);
      return tooLarge;
    }
    if (size + value.length > room.length) {
      const larger = new Uint8Array(
        Math.min(atMost, Math.max(size + value.length, room.length * 2)),
      );
      larger.set(room.subarray(0, size));
      room = larger;
    }
    room.set(value, size);
    size += value.length;
  }
}

/** The same as text. Bytes that are not UTF-8 become U+FFFD. */
export async function readText(
  request: Pick<Request, "body" | "headers">,
  atMost: number,
): Promise<string | typeof tooLarge> {
  const bytes = await readBody(request, atMost);
  return bytes === tooLarge ? bytes : new TextDecoder().decode(bytes);
}

/** A source that fails while it is stopped has stopped. */
async function stop(source: { cancel: () => Promise<void> }): Promise<void> {
  await source.cancel().catch(() => undefined);
}
