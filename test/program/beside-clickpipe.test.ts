import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import { getValue, type Registered, runUnderMocks } from "../support/mocks";

const CONFIG = {
  "project:host": "db.example.com",
  "project:database": "orders",
  "project:readerPassword": "password-of-a-test",
  "project:tables": '["public.orders"]',
  "project:serviceId": "00000000-0000-4000-8000-000000000001",
  "project:endBy": "2099-12-01T00:00:00Z",
};

interface Exports {
  readonly usdPerHour: Output<number>;
}

/** Under mocks: neither ClickHouse's provider nor its generated package is part of the tests. */
async function runExample(startAhead: boolean) {
  const file = require.resolve("../../examples/beside-clickpipe");
  Reflect.deleteProperty(require.cache, file);
  const { registered, exports } = await runUnderMocks(
    { ...CONFIG, "project:startAhead": String(startAhead) },
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it declares its resources when it is loaded
    () => require(file) as Exports,
  );
  const find = (type: string): Registered =>
    registered.find((resource) => resource.type.endsWith(type)) ?? assert.fail(`no ${type}`);
  return { pipe: find("Clickpipe"), scaling: find("CdcScaling"), exports };
}

describe("the example beside-clickpipe", () => {
  it("creates the pipe after the size with startAhead", async () => {
    const { pipe, scaling } = await runExample(true);
    assert.deepEqual(pipe.after, ["orders", "orders"], "the component and its resource");
    assert.deepEqual(scaling.inputs.initialLoad, {
      cores: 24,
      endBy: "2099-12-01T00:00:00Z",
      startAhead: true,
    });
  });

  it("creates the size after the pipe without startAhead", async () => {
    const { scaling } = await runExample(false);
    assert.deepEqual(scaling.after, ["orders", "orders"], "the pipe and the component");
    assert.deepEqual(scaling.inputs.initialLoad, { cores: 24, endBy: "2099-12-01T00:00:00Z" });
  });

  it("exports the cost", async () => {
    assert.equal(await getValue((await runExample(true)).exports.usdPerHour), 0.2);
  });
});
