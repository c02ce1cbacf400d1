import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import {
  ApiError,
  ClickPipesError,
  EndpointNotFoundError,
  InitializationError,
  InterruptedChangeError,
  TimeoutError,
} from "../../provider/errors";
import { getRemedy } from "../../provider/remedies";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";

const CONVERGENCE_MS = 240_000;
const FOREVER = { times: Infinity, method: "GET" } as const;

/** A stack at 8 cores whose destroy meets a fault a minute after it started. */
async function destroyDuring(fault: Parameters<SimulatedStack["faults"]["add"]>[0]["fault"]): Promise<Error> {
  const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
  await stack.up(8);
  stack.clock.scheduleAt(stack.clock.nowMs() + 60_000, () => stack.faults.add({ ...FOREVER, fault }));
  return captureError(stack.destroy());
}

describe("an error that ends the wait for a change", () => {
  it("is the cause of interrupted-change, which keeps its status and request id", async () => {
    const error = await destroyDuring({ kind: "status", status: 403 });
    assert.ok(error instanceof InterruptedChangeError, String(error));
    const { cause } = error;
    assert.deepEqual([error.code, error.status, cause.code], ["interrupted-change", 403, "forbidden"]);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(error.requestId, cause.requestId);
  });

  it("is the cause of what the engine gets for a resource that exists", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    stack.clock.scheduleAt(60_000, () =>
      stack.faults.add({ ...FOREVER, fault: { kind: "status", status: 403 } }),
    );
    const error = await captureError(stack.up(8));
    assert.ok(error instanceof InitializationError, String(error));
    assert.ok(error.cause instanceof InterruptedChangeError, String(error.cause));
    assert.deepEqual(error.reasons, [error.message]);
  });

  it("is the cause of a timeout if it lasts until the end", async () => {
    const error = await destroyDuring({ kind: "status", status: 503 });
    assert.ok(error instanceof TimeoutError, String(error));
    assert.ok(error.cause instanceof ClickPipesError, String(error.cause));
    assert.deepEqual([error.cause.code, error.cause.status], ["server-error", 503]);
  });
});

describe("not-found", () => {
  it("names the version that an API address lacks", () => {
    const apiUrl = new URL("https://clickhouse.example.com/");
    const error = new ApiError({ operation: "reading", observed: "HTTP 404", status: 404, apiUrl });
    assert.match(getRemedy(error), /has no version\. Set it to https:\/\/clickhouse\.example\.com\/v1/);
  });
});

describe("endpoint-not-found", () => {
  it("keeps the response that the API gave, as cause", async () => {
    const stack = new SimulatedStack({ convergenceMs: 0 });
    await stack.up(8);
    stack.cloud.removePipe(DEFAULT_SERVICE_ID, "00000000-0000-4000-9000-000000000001");
    const error = await captureError(stack.up(6));
    assert.ok(error instanceof EndpointNotFoundError, String(error));
    assert.ok(error.cause instanceof ClickPipesError, String(error.cause));
    assert.deepEqual([error.status, error.cause.code], [404, "not-found"]);
  });
});

describe("the message of an error", () => {
  it("has the remedy once, also if several resources fail for the same reason", async () => {
    const stack = new SimulatedStack({ convergenceMs: 0 });
    stack.faults.add({ ...FOREVER, fault: { kind: "status", status: 403 } });
    const { message } = await captureError(stack.up(8));
    assert.equal(message.split("needs the Admin role").length, 2);
  });
});
