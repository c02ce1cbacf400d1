import assert from "node:assert/strict";
import { type ProviderHarness, startProviderHarness } from "../support/provider-harness";
import { badInputs, refusals } from "../../reliability/bad-inputs";

describe("what can't be right is refused in the preview, by its path, and nothing is sent", () => {
  const inputs = badInputs();
  let on: ProviderHarness;
  let broken: readonly string[][];

  before(async () => {
    on = await startProviderHarness();
    broken = await refusals(on, inputs);
  });
  after(() => on.close());

  inputs.forEach(({ name }, index) => it(name, () => assert.deepEqual(broken[index], [])));
});
