import assert from "node:assert/strict";
import { crashMatrix, isSent, nameOf, survivals } from "./crash";
import { providerSurvived } from "./crash-provider";

describe("a provider process that is killed loses and doubles nothing, and the next command goes on", function () {
  this.timeout(180_000);
  // `npm run reliability` tries all of them.
  const crashes = crashMatrix().filter((crash) =>
    crash.isInstant ? crash.moment === "before" : crash.moment === "after" && isSent(crash),
  );
  let broken: ReadonlyMap<string, readonly string[]>;

  before(async () => (broken = await survivals(crashes, providerSurvived, 6)));

  for (const crash of crashes) {
    it(nameOf(crash), () => assert.deepEqual(broken.get(nameOf(crash)), []));
  }
});
