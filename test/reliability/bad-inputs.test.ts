import assert from "node:assert/strict";
import { checkRefusals, listBadInputs } from "../../reliability/bad-inputs";
import { type ProviderHarness, startProviderHarness } from "../support/provider-harness";

describe("a preview rejects an invalid input by its path and sends nothing:", () => {
  const inputs = listBadInputs();
  let harness: ProviderHarness;
  let violations: readonly string[][];

  before(async () => {
    harness = await startProviderHarness();
    violations = await checkRefusals(harness, inputs);
  });
  after(() => harness.close());

  inputs.forEach(({ name }, index) => it(name, () => assert.deepEqual(violations[index], [])));
});
