import assert from "node:assert/strict";
import fc from "fast-check";
import { assessPreview } from "../../cli/report/assess-preview";
import { parsePreview } from "../../cli/report/preview";
import { DEFAULT_SERVICE_ID as ID, type Guesses, type PipeSeed } from "../../emulator";
import {
  type LoadStep,
  loadStep,
  type PipeChange,
  type PipeName,
  PIPES,
  type Program,
  program,
  resizeEffect,
} from "../../simulation/random-load-histories";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";
import { SimulatedStack } from "../../simulation/simulated-stack";
import { computeCost } from "../../sizing";
import { createPreview, createStep } from "../support/preview-json";

const MINUTE_MS = 60_000;
const CONVERGENCE_MS = 200_000;
/** A change that was sent has arrived by then. */
const SETTLED_MS = 10 * MINUTE_MS;
const WARNING = /survives a resize|has to be resynced from the beginning|has begun its initial load anew/;

const toPipeId = (name: PipeName) => `00000000-0000-4000-9000-0000000000f${PIPES.indexOf(name)}`;

/** A stack whose pipes come, load, break and go. */
class LoadHistory {
  readonly stack: SimulatedStack;

  constructor(resizeDuringSnapshot: Guesses["resizeDuringSnapshot"]) {
    const pipes: PipeSeed[] = [{ id: toPipeId("orders"), name: "orders", kind: "postgres" }];
    this.stack = new SimulatedStack({
      convergenceMs: CONVERGENCE_MS,
      seed: createSeedWithPipes(pipes),
      guesses: { resizeDuringSnapshot },
    });
  }

  async run(step: LoadStep): Promise<void> {
    const { stack } = this;
    switch (step.kind) {
      case "up":
        return this.up(step);
      case "refresh":
      case "destroy":
        return this.refreshOrDestroy(step.kind);
      case "pipe":
        return this.changePipe(step);
      case "service":
        return stack.cloud.setServiceState(ID, step.state);
      case "unreadablePipes":
        stack.faults.add({ path: /clickpipes$/, forMs: step.forMs, fault: { kind: "status", status: 503 } });
        return;
      case "wait":
        return stack.wait(step.ms);
    }
  }

  /** Nobody interferes any more: the right size is there in the end. */
  async settle({ cores, inputs: declared }: Program): Promise<void> {
    const { stack } = this;
    const { initialLoad } = declared;
    // A new burst ahead of its pipe is refused after its end.
    const hasEnded = Date.parse(initialLoad?.endBy ?? "") <= stack.clock.now() + 3 * SETTLED_MS;
    const inputs = hasEnded ? {} : declared;
    stack.faults.clear();
    stack.cloud.setServiceState(ID, "running");
    if (stack.cloud.getService(ID).pipes.length === 0) this.addPipe("orders");
    await stack.wait(SETTLED_MS);
    if (stack.state !== undefined) await stack.refresh();
    await stack.up(cores, inputs);
    const wanted = stack.storedInputs.currentCores;
    assert.deepEqual([stack.getCores(), stack.state?.currentCores], [wanted, wanted]);
    await stack.wait(SETTLED_MS);
    assert.equal(stack.getCores(), wanted, "ten minutes later");
    const end = inputs.initialLoad?.endBy;
    if (end === undefined) return;
    await stack.wait(Math.max(0, Date.parse(end) - stack.clock.now()));
    await stack.up(cores, inputs);
    assert.equal(stack.getCores(), cores, "after endBy");
  }

  private async up({ program, killedAfterMs, meanwhile }: Extract<LoadStep, { kind: "up" }>): Promise<void> {
    const { stack } = this;
    const { cores, inputs } = program;
    const bound = await this.review(cores, inputs);
    if (meanwhile !== undefined) this.changePipe(meanwhile);
    const { state, storedInputs } = stack;
    const sentBefore = stack.listAcceptedCores().length;
    const isKilled = () => stack.engine.liveness === "gone";
    if (killedAfterMs !== undefined)
      stack.clock.scheduleAt(stack.clock.nowMs() + killedAfterMs, () => (stack.engine.liveness = "gone"));
    const failure = await this.watchLoads(() => stack.up(cores, inputs), isKilled);
    const sent = stack.listAcceptedCores().slice(sentBefore);
    for (const size of sent)
      assert.ok(computeCost(size).usdPerMonth <= bound, `${size} cores above the reviewed $${bound}`);
    if (isKilled()) {
      // A killed command stores nothing of its resource. The documentation says to wait, and to refresh.
      Object.assign(stack, { state, storedInputs });
      await stack.wait(SETTLED_MS);
      stack.engine.liveness = "alive";
      return;
    }
    // A kill that comes after the command has ended kills nothing.
    await stack.wait(killedAfterMs ?? 0);
    stack.engine.liveness = "alive";
    if (failure === undefined) assert.equal(stack.state?.currentCores, stack.storedInputs.currentCores);
  }

  /** What the report says that the update may cost at most, in US dollars per month. */
  private async review(cores: number, inputs: Program["inputs"]): Promise<number> {
    const { stack } = this;
    const checked = await stack.preview(cores, inputs).then(
      (result) => result.checked,
      () => undefined,
    );
    if (checked === undefined) return Infinity; // the update fails, too, or the next one would
    const { initialLoad } = inputs;
    const step = createStep(stack.state === undefined ? "create" : "update", {
      ...(stack.state === undefined ? {} : { old: { ...stack.state } }),
      new: { ...checked, ...(initialLoad === undefined ? {} : { initialLoad }) },
    });
    const now = new Date(stack.clock.now());
    const { total } = assessPreview(parsePreview(createPreview([step])), { now });
    return total.usdPerMonth + total.possibleBurstUsdPerMonth;
  }

  private async refreshOrDestroy(kind: "refresh" | "destroy"): Promise<void> {
    const { stack } = this;
    if (stack.state === undefined) return;
    const work = () => (kind === "refresh" ? stack.refresh() : stack.destroy());
    const failure = await this.watchLoads(work, () => false);
    if (kind === "destroy" && failure !== undefined) await stack.wait(SETTLED_MS);
  }

  /** Runs a command. A resize that breaks a load in it comes with a warning. */
  private async watchLoads(work: () => Promise<void>, isKilled: () => boolean): Promise<Error | undefined> {
    const { cloud, engine, journal } = this.stack;
    const broken = cloud.countBrokenLoads(ID);
    const seen = journal.count();
    engine.rows.length = 0;
    const failure = await work().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const isWarned = engine.listMessages("warning").some((text) => WARNING.test(text));
    // A warning waits neither for an outage nor for the rate limit.
    const isUnread = journal.entries.slice(seen).some(({ status }) => status === 503 || status === 429);
    const isExcused = isUnread || isKilled() || failure !== undefined;
    if (cloud.countBrokenLoads(ID) > broken && !isExcused)
      assert.ok(isWarned, "a resize broke a load without a warning");
    return failure;
  }

  private changePipe({ name, action }: PipeChange): void {
    const { cloud, clock } = this.stack;
    const id = toPipeId(name);
    const exists = cloud.getService(ID).pipes.some((pipe) => pipe.id === id);
    if (action === "add") return exists ? undefined : this.addPipe(name);
    if (!exists) return;
    const pipe = cloud.getPipe(ID, id);
    const nowMs = clock.now();
    if (action === "remove") cloud.removePipe(ID, id);
    else if (action === "fail") pipe.setState("Failed", nowMs);
    else if (action === "resync") pipe.resync(nowMs);
    else if (action === "pause") pipe.pause(nowMs);
    else pipe.start(nowMs);
  }

  private addPipe(name: PipeName): void {
    this.stack.cloud.addPipe(ID, {
      id: toPipeId(name),
      name,
      kind: name === "events" ? "mysql" : "postgres",
      snapshotMs: 2 * 60 * MINUTE_MS,
    });
  }
}

describe("a random history of initial loads", () => {
  it("never exceeds the reviewed cost, warns of each resize in a load, and ends at the right size", async () => {
    const history = fc.array(loadStep, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(resizeEffect, history, program, async (effect, steps, last) => {
        const stack = new LoadHistory(effect);
        for (const step of steps) await stack.run(step);
        await stack.settle(last);
      }),
      { numRuns: Number(process.env.HISTORIES ?? 2_000) },
    );
  });
});
