import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_SERVICE_ID as ID } from "../../emulator";
import { cores, type Step, step, type Unknowns, unknowns } from "../../simulation/random-histories";
import { SimulatedStack } from "../../simulation/simulated-stack";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** A change arrives within this time, or never. */
const DOCUMENTED_MS = 5 * MINUTE_MS;
/** An operation may exceed its limit by the request that is in progress when the limit ends, and its confirmation. */
const LAST_REQUEST_MS = 12 * SECOND_MS;

/** A stack that records each change that the API may have accepted, with its time, and the size that was last read. */
class ObservedStack {
  readonly stack: SimulatedStack;
  private sent: { readonly cores: number; readonly atMs: number }[] = [];
  private lastReadCores: number | undefined;

  constructor(options: Unknowns) {
    this.stack = new SimulatedStack(options);
    const { transport, clock } = this.stack;
    const { send } = transport;
    transport.send = async (request) => {
      const answer = await send(request);
      if (request.path.at(-1) !== "clickpipesCdcScaling") return answer;
      const isChange = request.method === "PATCH";
      const size = isChange ? request.body : (answer.json as { result?: object }).result;
      const { replicaCpuMillicores = 0 } = (size ?? {}) as { replicaCpuMillicores?: number };
      const cores = replicaCpuMillicores / 1_000;
      if (!isChange && answer.status === 200) this.lastReadCores = cores;
      if (isChange && (answer.status === 200 || answer.status >= 500))
        this.sent.push({ cores, atMs: clock.nowMs() });
      return answer;
    };
  }

  /** Runs a step and checks the expectations, whatever fault it meets. */
  async runStep({ command, cores, limitMs, faults, other, pauseMs }: Step): Promise<void> {
    const { stack } = this;
    const { clock, cloud } = stack;
    const beganAtMs = clock.nowMs();
    const before = stack.state;
    this.sent = [];
    let isOver = false;
    if (other) clock.scheduleAt(beganAtMs + other.afterMs, () => isOver || cloud.setCores(ID, other.cores));
    for (const rule of faults) stack.faults.add(rule);
    const limit = `${limitMs / SECOND_MS}s`;
    const inputs = { __timeouts: { create: limit, update: limit, delete: limit } };
    const failure = await this.perform(command, cores, inputs);
    isOver = true;
    stack.faults.clear();

    const outcome = failure === undefined ? "it succeeded" : failure.message;
    // A destroy has the limit that the last up declared.
    if (command === "up")
      assert.ok(clock.nowMs() - beganAtMs <= limitMs + LAST_REQUEST_MS, `too long: ${outcome}`);
    for (const [index, { atMs }] of this.sent.entries()) {
      const earlier = this.sent[index - 1];
      assert.ok(
        earlier === undefined || atMs - earlier.atMs > DOCUMENTED_MS,
        `sent twice at once: ${outcome}`,
      );
    }
    if (command === "up") this.checkState(cores, failure, before?.pendingCores);
    // Pulumi stores nothing of a failed destroy. The documentation says to wait and then to refresh.
    const isUnknown = command === "destroy" && failure !== undefined;
    await stack.wait(isUnknown ? 1_000 * SECOND_MS : pauseMs);
    if (isUnknown && stack.state !== undefined) await stack.refresh();
  }

  private async perform(command: Step["command"], cores: number, inputs: object): Promise<Error | undefined> {
    const { stack } = this;
    if (stack.state === undefined && command !== "up") return undefined;
    const work =
      command === "up" ? stack.up(cores, inputs) : command === "refresh" ? stack.refresh() : stack.destroy();
    return work.then(
      () => undefined,
      (error: unknown) => error as Error,
    );
  }

  private checkState(cores: number, failure: Error | undefined, pendingBefore: number | undefined): void {
    const { state } = this.stack;
    const kept = [state?.cores, state?.pendingCores];
    const newest = this.sent.at(-1);
    if (failure === undefined) assert.deepEqual(kept, [cores, undefined]);
    else if (newest !== undefined)
      assert.deepEqual(kept, [this.lastReadCores, newest.cores], failure.message);
    else assert.equal(state?.pendingCores, pendingBefore, failure.message);
  }
}

describe("a random history of a stack, with faults and changes by others", () => {
  it("meets every expectation of each command, and ends at the size that the last up declares", async () => {
    const history = fc.array(step, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(unknowns, history, cores, async (options, steps, wanted) => {
        const observed = new ObservedStack(options);
        const { stack } = observed;
        for (const one of steps) await observed.runStep(one);
        if (steps.some(({ other }) => other !== undefined)) {
          await stack.wait(2 * DOCUMENTED_MS); // until every change has arrived; Pulumi sees it only in a refresh
          if (stack.state !== undefined) await stack.refresh();
        }
        await stack.up(wanted);
        assert.equal(stack.getCores(), wanted);
        await stack.wait(60 * MINUTE_MS);
        assert.equal(stack.getCores(), wanted, "an hour later");
      }),
      { numRuns: 2_000 },
    );
  });
});
