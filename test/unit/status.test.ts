import { type DynamicInputs } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import { createSimulation } from "../../simulation/simulation";
import { captureError } from "../../simulation/simulated-stack";

const ALONE = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const CHILD =
  "urn:pulumi:dev::shop::my:index:Part$clickpipes:index:CdcCompute$pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const COMPONENT = "urn:pulumi:dev::shop::my:index:Part$clickpipes:index:CdcCompute::orders";

describe("during a wait,", () => {
  /** What each row was told during an update from 2 to 8 cores that takes 50 s. */
  async function recordUpdate(urn: string) {
    const { provider, clock, engine, cloud } = createSimulation({ convergenceMs: 50_000 });
    const checkInputs = async (cores: number) => {
      const news: DynamicInputs = {
        serviceId: DEFAULT_SERVICE_ID,
        cores,
        __urn: urn,
        suppressAdvice: ["rarelyNeeded"],
      };
      return (await provider.check({}, news)).inputs!;
    };
    const { outs } = await clock.run(provider.create(await checkInputs(2)));
    engine.rows.length = 0;
    await clock.run(provider.update(DEFAULT_SERVICE_ID, outs!, await checkInputs(8)));
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 8);
    return (row: string) => engine.rows.filter((told) => told.urn === row).map(({ message }) => message);
  }

  it("the row of the resource shows sizes, time and timeout, and again every 20 s", async () => {
    const messages = (await recordUpdate(CHILD))(CHILD);
    assert.deepEqual(messages, [
      "2 → 8 cores, 4s of 20m",
      "2 → 8 cores, 24s of 20m",
      "2 → 8 cores, 44s of 20m",
      "8 cores (32 GB), confirming, 56s of 20m",
      "8 cores (32 GB) after 57s",
    ]);
  });

  it("the row of its component shows each phase once, where Pulumi's list of changed properties does not hide it", async () => {
    const messages = (await recordUpdate(CHILD))(COMPONENT);
    assert.deepEqual(messages, ["2 → 8 cores", "8 cores (32 GB), confirming"]);
  });

  it("no other row shows anything for a resource without a component", async () => {
    const of = await recordUpdate(ALONE);
    assert.equal(of(ALONE).length, 5);
    assert.deepEqual(of(COMPONENT), []);
  });

  it("the row says that it waits for the rate limit, until the size is reached", async () => {
    const { provider, clock, engine, faults } = createSimulation({ convergenceMs: 0 });
    const refusal = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "15" } } as const;
    faults.add({ fault: refusal, times: 2 });
    faults.add({ fault: refusal, times: 2, method: "PATCH" });
    const news: DynamicInputs = { serviceId: DEFAULT_SERVICE_ID, cores: 8, __urn: ALONE };
    const { inputs } = await provider.check({}, news);
    await clock.run(provider.create(inputs!));
    const held = engine.rows.filter(({ message }) => message.includes("waiting for the API's rate limit"));
    assert.deepEqual(
      held.map(({ message }) => message.split(",")[0]),
      ["reading the size", "2 → 8 cores", "2 → 8 cores"],
    );
  });

  it("the row and the timeout say that something else uses the key if the API refuses requests for a minute", async () => {
    const { provider, clock, engine, faults } = createSimulation({ convergenceMs: 0 });
    const refusal = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "10" } } as const;
    faults.add({ fault: refusal, times: Infinity });
    const news: DynamicInputs = {
      serviceId: DEFAULT_SERVICE_ID,
      cores: 8,
      __urn: ALONE,
      __timeouts: { create: "3m" },
    };
    const { inputs } = await provider.check({}, news);
    const { message } = await captureError(clock.run(provider.create(inputs!)));
    assert.match(
      message,
      /Something else uses up the rate limit of the API key: give this stack a key of its own/,
    );
    const rows = engine.rows.map((row) => row.message).filter((text) => text.includes("rate limit"));
    const naming = rows.filter((text) => text.includes("which something else uses up: use another key"));
    assert.ok(naming.length > 0 && naming.length < rows.length, rows.join("\n"));
  });
});
