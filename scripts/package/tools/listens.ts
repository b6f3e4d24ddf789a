/** @module What `moongate start` has workerd do until a process listens: ask at its operator's socket, which is the last that it opens. */
interface Env {
  DOOR: { fetch: (url: string) => Promise<Response> };
}

/** ms */
const within = 30_000;
const askEvery = 20;

export default {
  async test(_controller: unknown, { DOOR }: Env): Promise<void> {
    for (const end = Date.now() + within; ; ) {
      try {
        await (await DOOR.fetch("http://operator/")).arrayBuffer();
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((done) => setTimeout(done, askEvery));
      }
    }
  },
};
