import assert from "node:assert/strict";
import { type Crash, nameOf, survivals } from "../reliability/crash";
import { cliSurvived } from "../reliability/crash-cli";

/** `npm run reliability` kills at every request. */
const CHOSEN: readonly Crash[] = [
  { operation: "create", request: 2, moment: "after" },
  { operation: "update", request: 1, moment: "before" },
  { operation: "delete", request: 3, moment: "after" },
];

describe("a CLI that is killed leaves nothing that writes, and after `pulumi cancel` the next command goes on", function () {
  this.timeout(180_000);
  let broken: ReadonlyMap<string, readonly string[]>;

  before(async () => (broken = await survivals(CHOSEN, cliSurvived, 3)));

  for (const crash of CHOSEN) {
    it(nameOf(crash), () => assert.deepEqual(broken.get(nameOf(crash)), []));
  }
});
