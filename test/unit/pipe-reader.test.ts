import assert from "node:assert/strict";
import type { RequestContext, Client } from "../../provider/cloud/client";
import { ApiError, NoResponseError } from "../../provider/errors";
import { PipeReader } from "../../provider/cloud/pipes";
import { FakeClock } from "../../simulation/fake-clock";

const TARGET = { organizationId: "organization", serviceId: "service" };
const FACTS = { operation: "list the ClickPipes", observed: "no answer", remedy: "" };

describe("PipeReader", () => {
  function createReader(answer: () => Promise<never[]>) {
    const clock = new FakeClock();
    const pipes = new PipeReader(clock);
    const callers: (RequestContext | undefined)[] = [];
    const listClickPipes = (_target: unknown, caller?: RequestContext) => {
      callers.push(caller);
      return answer();
    };
    const client = { listClickPipes } as unknown as Client;
    const read = () => clock.run(pipes.read(() => Promise.resolve({ client, target: TARGET })));
    return { clock, callers, read };
  }

  it("waits 3 s for a response", async () => {
    const { callers, read } = createReader(() => Promise.resolve([]));
    await read();
    assert.deepEqual(
      callers.map((caller) => caller?.responseTimeoutMs),
      [3_000],
    );
  });

  it("sends nothing for 30 s after a read without a response", async () => {
    const { clock, callers, read } = createReader(() =>
      Promise.reject(new NoResponseError("no-response", FACTS, "unknown", true)),
    );
    assert.deepEqual([await read(), await read()], [{ unread: "no answer" }, { unread: "no answer" }]);
    assert.equal(callers.length, 1);
    clock.suspend(30_000);
    await read();
    assert.equal(callers.length, 2);
  });

  it("sends the next request at once after an error response", async () => {
    const { callers, read } = createReader(() => Promise.reject(new ApiError({ ...FACTS, status: 500 })));
    await read();
    await read();
    assert.equal(callers.length, 2);
  });
});
