import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_SERVICE_ID as ID } from "../../emulator";
import { cores, type Step, step, type Unknowns, unknowns } from "../../simulation/random-histories";
import { SimulatedStack } from "../../simulation/simulated-stack";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** In this time a change arrives, or never does. */
const DOCUMENTED_MS = 5 * MINUTE_MS;
/** What a limit is exceeded by at most: the answer that is under way at its end, and its confirmation. */
const LAST_ANSWER_MS = 12 * SECOND_MS;

/** A stack of which each change that the API may have taken is known, with its time, and the size that was last read. */
class Followed {
  readonly stack: SimulatedStack;
  private sent: { readonly cores: number; readonly atMs: number }[] = [];
  private seenCores: number | undefined;

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
      if (!isChange && answer.status === 200) this.seenCores = cores;
      if (isChange && (answer.status === 200 || answer.status >= 500))
        this.sent.push({ cores, atMs: clock.nowMs() });
      return answer;
    };
  }

  /** Does a step and checks what is promised of it, whatever went wrong. */
  async does({ command, cores, limitMs, faults, other, pauseMs }: Step): Promise<void> {
    const { stack } = this;
    const { clock, cloud } = stack;
    const beganAtMs = clock.nowMs();
    const before = stack.state;
    this.sent = [];
    let isOver = false;
    if (other) clock.at(beganAtMs + other.afterMs, () => isOver || cloud.setCores(ID, other.cores));
    for (const rule of faults) stack.faults.add(rule);
    const limit = `${limitMs / SECOND_MS}s`;
    const inputs = { __timeouts: { create: limit, update: limit, delete: limit } };
    const failure = await this.performed(command, cores, inputs);
    isOver = true;
    stack.faults.clear();

    const said = failure === undefined ? "it succeeded" : failure.message;
    // Pulumi gives a destroy the limit that the last up has declared.
    if (command === "up")
      assert.ok(clock.nowMs() - beganAtMs <= limitMs + LAST_ANSWER_MS, `too long: ${said}`);
    for (const [index, { atMs }] of this.sent.entries()) {
      const earlier = this.sent[index - 1];
      assert.ok(earlier === undefined || atMs - earlier.atMs > DOCUMENTED_MS, `sent twice at once: ${said}`);
    }
    if (command === "up") this.checkState(cores, failure, before?.pendingCores);
    // Pulumi keeps nothing of a destroy that failed: the README tells people to wait, and to refresh.
    const isUnknown = command === "destroy" && failure !== undefined;
    await stack.wait(isUnknown ? 1_000 * SECOND_MS : pauseMs);
    if (isUnknown && stack.state !== undefined) await stack.refresh();
  }

  private async performed(
    command: Step["command"],
    cores: number,
    inputs: object,
  ): Promise<Error | undefined> {
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
    else if (newest !== undefined) assert.deepEqual(kept, [this.seenCores, newest.cores], failure.message);
    else assert.equal(state?.pendingCores, pendingBefore, failure.message);
  }
}

describe("whatever goes wrong in a stack's history, and whoever else changes sizes meanwhile", () => {
  it("each command keeps its promises, and the last up brings the size that it declares, for good", async () => {
    const history = fc.array(step, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(unknowns, history, cores, async (options, steps, wanted) => {
        const followed = new Followed(options);
        const { stack } = followed;
        for (const one of steps) await followed.does(one);
        if (steps.some(({ other }) => other !== undefined)) {
          await stack.wait(2 * DOCUMENTED_MS); // until all of it has arrived: Pulumi sees it in a refresh alone
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
