/** @module What the data plane takes of workerd that other platforms lack, made of what all of them have. */
const wait = (milliseconds: number) =>
  new Promise<void>((done) => {
    setTimeout(done, milliseconds);
  });

const place = globalThis as { scheduler?: Pick<Scheduler, "wait"> };
place.scheduler ??= { wait };
