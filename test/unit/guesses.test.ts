import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, seedOf } from "../../emulator";
import { GUESS_VALUES, type Guesses } from "../../emulator/guesses";
import { InitializationFailure, ServiceNotAwakeError } from "../../provider/errors";
import type { Inputs } from "../../provider/inputs";
import type { State } from "../../provider/state";
import { virtual } from "../support/virtual";

const ID = DEFAULT_SERVICE_ID;
const MINUTE_MS = 60_000;

/** A cloud of one service where that guess falls that way. */
function worldWhere(guess: Partial<Guesses>) {
  const world = virtual({ guesses: guess });
  const { clock, nextRun } = world;
  const declared = (cores: number, inputs: Partial<Inputs>): Inputs => ({
    serviceId: ID,
    cores,
    __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders",
    ...inputs,
  });
  /** `pulumi up` with that size: what it leaves in the state, or what it fails with. */
  const up = async (cores: number, state?: State, inputs: Partial<Inputs> = {}): Promise<State> => {
    const provider = nextRun();
    const { inputs: checked } = await provider.check({}, declared(cores, inputs));
    const { outs } =
      state === undefined
        ? await clock.run(provider.create(checked!))
        : await clock.run(provider.update(ID, state, checked!));
    return outs!;
  };
  const destroy = (state: State) => clock.run(nextRun().delete(ID, state));
  return { ...world, up, destroy, coresNow: () => world.cloud.coresOf(ID) };
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error,
  );
}

for (const [name, values] of Object.entries(GUESS_VALUES)) {
  for (const value of values) {
    const guess: Partial<Guesses> = { [name]: value };

    describe(`where ${name} is ${String(value)}`, () => {
      it("up, another up and destroy end at the declared sizes, with a change each", async () => {
        const { up, destroy, coresNow, journal } = worldWhere(guess);
        let state = await up(8);
        assert.equal(coresNow(), 8);
        state = await up(4, state);
        assert.equal(coresNow(), 4);
        await destroy(state);
        assert.equal(coresNow(), 2);
        const taken = journal.of("PATCH").filter(({ status }) => status === 200);
        assert.equal(taken.length, 3);
      });

      it("a burst that was given up does not land after all", async () => {
        const { up, coresNow, clock } = worldWhere(guess);
        const before = await up(8);
        const failure = await failureOf(up(24, before, { __timeouts: { update: "1m" } }));
        assert.ok(failure instanceof InitializationFailure, String(failure));
        await up(8, failure.properties as State);
        for (let minute = 0; minute < 20; minute++) {
          assert.equal(coresNow(), 8, `after ${minute} minutes`);
          await clock.run(clock.sleep(MINUTE_MS));
        }
      });

      it("create waits for the first database ClickPipe to bring the endpoint", async () => {
        const { up, cloud, clock, coresNow } = worldWhere(guess);
        const pipe = seedOf(1).organizations[0]?.services[0]?.clickPipes?.[0] ?? assert.fail("no pipe");
        cloud.removePipe(ID, pipe.id);
        clock.at(2 * MINUTE_MS, () => cloud.addPipe(ID, pipe));
        await up(8);
        assert.equal(coresNow(), 8);
      });

      it("up leaves an idle service asleep, and says so", async () => {
        const { up, cloud } = worldWhere(guess);
        cloud.setServiceState(ID, "idle");
        assert.ok((await failureOf(up(8))) instanceof ServiceNotAwakeError);
        assert.equal(cloud.service(ID).state, "idle");
      });

      it("up wakes an idle service that it may wake", async () => {
        const { up, cloud, coresNow } = worldWhere(guess);
        cloud.setServiceState(ID, "idle");
        await up(8, undefined, { wakeService: true });
        assert.equal(coresNow(), 8);
      });
    });
  }
}
