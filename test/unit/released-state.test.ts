import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import type { CheckedInputs, Inputs } from "../../provider/inputs";
import { PROVIDER } from "../support/stage";
import type { State } from "../../provider/state";
import { virtual } from "../support/virtual";

/** What `pulumi stack export` had of a resource at 8 cores, 2 before, in each release; a fixture is never changed. */
const FIXTURES = join(__dirname, "..", "fixtures", "state");

for (const file of readdirSync(FIXTURES)) {
  describe(`the state that ${file.replace(".json", "")} wrote`, () => {
    const fixture = JSON.parse(readFileSync(join(FIXTURES, file), "utf8")) as {
      inputs: CheckedInputs;
      outputs: State;
    };

    function world() {
      const stack = virtual({ convergenceMs: 0 });
      stack.cloud.setCores(DEFAULT_SERVICE_ID, 8);
      return stack;
    }

    it("names the provider's code as today", () => assert.equal(fixture.outputs.__provider, PROVIDER));

    it("is no difference to the same program", async () => {
      const { provider, journal } = world();
      const { serviceId, cores, __urn, __provider } = fixture.inputs;
      const declared = { serviceId, cores, __urn, __provider } as Inputs;
      const { inputs } = await provider.check(fixture.inputs, declared);
      assert.deepEqual({ ...inputs, __provider }, fixture.inputs);
      assert.deepEqual(await provider.diff(serviceId, fixture.outputs, inputs!), { changes: false });
      assert.equal(journal.count(), 0);
    });

    it("is what a refresh finds", async () => {
      const { provider, clock } = world();
      const { props } = await clock.run(provider.read(DEFAULT_SERVICE_ID, fixture.outputs));
      assert.deepEqual(props, fixture.outputs);
    });

    it("tells destroy the size from before", async () => {
      const { provider, clock, cloud } = world();
      await clock.run(provider.delete(DEFAULT_SERVICE_ID, fixture.outputs));
      assert.equal(cloud.coresOf(DEFAULT_SERVICE_ID), 2);
    });
  });
}
