import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import type { DynamicCheckedInputs, DynamicInputs, DynamicState } from "../../provider/dynamic/provider";
import { readHidden } from "../../provider/dynamic/hidden-properties";
import { pickArguments } from "../../provider/state/inputs";
import { REPOSITORY } from "../support/project";
import { PROVIDER } from "../support/provider-harness";
import { createSimulation } from "../../simulation/simulation";

/**
 * What `pulumi stack export` had of a resource at 8 cores, 2 before, in each release: converged, with a change to 16 cores on its
 * way, and during an initial load. A fixture is never changed.
 */
const FIXTURES = join(__dirname, "..", "fixtures", "state");

it("this version has fixtures of the state that it writes", () => {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
    version: string;
  };
  const names = ["", "-pending", "-initial-load"].map((what) => `${version}${what}.json`);
  const missing = names.filter((name) => !readdirSync(FIXTURES).includes(name));
  assert.deepEqual(missing, []);
});

for (const file of readdirSync(FIXTURES)) {
  describe(`the state that ${file.replace(".json", "")} wrote`, () => {
    const fixture = JSON.parse(readFileSync(join(FIXTURES, file), "utf8")) as {
      inputs: DynamicCheckedInputs;
      outputs: DynamicState;
    };

    /** The service at that time. */
    function createWorld() {
      const stack = createSimulation({ convergenceMs: 0 });
      stack.cloud.setCores(DEFAULT_SERVICE_ID, 8);
      const [pipe] = stack.cloud.getService(DEFAULT_SERVICE_ID).pipes;
      if (fixture.outputs.phase === "initialLoad") pipe?.setState("Snapshot", stack.clock.now());
      return stack;
    }

    /** The same program; for another size, once more with that. */
    function createInputs(cores = fixture.inputs.cores): DynamicInputs {
      return { ...pickArguments(fixture.inputs), ...readHidden(fixture.inputs), cores };
    }

    it("names the module of the provider as today", () => assert.equal(fixture.outputs.__provider, PROVIDER));

    it("has no diff to the same program, unless a change is pending", async () => {
      const { provider, journal, clock } = createWorld();
      const { inputs } = await clock.run(provider.check(fixture.inputs, createInputs()));
      assert.deepEqual({ ...inputs, __provider: PROVIDER }, fixture.inputs);
      const { changes } = await provider.diff(DEFAULT_SERVICE_ID, fixture.outputs, inputs!);
      // Undecided while a change is pending: the engine compares the inputs.
      assert.equal(changes, fixture.outputs.pendingCores === undefined ? false : undefined);
      const asked = journal.entries.map(({ path }) => path.split("/").at(-1));
      assert.deepEqual(
        asked,
        fixture.inputs.initialLoad === undefined ? [] : ["organizations", "clickpipes"],
      );
    });

    it("can be updated to another size, and keeps the size from before", async () => {
      const { provider, clock, cloud } = createWorld();
      // The 3 s of one fixture made its update time out. Converging and its confirmation take longer.
      const { initialLoad, __timeouts, ...program } = createInputs(12);
      const { inputs } = await clock.run(provider.check(fixture.inputs, program));
      const diff = await provider.diff(DEFAULT_SERVICE_ID, fixture.outputs, inputs!);
      assert.deepEqual(diff, { replaces: [], deleteBeforeReplace: true });
      const { outs } = await clock.run(provider.update(DEFAULT_SERVICE_ID, fixture.outputs, inputs!));
      assert.deepEqual([outs?.cores, outs?.baselineCores, outs?.pendingCores], [12, 2, undefined]);
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 12);
    });

    it("can be refreshed", async () => {
      const { provider, clock } = createWorld();
      const { props } = await clock.run(provider.read(DEFAULT_SERVICE_ID, fixture.outputs));
      assert.deepEqual(props, fixture.outputs);
    });

    it("has the size from before for destroy", async () => {
      const { provider, clock, cloud } = createWorld();
      await clock.run(provider.delete(DEFAULT_SERVICE_ID, fixture.outputs));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  });
}
