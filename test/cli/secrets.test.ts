import assert from "node:assert/strict";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { orders } from "../support/program";
import { Stack } from "../support/stack";

describe("the key's secret", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: Stack;
  let seen = "";

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.of(emulator, orders(8));
    const { CLICKHOUSE_CLOUD_API_KEY, CLICKHOUSE_CLOUD_API_SECRET, ...keyless } = stack.variables;
    stack.variables = keyless;
    await stack.succeeds("config", "set", "--secret", "clickhouse:tokenKey", DEFAULT_KEY.id);
    await stack.succeeds("config", "set", "--secret", "clickhouse:tokenSecret", DEFAULT_KEY.secret);
  });
  after(() => emulator.close());

  const noted = async (...command: [string, ...string[]]) => {
    const { output } = await stack.pulumi(...command);
    seen += output;
    return output;
  };

  it("works from the stack's config, encrypted", async () => {
    await noted("preview", "--diff");
    await noted("up", "--diff");
    assert.equal(emulator.cloud.coresOf(DEFAULT_SERVICE_ID), 8);
  });

  it("is named by its place, with the ways out, once it was rotated", async () => {
    const [organization] = emulator.cloud.organizations.values();
    organization?.keys.splice(0, 1, { id: DEFAULT_KEY.id, secret: "another-secret" });
    const output = await noted("refresh");
    assert.match(output, /The key from stack config clickhouse:tokenKey/);
    assert.match(output, /--run-program/);
    assert.match(output, /environment/);
    organization?.keys.splice(0, 1, DEFAULT_KEY);
  });

  it("is not in the exported state, nor in anything that was printed", async () => {
    const { text, resources } = await stack.exported();
    const coded = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");
    for (const secret of [DEFAULT_KEY.secret, coded]) {
      assert.ok(!text.includes(secret), "in the exported state");
      assert.ok(!seen.includes(secret), "in the output");
    }
    assert.ok(resources.length > 2, "the state that was searched is not empty");
  });
});
