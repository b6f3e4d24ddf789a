import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { it } from "vitest";
import { freePort } from "../free-port.ts";

it("no connection that goes out is given a port that a test is about to listen on", async ({
  expect,
}) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const given: number[] = [port];
  for (let count = 0; count < 20; count++) {
    const connection = connect(port, "127.0.0.1");
    await once(connection, "connect");
    given.push(connection.localPort ?? 0);
    connection.destroy();
  }
  server.close();
  for (let count = 0; count < 20; count++) {
    expect(await freePort()).toBeLessThan(Math.min(...given));
  }
});
