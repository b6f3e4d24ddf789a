/** @module The picture of a link in a chat where its stream has no cover: the moon gate, 300 by 300. */
import bytes from "./picture.png";

export function picture(): Response {
  return new Response(bytes, {
    headers: {
      "Content-Type": "image/png",
      "Cache-Control": "public, max-age=86400",
    },
  });
}
