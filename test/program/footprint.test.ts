import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createProgramFolder, REPOSITORY } from "../support/project";
import { PROVIDER } from "../support/provider-harness";

/** Declares a resource of the SDK, then one of this package; prints the files that the second one loaded, and what it registered. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const registered = [];
const files = () => Object.keys(require.cache);
async function main() {
  await pulumi.runtime.setMocks({
    newResource: (args) => { registered.push(args); return { id: "id", state: args.inputs }; },
    call: () => ({}),
  });
  new pulumi.CustomResource("any:index:Resource", "plain", {});
  await pulumi.runtime.disconnect();
  const before = new Set(files());
  const { CdcCompute } = require("pulumi-clickpipes");
  new CdcCompute("orders", { serviceId: "00000000-0000-4000-8000-000000000001", cores: 8 });
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify({ added: files().filter((file) => !before.has(file)), registered }));
}
main();
`;

describe("a program that declares a CdcCompute", () => {
  const folder = createProgramFolder();
  let added: string[];
  let inputs: Record<string, unknown>;

  before(() => {
    writeFileSync(join(folder.path, "index.js"), PROGRAM);
    const output = execFileSync(process.execPath, ["index.js"], {
      cwd: folder.path,
      encoding: "utf8",
    });
    const seen = JSON.parse(output) as {
      added: string[];
      registered: { name: string; type: string; inputs: Record<string, unknown> }[];
    };
    added = seen.added;
    const scaling = seen.registered.find(({ type }) => type.endsWith("clickpipes:CdcScaling"));
    inputs = scaling?.inputs ?? assert.fail("nothing registered");
  });
  after(() => folder.remove());

  it("loads only what declares resources, without zod, node-fetch, a serializer or the provider", () => {
    const names = added.map((file) => relative(REPOSITORY, file));
    assert.deepEqual(names.sort(), [
      "dist/component/cdc-compute.js",
      "dist/component/index.js",
      "dist/functions/get-cdc-scaling.js",
      "dist/functions/get-db-click-pipes.js",
      "dist/functions/index.js",
      "dist/functions/lazy.js",
      "dist/functions/output-form.js",
      "dist/index.js",
      "dist/provider/dynamic/config-secrets.js",
      "dist/provider/dynamic/plaintext-key.js",
      "dist/provider/dynamic/resource.js",
      "dist/provider/dynamic/stack-traces.js",
      "dist/provider/state/argument-names.js",
      "dist/sizing/price.js",
      "dist/sizing/size.js",
    ]);
  });

  it("stores the provider's module in at most 200 bytes, the same in every release", () => {
    assert.equal(inputs.__provider, PROVIDER);
    assert.ok(Buffer.byteLength(PROVIDER) <= 200);
  });
});
