import assert from "node:assert/strict";
import fc from "fast-check";
import { PIPE_STATES as EMULATED_STATES } from "../../emulator";
import {
  type DecisionInput,
  decide,
  classifyLoad,
  type Phase,
  PIPE_STATES,
  type ObservedPipe,
} from "../../sizing";

const STEADY = 2;
const BURST = 24;
const NOW = new Date("2026-11-24T21:00:00Z");
const AHEAD = new Date("2026-12-01T00:00:00Z");
const PASSED = new Date("2026-11-24T20:59:59Z");

function createPipe(state: string, name = "orders", replicationMode?: string): ObservedPipe {
  return { id: `id-of-${name}`, name, state, replicationMode };
}

function decideFor(pipes: DecisionInput["pipes"], changed: Partial<DecisionInput> = {}) {
  const burst = { cores: BURST, endBy: AHEAD };
  return decide({ steadyCores: STEADY, burst, now: NOW, pipes, ...changed });
}

const createPrevious = (phase: Phase | undefined, cores: number) => ({ previous: { cores, phase } });

describe("classifyLoad", () => {
  it("knows every state of the OpenAPI document", () => {
    assert.deepEqual(Object.keys(PIPE_STATES).sort(), [...EMULATED_STATES].sort());
  });

  it("returns unclear for an undocumented state", () => assert.equal(classifyLoad("Dreaming"), "unclear"));

  it("returns unclear for the name of an inherited property", () =>
    assert.equal(classifyLoad("toString"), "unclear"));

  for (const state of ["Provisioning", "Setup", "Running"]) {
    it(`returns done for a pipe without an initial load in ${state}`, () =>
      assert.equal(classifyLoad(state, "cdc_only"), "done"));
  }

  it("returns unclear for a pipe without an initial load in Snapshot, because a resync loads", () => {
    assert.equal(classifyLoad("Snapshot", "cdc_only"), "unclear");
  });

  it("has a reason for each state", () => {
    for (const { why } of Object.values(PIPE_STATES)) assert.notEqual(why, "");
  });
});

describe("decide", () => {
  for (const state of ["Provisioning", "Setup", "Snapshot"]) {
    it(`returns the burst while a pipe is in ${state}`, () => {
      assert.deepEqual(decideFor([createPipe(state)]), {
        cores: BURST,
        phase: "initialLoad",
        reason: "orders loads, until 2026-12-01T00:00Z at the latest",
        pipeStates: `orders: ${state}`,
      });
    });
  }

  for (const state of ["Running", "Completed", "Resync"]) {
    it(`returns the steady size if the only pipe is in ${state}, also after a burst`, () => {
      assert.deepEqual(decideFor([createPipe(state)], createPrevious("initialLoad", BURST)), {
        cores: STEADY,
        phase: "steady",
        reason: "the initial load of orders is done",
      });
    });
  }

  const unclear = EMULATED_STATES.filter((state) => classifyLoad(state) === "unclear");
  for (const state of unclear) {
    it(`keeps the burst while a pipe is in ${state}, with the reason`, () => {
      const { cores, phase, reason, pipeStates } = decideFor(
        [createPipe(state)],
        createPrevious("initialLoad", BURST),
      );
      assert.deepEqual([cores, phase], [BURST, "initialLoad"]);
      assert.equal(
        reason,
        "the initial load of orders may not be done, until 2026-12-01T00:00Z at the latest",
      );
      assert.match(pipeStates ?? "", /^orders: \w+; \w.+/);
    });

    it(`keeps the steady size while a pipe is in ${state}, with the reason`, () => {
      const { cores, phase, reason } = decideFor([createPipe(state)], createPrevious("steady", STEADY));
      assert.deepEqual([cores, phase], [STEADY, "steady"]);
      assert.match(reason, /unclear for orders$/);
    });
  }

  it("returns the steady size for a new resource whose pipe is unclear", () => {
    assert.equal(decideFor([createPipe("Paused")]).cores, STEADY);
  });

  it("keeps a burst that was set by hand, while a pipe is unclear", () => {
    assert.equal(decideFor([createPipe("Paused")], createPrevious(undefined, BURST)).cores, BURST);
  });

  it("keeps a burst that the program changed while the pipes were unreadable, while a pipe is unclear", () => {
    const burst = { cores: 16 };
    assert.equal(
      decideFor([createPipe("Modifying")], { burst, ...createPrevious("unknown", BURST) }).cores,
      16,
    );
  });

  it("returns the burst while one of several pipes loads", () => {
    const { cores, reason } = decideFor([createPipe("Running", "users"), createPipe("Snapshot", "orders")]);
    assert.equal(cores, BURST);
    assert.match(reason, /^orders loads/);
  });

  it("only considers the named pipes", () => {
    const burst = { cores: BURST, pipes: ["id-of-users"] };
    assert.equal(
      decideFor([createPipe("Running", "users"), createPipe("Snapshot", "orders")], { burst }).cores,
      STEADY,
    );
  });

  it("returns the steady size if the service has no database pipe", () => {
    assert.deepEqual(decideFor([]), {
      cores: STEADY,
      phase: "steady",
      reason: "the service has no database ClickPipe",
    });
  });

  it("names three pipes and counts the rest", () => {
    const names = ["e", "c", "a", "d", "b"];
    assert.match(
      decideFor(names.map((name) => createPipe("Snapshot", name))).reason,
      /^a, b, c and 2 more load/,
    );
  });
});

describe("decide after endBy", () => {
  const burst = { cores: BURST, endBy: PASSED };

  it("returns the steady size, whatever the state of the pipes", () => {
    assert.deepEqual(
      decideFor([createPipe("Snapshot")], { burst, ...createPrevious("initialLoad", BURST) }),
      {
        cores: STEADY,
        phase: "overdue",
        reason: "endBy 2026-11-24T20:59:59Z has passed; the state of the pipes doesn't count",
      },
    );
  });

  it("does not return overdue if the load was known to be done before", () => {
    assert.equal(decideFor([], { burst, ...createPrevious("steady", STEADY) }).phase, "steady");
  });

  it("counts endBy itself as after", () => {
    assert.equal(
      decideFor([createPipe("Snapshot")], { burst: { cores: BURST, endBy: NOW } }).phase,
      "overdue",
    );
  });
});

describe("decide if the pipes can't be read", () => {
  const unread = { unread: "no API key" };

  it("returns the steady size for a new resource, and the reason names the burst", () => {
    assert.deepEqual(decideFor(unread), {
      cores: STEADY,
      phase: "unknown",
      reason:
        "the pipes could not be read (no API key): the steady size, or 24 cores if the update finds a pipe in its initial load",
    });
  });

  for (const [phase, was, is] of [
    ["initialLoad", BURST, BURST],
    ["steady", STEADY, STEADY],
    ["overdue", STEADY, STEADY],
    ["unknown", BURST, BURST],
    ["unknown", STEADY, STEADY],
    [undefined, BURST, BURST],
    [undefined, 8, 8],
  ] as const) {
    it(`keeps ${is} cores after ${phase ?? "a program without initialLoad"} with ${was}`, () => {
      assert.deepEqual(decideFor(unread, createPrevious(phase, was)), {
        cores: is,
        phase: "unknown",
        reason: "the pipes could not be read (no API key): keeping the previous size",
      });
    });
  }

  it("follows a burst that the program changed", () => {
    const burst = { cores: 16 };
    assert.equal(decideFor(unread, { burst, ...createPrevious("initialLoad", BURST) }).cores, 16);
  });
});

describe("decide with any input", () => {
  const state = fc.constantFrom(...EMULATED_STATES, "Dreaming");
  const pipes = fc.array(state.map((name) => createPipe(name)));
  const phase = fc.constantFrom<Phase | undefined>("initialLoad", "steady", "overdue", "unknown", undefined);
  const size = fc.constantFrom(STEADY, BURST);

  it("returns the steady size or the burst", () => {
    fc.assert(
      fc.property(pipes, phase, size, (seen, was, cores) =>
        [STEADY, BURST].includes(decideFor(seen, createPrevious(was, cores)).cores),
      ),
    );
  });

  it("changes nothing if the pipes can't be read", () => {
    fc.assert(
      fc.property(phase, size, (was, cores) => {
        const is = was === "initialLoad" ? BURST : was === "steady" || was === "overdue" ? STEADY : cores;
        return decideFor({ unread: "down" }, createPrevious(was, cores)).cores === is;
      }),
    );
  });

  it("scales up only for a pipe that loads", () => {
    fc.assert(
      fc.property(pipes, (seen) => {
        const grows = decideFor(seen, createPrevious("steady", STEADY)).cores === BURST;
        return grows === seen.some((each) => classifyLoad(each.state) === "loading");
      }),
    );
  });
});
