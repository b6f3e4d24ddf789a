import { describe, it } from "vitest";
import { allianceNames } from "../../src/alliances/adapter.ts";
import { adapterOf } from "../../src/alliances/registry.ts";

type Fields = readonly { name: string; isNeeded?: true }[];

/** Of the browser's code, whose global types are other ones than here. */
const page: string = "../../src/console/pages/connections.fields.ts";
const { credentialFields } = (await import(page)) as {
  credentialFields: Record<(typeof allianceNames)[number], Fields>;
};

/** What renewing makes of key and secret is not asked for. */
const madeItself = new Set<string>(["accessToken", "expiresAt"]);

describe("the console's fields of an alliance's credentials", () => {
  for (const name of allianceNames) {
    const adapter = adapterOf(name);
    // Until its adapter is there another's stands in its place.
    it.skipIf(adapter.name !== name)(`are those that ${name} takes`, ({ expect }) => {
      const fields = credentialFields[name];
      const isMade = (field: string) => adapter.renewal?.isOfSecret && madeItself.has(field);
      const asked = adapter.credentials.filter((one) => !isMade(one.name));
      expect(fields.map((field) => field.name).sort()).toEqual(
        ["appKey", "appSecret", ...asked.map((one) => one.name)].sort(),
      );
      expect(
        fields
          .filter(({ isNeeded }) => isNeeded)
          .map((field) => field.name)
          .sort(),
      ).toEqual(
        ["appKey", "appSecret", ...asked.flatMap((one) => (one.isNeeded ? [one.name] : []))].sort(),
      );
    });
  }
});
