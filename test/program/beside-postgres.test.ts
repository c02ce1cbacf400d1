import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import { getValue, type Registered, runUnderMocks } from "../support/mocks";

const CONFIG = {
  "project:database": "orders",
  "project:readerPassword": "password-of-a-test",
  "project:tables": '["public.orders"]',
  "project:serviceId": "00000000-0000-4000-8000-000000000001",
  "project:cores": "8",
};

/** Under mocks: the PostgreSQL provider's plugin is not part of the tests. */
describe("the example beside-postgres", () => {
  let registered: Registered[];
  let exports: { publicationName: Output<string>; usdPerHour: Output<number> };

  before(async () => {
    const file = require.resolve("../../examples/beside-postgres");
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it declares its resources when it is loaded
    ({ registered, exports } = await runUnderMocks(CONFIG, () => require(file) as typeof exports));
  });

  it("scales the pipes only after the source can be read", () => {
    const scaling = registered.find(({ type }) => type.endsWith("CdcScaling"));
    assert.deepEqual(scaling?.after.toSorted(), [
      "clickpipes",
      "clickpipes",
      "clickpipes-enters",
      "clickpipes-reads",
      "orders",
    ]);
  });

  it("grants the reader what a ClickPipe needs, and no more", () => {
    const grants = registered.filter(({ type }) => type === "postgresql:index/grant:Grant");
    assert.deepEqual(
      grants.flatMap(({ inputs }) => inputs.privileges),
      ["USAGE", "SELECT"],
    );
  });

  it("exports the publication for the pipe, and the cost", async () => {
    assert.equal(await getValue(exports.publicationName), "clickpipes");
    assert.equal(await getValue(exports.usdPerHour), 0.8);
  });
});
