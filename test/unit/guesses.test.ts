import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, createSeed } from "../../emulator";
import { GUESS_VALUES, type Guesses } from "../../emulator/cloud/guesses";
import { InitializationError, ServiceNotAwakeError } from "../../provider/errors";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";

const ID = DEFAULT_SERVICE_ID;
const MINUTE_MS = 60_000;

for (const [name, values] of Object.entries(GUESS_VALUES)) {
  for (const value of values) {
    const guess: Partial<Guesses> = { [name]: value };

    describe(`if the guess ${name} is ${String(value)}`, () => {
      it("up, another up and destroy reach their sizes with one PATCH each", async () => {
        const stack = new SimulatedStack({ guesses: guess });
        await stack.up(8);
        assert.equal(stack.getCores(), 8);
        await stack.up(4);
        assert.equal(stack.getCores(), 4);
        await stack.destroy();
        assert.equal(stack.getCores(), 2);
        assert.deepEqual(stack.listAcceptedCores(), [8, 4, 2]);
      });

      it("an abandoned burst does not take effect later", async () => {
        const stack = new SimulatedStack({ guesses: guess });
        await stack.up(8);
        const failure = await captureError(stack.up(24, { __timeouts: { update: "1m" } }));
        assert.ok(failure instanceof InitializationError, String(failure));
        await stack.up(8);
        for (let minute = 0; minute < 20; minute++) {
          assert.equal(stack.getCores(), 8, `after ${minute} minutes`);
          await stack.wait(MINUTE_MS);
        }
      });

      it("create waits until the first database ClickPipe exists", async () => {
        const stack = new SimulatedStack({ guesses: guess });
        const pipe = createSeed(1).organizations[0]?.services[0]?.clickPipes?.[0] ?? assert.fail("no pipe");
        stack.cloud.removePipe(ID, pipe.id);
        stack.clock.scheduleAt(2 * MINUTE_MS, () => stack.cloud.addPipe(ID, pipe));
        await stack.up(8);
        assert.equal(stack.getCores(), 8);
      });

      it("up fails on an idle service and does not wake it", async () => {
        const stack = new SimulatedStack({ guesses: guess });
        stack.cloud.setServiceState(ID, "idle");
        assert.ok((await captureError(stack.up(8))) instanceof ServiceNotAwakeError);
        assert.equal(stack.cloud.getService(ID).state, "idle");
      });

      it("up wakes an idle service if wakeService is true", async () => {
        const stack = new SimulatedStack({ guesses: guess });
        stack.cloud.setServiceState(ID, "idle");
        await stack.up(8, { wakeService: true });
        assert.equal(stack.getCores(), 8);
      });
    });
  }
}
