import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import { serializeTrivialProvider } from "../../bench/trivial-provider";
import { createProgramFolder } from "../support/project";
import { createInputs, startProviderHarness } from "../support/provider-harness";

/** Counts and ratios that a regression would exceed. docs/performance.md has the measured times and memory. */
const MODULES = `
const modules = () => Object.keys(require.cache).length;
require("@pulumi/pulumi");
const sdk = modules();
require(process.argv[2]);
console.log(JSON.stringify({ sdk, own: modules() - sdk }));
`;

const OUTPUTS = `
const pulumi = require("@pulumi/pulumi");
async function main() {
  await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
  const { CdcScaling } = require("pulumi-clickpipes");
  const count = (args) => {
    const scaling = new CdcScaling("orders", { serviceId: "${DEFAULT_SERVICE_ID}", cores: 8, ...args });
    return Object.values(scaling).filter((value) => pulumi.Output.isInstance(value) && value.resources().has(scaling)).length;
  };
  console.log(JSON.stringify({ plain: count({}), loading: count({ initialLoad: { cores: 24 } }) }));
  await pulumi.runtime.disconnect();
}
main();
`;

/** Stack traces are most of the cost of an Output. The SDK records where a resource is declared without a limit of frames. */
const TRACES = `
const pulumi = require("@pulumi/pulumi");
async function main() {
  await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
  const { CdcCompute } = require("pulumi-clickpipes");
  const args = { serviceId: "${DEFAULT_SERVICE_ID}", cores: 8 };
  let frames = 0;
  Error.prepareStackTrace = (_error, trace) => {
    if (Error.stackTraceLimit !== Infinity) frames += trace.length;
    return "";
  };
  new CdcCompute("orders", args);
  Error.prepareStackTrace = undefined;
  const limit = Error.stackTraceLimit;
  let stack;
  try { new CdcCompute("", args); } catch (error) { stack = error.stack; }
  const transformations = [function transformed() { throw new Error("in a transformation"); }];
  let transformedStack;
  try { new CdcCompute("other", args, { transformations }); } catch (error) { transformedStack = error.stack; }
  console.log(JSON.stringify({ frames, limit, limitAfterError: Error.stackTraceLimit, stack, transformedStack }));
  await pulumi.runtime.disconnect();
}
main();
`;

describe("a program with a resource", () => {
  const folder = createProgramFolder();
  after(() => folder.remove());

  function runScript(text: string, ...options: string[]): unknown {
    writeFileSync(join(folder.path, "measure.js"), text);
    const output = execFileSync(process.execPath, ["measure.js", ...options], {
      cwd: folder.path,
      encoding: "utf8",
    });
    return JSON.parse(output);
  }

  for (const { entry, most } of [
    { entry: "pulumi-clickpipes", most: 0.03 },
    { entry: "pulumi-clickpipes/provider", most: 0.25 },
  ]) {
    it(`loads at most ${most} times the modules of the SDK with ${entry}`, () => {
      const { sdk, own } = runScript(MODULES, entry) as { sdk: number; own: number };
      assert.ok(own <= most * sdk, `${own} beside ${sdk}`);
    });
  }

  it("creates Outputs only for properties that the resource can have", () => {
    // 13 are public (urn, id and eleven more) and two are hidden. An initial load adds its own and four more.
    assert.deepEqual(runScript(OUTPUTS), { plain: 15, loading: 20 });
  });

  it("records no stack trace for Outputs", () => assert.equal((runScript(TRACES) as Traces).frames, 0));

  it("keeps the stack trace of an error in a constructor, and the limit of later ones", () => {
    const { stack, limit, limitAfterError } = runScript(TRACES) as Traces;
    assert.match(stack, /Missing resource name argument.*\n(.*\n)*.*at main .*measure\.js/);
    assert.deepEqual([limit, limitAfterError], [10, 10]);
  });

  it("keeps the stack trace of an error in a transformation", () => {
    const { transformedStack } = runScript(TRACES) as Traces;
    assert.match(transformedStack, /in a transformation\n +at .*transformed .*measure\.js/);
  });

  it("stores at most 0.9 times the inputs and outputs of a trivial dynamic resource", async () => {
    const harness = await startProviderHarness();
    try {
      const provider = await harness.start();
      const measureBytes = async (properties: Record<string, unknown>) => {
        const { inputs } = await provider.check({}, properties);
        const { state } = await provider.create({ ...inputs, __provider: properties.__provider });
        return JSON.stringify([inputs, { ...state, __provider: properties.__provider }]).length;
      };
      const ours = await measureBytes(createInputs());
      const trivial = await measureBytes({
        __provider: await serializeTrivialProvider(),
        serviceId: DEFAULT_SERVICE_ID,
        organizationId: DEFAULT_ORGANIZATION_ID,
        cores: 8,
      });
      // The code that says what to do without the package takes 134 bytes in the inputs, and again in the outputs.
      assert.ok(ours <= 0.9 * trivial, `${ours} bytes beside ${trivial}`);
    } finally {
      await harness.close();
    }
  });
});

interface Traces {
  readonly frames: number;
  readonly limit: number;
  readonly limitAfterError: number;
  readonly stack: string;
  readonly transformedStack: string;
}
