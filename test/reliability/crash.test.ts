import assert from "node:assert/strict";
import { describeCrash, listCrashes, runCrashes } from "../../reliability/crash";
import { crashProvider } from "../../reliability/crash-provider";

describe("after a provider process is killed, no change is lost or doubled, and the next command succeeds:", () => {
  // `npm run reliability` runs all of them.
  const crashes = listCrashes().filter(({ isInstant, moment, request }) =>
    isInstant ? moment === "before" : moment === "after" && (request === "change" || request === "poll"),
  );
  let violations: ReadonlyMap<string, readonly string[]>;

  before(async () => (violations = await runCrashes(crashes, crashProvider, 6)));

  for (const crash of crashes) {
    it(describeCrash(crash), () => assert.deepEqual(violations.get(describeCrash(crash)), []));
  }
});
