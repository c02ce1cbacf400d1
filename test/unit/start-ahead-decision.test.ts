import assert from "node:assert/strict";
import fc from "fast-check";
import { PIPE_STATES } from "../../emulator";
import {
  type Decision,
  type DecisionInput,
  decide,
  type ObservedPipe,
  PHASES,
  type PreviousDecision,
} from "../../sizing";

const STEADY = 2;
const BURST = 24;
const NOW = new Date("2026-11-24T21:00:00Z");
const AHEAD = new Date("2026-12-01T00:00:00Z");
const PASSED = new Date("2026-11-24T20:59:59Z");
const burst = { cores: BURST, endBy: AHEAD, startAhead: true };

function createPipe(state: string, name = "orders"): ObservedPipe {
  return { id: `id-of-${name}`, name, state, source: "postgres" };
}

const SEED = createPipe("Running", "seed");
const UNREAD = { unread: "no API key" };

function decideFor(pipes: DecisionInput["pipes"], previous?: Partial<PreviousDecision>, endBy = AHEAD) {
  const before = previous && { cores: BURST, startAhead: true, ...previous };
  return decide({ steadyCores: STEADY, burst: { ...burst, endBy }, now: NOW, pipes, previous: before });
}

/** The cores, the phase and the pipes that it remembers. */
const summarize = ({ cores, phase, pipesBefore }: Decision) => [cores, phase, pipesBefore];

describe("decide with startAhead", () => {
  describe("for a new resource", () => {
    it("prepares the burst and remembers the pipes, sorted by id", () => {
      const pipes = [SEED, createPipe("Paused", "carts")];
      assert.deepEqual(summarize(decideFor(pipes)), [BURST, "prepared", ["id-of-carts", "id-of-seed"]]);
    });

    it("prepares the burst if the service has no pipe", () =>
      assert.deepEqual(summarize(decideFor([])), [BURST, "prepared", []]));

    it("prepares the burst without remembering anything if the pipes can't be read", () =>
      assert.deepEqual(summarize(decideFor(UNREAD)), [BURST, "prepared", undefined]));

    it("prepares the burst without remembering anything if the service is unknown", () => {
      const decision = decideFor({ unknown: "the service is unknown before the update" });
      assert.deepEqual(summarize(decision), [BURST, "prepared", undefined]);
    });

    it("is too late if a pipe loads, and remembers the others", () => {
      const decision = decideFor([SEED, createPipe("Snapshot")]);
      assert.deepEqual(summarize(decision), [BURST, "initialLoad", ["id-of-seed"]]);
      assert.equal(decision.isTooLate, true);
    });
  });

  it("starts from the beginning if the burst was declared without startAhead before", () => {
    const previous = { phase: "steady", startAhead: false } as const;
    assert.deepEqual(summarize(decideFor([SEED], previous)), [BURST, "prepared", ["id-of-seed"]]);
  });

  describe("while it is prepared without knowing the pipes", () => {
    const previous = { phase: "prepared" } as const;

    it("remembers the pipes as soon as they can be read", () =>
      assert.deepEqual(summarize(decideFor([SEED], previous)), [BURST, "prepared", ["id-of-seed"]]));

    it("stays prepared if they can't be read", () =>
      assert.deepEqual(summarize(decideFor(UNREAD, previous)), [BURST, "prepared", undefined]));
  });

  describe("while it is prepared", () => {
    const previous = { phase: "prepared", pipesBefore: ["id-of-seed"] } as const;

    for (const [what, pipes] of Object.entries({
      "no pipe is new": [SEED],
      "the pipe from before is paused": [createPipe("Paused", "seed")],
      "the pipe from before was deleted": [],
      "the pipes can't be read": UNREAD,
    })) {
      it(`stays prepared if ${what}`, () =>
        assert.deepEqual(summarize(decideFor(pipes, previous)), [BURST, "prepared", ["id-of-seed"]]));
    }

    for (const state of ["Provisioning", "Setup", "Snapshot", "Paused", "Failed"]) {
      it(`counts a new pipe in ${state} as loading`, () => {
        const decision = decideFor([SEED, createPipe(state)], previous);
        assert.deepEqual(summarize(decision), [BURST, "initialLoad", ["id-of-seed"]]);
      });
    }

    it("counts a pipe from before that loads again", () => {
      const decision = decideFor([createPipe("Snapshot", "seed")], previous);
      assert.deepEqual(summarize(decision), [BURST, "initialLoad", []]);
    });

    it("ends if the load of a new pipe was missed", () => {
      const decision = decideFor([SEED, createPipe("Running")], previous);
      assert.deepEqual(
        [decision.cores, decision.phase, decision.reason],
        [STEADY, "steady", "the initial load of orders is done"],
      );
    });
  });

  describe("during the load", () => {
    const previous = { phase: "initialLoad", pipesBefore: ["id-of-seed"] } as const;

    it("keeps the burst while a pipe loads", () =>
      assert.equal(decideFor([SEED, createPipe("Snapshot")], previous).cores, BURST));

    it("keeps the burst while the pipe is unclear", () =>
      assert.equal(decideFor([SEED, createPipe("Paused")], previous).cores, BURST));

    it("keeps the burst and the phase if the pipes can't be read", () =>
      assert.deepEqual(summarize(decideFor(UNREAD, previous)), [BURST, "initialLoad", ["id-of-seed"]]));

    it("keeps the burst if the service has no pipe at all, because then it has no size either", () =>
      assert.equal(decideFor([], previous).cores, BURST));

    it("ends it when the pipe is done", () => {
      const decision = decideFor([SEED, createPipe("Running")], previous);
      assert.deepEqual(summarize(decision), [STEADY, "steady", ["id-of-seed"]]);
    });

    it("ends it when the new pipe is done, although one from before is paused", () => {
      const pipes = [createPipe("Paused", "seed"), createPipe("Running")];
      assert.equal(decideFor(pipes, previous).phase, "steady");
    });

    it("counts a pipe from before once it has loaded", () => {
      const during = decideFor([createPipe("Snapshot", "seed"), createPipe("Snapshot")], previous);
      const paused = [createPipe("Paused", "seed"), createPipe("Running")];
      assert.equal(decideFor(paused, during).cores, BURST);
    });
  });

  for (const phase of ["steady", "overdue"] as const) {
    it(`stays steady after ${phase}, even if another pipe loads`, () => {
      const decision = decideFor([createPipe("Snapshot")], { phase, cores: STEADY });
      assert.deepEqual(summarize(decision), [STEADY, "steady", undefined]);
    });
  }

  for (const [phase, after] of [
    ["prepared", "overdue"],
    ["initialLoad", "overdue"],
    ["steady", "steady"],
  ] as const) {
    it(`is ${after} at the steady size after endBy, if it was ${phase}`, () => {
      const decision = decideFor([createPipe("Snapshot")], { phase }, PASSED);
      assert.deepEqual([decision.cores, decision.phase], [STEADY, after]);
    });
  }

  describe("in any history", () => {
    const pipes = fc.uniqueArray(
      fc.record({
        state: fc.constantFrom(...PIPE_STATES),
        name: fc.constantFrom("seed", "orders", "carts"),
      }),
      { selector: ({ name }) => name },
    );
    const reading = fc.oneof(
      pipes.map((all) => all.map(({ state, name }) => createPipe(state, name))),
      fc.constant(UNREAD),
    );
    const history = fc.array(reading, { minLength: 1, maxLength: 8 });

    it("has two changes of the size at most, and none after it is steady", () => {
      fc.assert(
        fc.property(history, (readings) => {
          let previous: Decision | undefined;
          const sizes = readings.map((next) => (previous = decideFor(next, previous)).cores);
          const firstSteady = sizes.indexOf(STEADY);
          return firstSteady === -1 || sizes.slice(firstSteady).every((cores) => cores === STEADY);
        }),
      );
    });

    it("never shrinks into a load before endBy", () => {
      fc.assert(
        fc.property(history, (readings) => {
          let previous: Decision | undefined;
          return readings.every((next) => {
            const before = previous;
            previous = decideFor(next, previous);
            const shrinks = before?.cores === BURST && previous.cores === STEADY;
            const loads = Array.isArray(next) && next.some(({ state }: ObservedPipe) => state === "Snapshot");
            return !(shrinks && loads);
          });
        }),
      );
    });

    it("says the same twice for the same pipes", () => {
      const phase = fc.constantFrom(...PHASES);
      fc.assert(
        fc.property(phase, reading, (was, next) => {
          const once = decideFor(next, { phase: was, pipesBefore: ["id-of-seed"] });
          const twice = decideFor(next, { phase: was, pipesBefore: ["id-of-seed"] });
          assert.deepEqual(once, twice);
        }),
      );
    });
  });
});
