import { it } from "vitest";
import { endWithNpm } from "./parent.ts";

it("a start that npm did not begin never ends for its parent", async ({ expect }) => {
  let ended = 0;
  for (const npm_lifecycle_event of [undefined, "test", "e2e"]) {
    endWithNpm(
      () => {
        ended += 1;
      },
      { npm_lifecycle_event },
    );
  }
  await new Promise((done) => setTimeout(done, 1_200));
  expect(ended).toBe(0);
});
