import assert from "node:assert/strict";
import { crashMatrix, nameOf, survivals } from "../../reliability/crash";
import { providerSurvived } from "../../reliability/crash-provider";

describe("a provider process that is killed loses and doubles nothing, and the next command goes on", () => {
  // `npm run reliability` tries all of them.
  const crashes = crashMatrix().filter(({ isInstant, moment, request }) =>
    isInstant ? moment === "before" : moment === "after" && (request === "change" || request === "poll"),
  );
  let broken: ReadonlyMap<string, readonly string[]>;

  before(async () => (broken = await survivals(crashes, providerSurvived, 6)));

  for (const crash of crashes) {
    it(nameOf(crash), () => assert.deepEqual(broken.get(nameOf(crash)), []));
  }
});
