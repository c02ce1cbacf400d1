import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Fault, createSeed } from "../../emulator";
import {
  InitializationError,
  InterruptedChangeError,
  EndpointNotFoundError,
  ConflictingChangeError,
  ServiceNotAwakeError,
} from "../../provider/errors";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";

const ID = DEFAULT_SERVICE_ID;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const CONVERGENCE_MS = 200 * SECOND_MS;
const PIPE = createSeed(1).organizations[0]?.services[0]?.clickPipes?.[0] ?? assert.fail("no pipe");

/** A stack whose first `up`, to 8 cores, waits; `intervene` is called so long after it began. */
function createWaitingStack(duringMs: number, intervene: (stack: SimulatedStack) => void) {
  const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
  stack.clock.scheduleAt(duringMs, () => intervene(stack));
  return stack;
}

function getCause(error: Error): unknown {
  assert.ok(error instanceof InitializationError, String(error));
  const { cause } = error;
  return cause instanceof InterruptedChangeError ? cause.cause : cause;
}

describe("a create on a service with a new database pipe", () => {
  it("succeeds if the pipe appears between the read of the size and the read of the pipes", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    stack.cloud.removePipe(ID, PIPE.id);
    const headers = { "X-RateLimit-Reset": "5" };
    stack.faults.add({ path: /\/clickpipes$/, fault: { kind: "status", status: 429, headers } });
    stack.clock.scheduleAt(3 * SECOND_MS, () => stack.cloud.addPipe(ID, PIPE));
    await stack.up(8);
    assert.deepEqual([stack.state?.cores, stack.getCores()], [8, 8]);
  });

  it("reads every 5 s until the pipe exists, and shows the time that is left for it", async () => {
    const stack = new SimulatedStack({ convergenceMs: 0 });
    stack.cloud.removePipe(ID, PIPE.id);
    stack.clock.scheduleAt(2 * MINUTE_MS, () => stack.cloud.addPipe(ID, PIPE));
    const startedAtMs = stack.clock.now();
    await stack.up(8);
    const reads = stack.journal.filter("GET", "clickpipesCdcScaling").map(({ atMs }) => atMs - startedAtMs);
    const waiting = reads.filter((atMs) => atMs < 2 * MINUTE_MS);
    assert.ok(waiting.length >= 20, `${waiting.length} reads`);
    assert.ok((reads.find((atMs) => atMs >= 2 * MINUTE_MS) ?? Infinity) <= 2 * MINUTE_MS + 6_000);
    const rows = stack.engine.rows.map(({ message }) => message);
    assert.ok(
      rows.some((row) => /^waiting for the first database ClickPipe, 1m\d\ds of 10m/.test(row)),
      rows.join("\n"),
    );
  });

  it("fails soon if the pipe exists but the endpoint does not, as with a wrong address", async () => {
    const stack = new SimulatedStack();
    const path = /clickpipesCdcScaling$/;
    stack.faults.add({ path, fault: { kind: "status", status: 404 }, times: Infinity });
    assert.match((await captureError(stack.up(8))).message, /HTTP 404.*Check the ids of the service/);
    assert.ok(stack.clock.nowMs() < 30 * SECOND_MS);
    assert.equal(stack.journal.count("GET", "clickpipesCdcScaling"), 2);
  });
});

describe("an up that waits", () => {
  describe("if another client changes the size", () => {
    it("succeeds when its own change arrives after that one", async () => {
      const stack = createWaitingStack(MINUTE_MS, ({ cloud }) => cloud.setCores(ID, 6));
      await stack.up(8);
      assert.equal(stack.getCores(), 8);
    });

    it("fails and names the other size if it replaces the new size between its first and its confirming read", async () => {
      const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
      const overrule = (body: string) => {
        if (body.includes(`"replicaCpuMillicores":8000`)) stack.cloud.setCores(ID, 6);
        return body;
      };
      stack.faults.add({ method: "GET", fault: { kind: "rewrite", rewrite: overrule }, times: Infinity });
      const error = await captureError(stack.up(8));
      assert.ok(getCause(error) instanceof ConflictingChangeError, String(getCause(error)));
      assert.match(error.message, /another client set 6 cores \(24 GB\) during the wait/);
      assert.equal(stack.state?.cores, 6);
    });
  });

  it("fails and names the other size if it arrives instead", async () => {
    const stack = createWaitingStack(CONVERGENCE_MS, ({ cloud }) => cloud.setCores(ID, 6));
    stack.cloud.convergenceMs = 10 * CONVERGENCE_MS;
    const error = await captureError(stack.up(8));
    assert.ok(getCause(error) instanceof ConflictingChangeError);
    assert.match(error.message, /6 cores \(24 GB\)/);
  });

  it("succeeds only when the new size stays if reads alternate between old and new", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    let reads = 0;
    // From the arrival on every other read shows the old size, three times.
    const restoreOldSize = (body: string) => {
      if (!body.includes(`"replicaCpuMillicores":8000`)) return body;
      const isOld = ++reads % 2 === 0 && reads <= 6;
      return isOld ? body.replace(`Millicores":8000`, `Millicores":2000`).replace(`Gb":32`, `Gb":8`) : body;
    };
    stack.faults.add({ method: "GET", fault: { kind: "rewrite", rewrite: restoreOldSize }, times: Infinity });
    await stack.up(8);
    assert.equal(reads, 8);
    assert.equal(stack.state?.cores, 8);
  });

  it("fails if the last database pipe is deleted, and the next up resumes with a new pipe", async () => {
    const stack = createWaitingStack(MINUTE_MS, ({ cloud }) => cloud.removePipe(ID, PIPE.id));
    assert.ok(getCause(await captureError(stack.up(8))) instanceof EndpointNotFoundError);
    stack.cloud.addPipe(ID, PIPE);
    await stack.up(8);
    assert.deepEqual(
      [stack.state?.cores, stack.state?.pendingCores, stack.listAcceptedCores()],
      [8, undefined, [8]],
    );
  });

  it("fails if the service becomes idle, and the next up resumes when it is awake", async () => {
    const stack = createWaitingStack(MINUTE_MS, ({ cloud }) => cloud.setServiceState(ID, "idle"));
    const error = await captureError(stack.up(8));
    assert.ok(getCause(error) instanceof ServiceNotAwakeError);
    assert.match(error.message, /may still arrive/);
    stack.cloud.setServiceState(ID, "running");
    await stack.up(8);
    assert.deepEqual([stack.state?.cores, stack.listAcceptedCores()], [8, [8]]);
  });

  it("does not start a stopped service with wakeService", async () => {
    const stack = createWaitingStack(MINUTE_MS, ({ cloud }) => cloud.setServiceState(ID, "stopped"));
    const error = await captureError(stack.up(8, { wakeService: true }));
    assert.match(error.message, /the service is stopped.*Start the service first/s);
  });

  it("fails if the service is deleted, and a refresh removes the resource from the state", async () => {
    const stack = createWaitingStack(MINUTE_MS, ({ cloud }) => cloud.deleteService(ID));
    await captureError(stack.up(8));
    await stack.refresh();
    assert.equal(stack.state, undefined);
  });
});

describe("a change that never arrives", () => {
  async function createStuckStack() {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    // Accepted, and forgotten.
    stack.faults.add({ method: "PATCH", fault: { kind: "status", status: 200 }, times: Infinity });
    const error = await captureError(stack.up(8));
    assert.match(error.message, /^Timed out after 29m50s of 30m .*Last observed: 2 cores \(8 GB\)/);
    stack.faults.clear();
    return stack;
  }

  it("is waited for by the next up, and sent again if it was lost", async () => {
    const stack = await createStuckStack();
    await stack.up(8);
    assert.deepEqual([stack.getCores(), stack.state?.pendingCores], [8, undefined]);
  });

  it("is replaced if the next up declares another size", async () => {
    const stack = await createStuckStack();
    await stack.up(4);
    assert.deepEqual([stack.getCores(), stack.state?.pendingCores], [4, undefined]);
    assert.equal(stack.listAcceptedCores().at(-1), 4);
  });
});

describe("a burst that is abandoned while its change is pending", () => {
  for (const isRefreshed of [false, true]) {
    it(`is undone, with${isRefreshed ? "" : "out"} a refresh in between`, async () => {
      const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
      await stack.up(8);
      await captureError(stack.up(24, { __timeouts: { update: "1m" } }));
      if (isRefreshed) await stack.refresh();
      assert.deepEqual([stack.state?.cores, stack.state?.pendingCores], [8, 24]);
      await stack.up(8);
      await stack.wait(20 * MINUTE_MS);
      assert.equal(stack.getCores(), 8);
    });
  }
});

describe("a burst that is abandoned, followed by an accepted scale-down that is abandoned too", () => {
  for (const patchDuringChange of ["replaces", "queues"] as const) {
    it(`is waited for by the next up if a change during another one ${patchDuringChange}`, async () => {
      const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS, guesses: { patchDuringChange } });
      await stack.up(2);
      await captureError(stack.up(24, { __timeouts: { update: "1m" } }));
      await captureError(stack.up(2, { __timeouts: { update: "1m" } }));
      await stack.up(2);
      assert.equal(stack.getCores(), 2);
      for (let minute = 0; minute < 20; minute++) {
        assert.equal(stack.getCores(), 2, `${minute} minutes later`);
        await stack.wait(MINUTE_MS);
      }
    });
  }
});

describe("a burst that is abandoned, followed by a scale-down without a response that is abandoned too", () => {
  const LOST: Fault = { kind: "status", status: 504 };
  const SHORT = { __timeouts: { update: "1m" } };

  async function giveUpTwice() {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    await stack.up(2);
    await captureError(stack.up(24, SHORT));
    stack.faults.add({ method: "PATCH", fault: LOST });
    await captureError(stack.up(2, SHORT));
    assert.deepEqual(
      [stack.state?.cores, stack.state?.pendingCores, stack.listAcceptedCores()],
      [2, 2, [24]],
    );
    return stack;
  }

  for (const isRefreshed of [false, true]) {
    it(`is noticed by the next up, with${isRefreshed ? "" : "out"} a refresh in between`, async () => {
      const stack = await giveUpTwice();
      if (isRefreshed) await stack.refresh();
      await stack.up(2);
      await stack.wait(20 * MINUTE_MS);
      assert.deepEqual([stack.getCores(), stack.state?.cores, stack.state?.pendingCores], [2, 2, undefined]);
    });
  }

  it("does not count as another client's change for an up that waits meanwhile", async () => {
    const stack = await giveUpTwice();
    const { message } = await captureError(stack.up(2, { __timeouts: { update: "4m" } }));
    assert.match(message, /Last observed: 24 cores/);
    assert.doesNotMatch(message, /somebody/);
  });
});

describe("a lost change that is sent again while the API responds with 504 but accepts it", () => {
  it("is sent only once more", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    await captureError(stack.up(8, { __timeouts: { create: "1m" } }));
    await stack.wait(60 * MINUTE_MS);
    stack.cloud.setCores(ID, 2);
    stack.journal.clear();
    stack.faults.add({
      method: "PATCH",
      forMs: 5 * MINUTE_MS,
      fault: { kind: "status", status: 504, applied: true },
    });
    await stack.up(8);
    assert.equal(stack.journal.count("PATCH"), 1);
  });
});

describe("a destroy that is abandoned while its change is pending", () => {
  it("says that the next destroy sends the change again, because Pulumi stores nothing of it", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    await stack.up(8, { __timeouts: { delete: "1m" } });
    const { message } = await captureError(stack.destroy());
    assert.match(
      message,
      /may still arrive; run `pulumi destroy` to send it again\. Set a longer `customTimeouts`/,
    );
  });

  it("says so too if something other than the timeout ends it", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    await stack.up(8);
    const path = /clickpipesCdcScaling$/;
    stack.faults.add({ method: "GET", path, after: 1, fault: { kind: "status", status: 403 } });
    const { message } = await captureError(stack.destroy());
    assert.match(
      message,
      /HTTP 403 .*Admin role.*\. The change to 2 cores \(8 GB\) may still arrive; run `pulumi destroy` to send it again\.$/,
    );
  });

  it("leaves drift that a refresh shows some minutes later and an up repairs", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    const limits = { __timeouts: { delete: "1m" } };
    await stack.up(8, limits);
    await captureError(stack.destroy());
    await stack.up(8, limits); // Pulumi keeps nothing of a failed delete: there is no difference to see
    assert.deepEqual(stack.listAcceptedCores(), [8, 2]);
    await stack.wait(10 * MINUTE_MS);
    assert.deepEqual([stack.getCores(), stack.state?.cores], [2, 8]);
    await stack.refresh();
    assert.equal(stack.state?.cores, 2);
    await stack.up(8, limits);
    assert.deepEqual([stack.getCores(), stack.state.cores], [8, 8]);
  });
});

describe("a size that the API doesn't accept in requests", () => {
  it("is shown unchanged, and a destroy restores the nearest legal size", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    stack.cloud.setCores(ID, 2.5);
    await stack.up(8);
    assert.equal(stack.state?.baselineCores, 2.5);
    await stack.destroy();
    assert.equal(stack.getCores(), 3);
  });

  it("is drift if a change of the tier caused it, and an up repairs it", async () => {
    const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
    await stack.up(8);
    stack.cloud.setCores(ID, 0.5);
    await stack.refresh();
    assert.equal(stack.state?.cores, 0.5);
    await stack.up(8);
    assert.equal(stack.getCores(), 8);
  });
});

describe("404 for every request, as from a wrong address", () => {
  for (const command of ["refresh", "destroy"] as const) {
    it(`fails a ${command}, which keeps the state`, async () => {
      const stack = new SimulatedStack({ convergenceMs: CONVERGENCE_MS });
      await stack.up(8);
      stack.faults.add({ fault: { kind: "status", status: 404 }, times: Infinity });
      assert.match((await captureError(stack[command]())).message, /Reading organization .* HTTP 404/);
      assert.equal(stack.state?.cores, 8);
    });
  }
});

describe("a key of another organization", () => {
  const refused: Fault = { kind: "status", status: 403 };

  it("fails an up at once with the role that the key needs", async () => {
    const stack = new SimulatedStack();
    stack.faults.add({ fault: refused, times: Infinity });
    assert.match(
      (await captureError(stack.up(8))).message,
      /needs the Admin role in the organization that owns/,
    );
    assert.ok(stack.clock.nowMs() < 30 * SECOND_MS);
  });

  it("leaves the state unchanged on a refresh", async () => {
    const stack = new SimulatedStack();
    await stack.up(8);
    stack.faults.add({ fault: refused, times: Infinity });
    await captureError(stack.refresh());
    assert.equal(stack.state?.cores, 8);
  });
});
