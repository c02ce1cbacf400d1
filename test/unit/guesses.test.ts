import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, createSeed } from "../../emulator";
import { GUESS_VALUES, type Guesses } from "../../emulator/cloud/guesses";
import { InitializationError, ServiceNotAwakeError } from "../../provider/errors";
import { failureOf, createSimulatedStack } from "../../simulation/simulated-stack";

const ID = DEFAULT_SERVICE_ID;
const MINUTE_MS = 60_000;

for (const [name, values] of Object.entries(GUESS_VALUES)) {
  for (const value of values) {
    const guess: Partial<Guesses> = { [name]: value };

    describe(`if the guess ${name} is ${String(value)}`, () => {
      it("up, another up and destroy reach their sizes with one PATCH each", async () => {
        const { up, destroy, coresNow, asked } = createSimulatedStack({ guesses: guess });
        await up(8);
        assert.equal(coresNow(), 8);
        await up(4);
        assert.equal(coresNow(), 4);
        await destroy();
        assert.equal(coresNow(), 2);
        assert.deepEqual(asked(), [8, 4, 2]);
      });

      it("an abandoned burst does not take effect later", async () => {
        const { up, coresNow, passes } = createSimulatedStack({ guesses: guess });
        await up(8);
        const failure = await failureOf(up(24, { __timeouts: { update: "1m" } }));
        assert.ok(failure instanceof InitializationError, String(failure));
        await up(8);
        for (let minute = 0; minute < 20; minute++) {
          assert.equal(coresNow(), 8, `after ${minute} minutes`);
          await passes(MINUTE_MS);
        }
      });

      it("create waits until the first database ClickPipe exists", async () => {
        const { up, cloud, clock, coresNow } = createSimulatedStack({ guesses: guess });
        const pipe = createSeed(1).organizations[0]?.services[0]?.clickPipes?.[0] ?? assert.fail("no pipe");
        cloud.removePipe(ID, pipe.id);
        clock.at(2 * MINUTE_MS, () => cloud.addPipe(ID, pipe));
        await up(8);
        assert.equal(coresNow(), 8);
      });

      it("up fails on an idle service and does not wake it", async () => {
        const { up, cloud } = createSimulatedStack({ guesses: guess });
        cloud.setServiceState(ID, "idle");
        assert.ok((await failureOf(up(8))) instanceof ServiceNotAwakeError);
        assert.equal(cloud.getService(ID).state, "idle");
      });

      it("up wakes an idle service if wakeService is true", async () => {
        const { up, cloud, coresNow } = createSimulatedStack({ guesses: guess });
        cloud.setServiceState(ID, "idle");
        await up(8, { wakeService: true });
        assert.equal(coresNow(), 8);
      });
    });
  }
}
