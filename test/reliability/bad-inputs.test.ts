import assert from "node:assert/strict";
import { type Stage, stage } from "../support/stage";
import { badInputs, refusals } from "./bad-inputs";

describe("what can't be right is refused in the preview, by its path, and nothing is sent", () => {
  const inputs = badInputs();
  let on: Stage;
  let broken: readonly string[][];

  before(async () => {
    on = await stage();
    broken = await refusals(on, inputs);
  });
  after(() => on.close());

  inputs.forEach(({ name }, index) => it(name, () => assert.deepEqual(broken[index], [])));
});
