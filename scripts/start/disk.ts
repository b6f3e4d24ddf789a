/** @module A full disk refuses changes and holds counts up; who runs this should hear of it before. */
import { statfs } from "node:fs/promises";

const freeAtLeast = 256 * 1_048_576;
const lookEvery = 10_000;

export function watchDisk(folder: string): void {
  let isLow = false;
  const look = async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const wasLow = isLow;
    isLow = free < freeAtLeast;
    if (isLow !== wasLow) {
      console.log(JSON.stringify({ event: isLow ? "disk_nearly_full" : "disk_has_room", free }));
    }
  };
  const lookOnce = () =>
    void look().catch((error: unknown) => console.error(`disk not read: ${String(error)}`));
  lookOnce();
  setInterval(lookOnce, lookEvery).unref();
}
