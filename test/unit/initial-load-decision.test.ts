import assert from "node:assert/strict";
import fc from "fast-check";
import { PIPE_STATES as EMULATED_STATES } from "../../emulator";
import {
  type DecisionInput,
  decide,
  classifyLoad,
  type Phase,
  PHASES,
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

  it("returns the steady size if the chosen pipe was deleted", () => {
    const burst = { cores: BURST, pipes: ["id-of-users"] };
    assert.deepEqual(decideFor([createPipe("Running")], { burst, ...createPrevious("initialLoad", BURST) }), {
      cores: STEADY,
      phase: "steady",
      reason: "the declared pipes were deleted",
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

describe("decide before the first pipe", () => {
  const noPipe: DecisionInput["pipes"] = [];
  const unknown = { unknown: "its pipes are unknown before the update" };

  it("plans the burst for a new resource whose service has no database pipe", () => {
    assert.deepEqual(decideFor(noPipe), {
      cores: BURST,
      phase: "initialLoad",
      reason:
        "the service has no database ClickPipe: a new pipe will load, until 2026-12-01T00:00Z at the latest",
    });
  });

  it("plans the burst for a new resource whose pipes are unknown before the update", () => {
    assert.deepEqual(decideFor(unknown), {
      cores: BURST,
      phase: "initialLoad",
      reason:
        "its pipes are unknown before the update: a new pipe will load, until 2026-12-01T00:00Z at the latest",
    });
  });

  for (const [what, pipes] of Object.entries({ noPipe, unknown })) {
    for (const [phase, cores] of [
      ["initialLoad", BURST],
      ["prepared", BURST],
      ["steady", STEADY],
      ["overdue", STEADY],
      ["unknown", BURST],
      ["unknown", STEADY],
    ] as const) {
      it(`keeps ${cores} cores of an existing resource that was ${phase}, with ${what}`, () =>
        assert.equal(decideFor(pipes, createPrevious(phase, cores)).cores, cores));
    }

    it(`keeps the size of a resource that had no initial load before, with ${what}`, () => {
      const decision = decideFor(pipes, createPrevious(undefined, 8));
      assert.equal(decision.cores, 8);
    });
  }
});

describe("the phase of an existing resource before the first pipe", () => {
  it("stays if the service has no database pipe", () =>
    assert.equal(decideFor([], createPrevious("steady", STEADY)).phase, "steady"));

  it("is unknown if its pipes are unknown before the update, which may then start the burst", () => {
    const unknown = { unknown: "its pipes are unknown before the update" };
    assert.equal(decideFor(unknown, createPrevious("steady", STEADY)).phase, "unknown");
  });
});

describe("decide if the chosen pipes are done and another one is in Snapshot", () => {
  const burst = { cores: BURST, endBy: AHEAD, pipes: ["id-of-orders"] };
  const postgres = (state: string, name: string) => ({ ...createPipe(state, name), source: "postgres" });
  const DONE = postgres("Running", "orders");
  const OTHER = postgres("Snapshot", "carts");
  const START_OF_HOUR = new Date("2026-11-24T21:00:00Z");

  it("keeps the burst while a Postgres pipe loads, because a resize may break its snapshot", () => {
    assert.deepEqual(decideFor([DONE, OTHER], { burst, ...createPrevious("initialLoad", BURST) }), {
      cores: BURST,
      phase: "initialLoad",
      reason:
        "the initial load of orders is done, but a resize may break the snapshot of carts: waiting for it, until 2026-12-01T00:00Z at the latest",
      pipeStates: "carts: Snapshot",
      heldSince: START_OF_HOUR,
    });
  });

  for (const [what, other] of Object.entries({
    "a MySQL pipe loads": { ...OTHER, source: "mysql" },
    "a MongoDB pipe loads": { ...OTHER, source: "mongodb" },
    "a Postgres pipe is being set up": postgres("Setup", "carts"),
    "a Postgres pipe is paused": postgres("Paused", "carts"),
  })) {
    it(`does not keep it while ${what}`, () => {
      const decision = decideFor([DONE, other], { burst, ...createPrevious("initialLoad", BURST) });
      assert.equal(decision.cores, STEADY);
    });
  }

  it("does not start a burst that was not active", () => {
    assert.equal(decideFor([DONE, OTHER], { burst, ...createPrevious("steady", STEADY) }).cores, STEADY);
  });

  it("keeps it until endBy, however long it has waited", () => {
    const previous = {
      cores: BURST,
      phase: "initialLoad",
      heldSince: new Date("2026-11-01T00:00:00Z"),
    } as const;
    assert.equal(decideFor([DONE, OTHER], { burst, previous }).cores, BURST);
  });

  describe("and there is no endBy", () => {
    const endless = { cores: BURST, pipes: burst.pipes };
    const decideHeldSince = (heldSince: Date | undefined) =>
      decideFor([DONE, OTHER], {
        burst: endless,
        previous: { cores: BURST, phase: "initialLoad", heldSince },
      });

    it("keeps it for 24 hours from the start of the hour", () => {
      const { cores, heldSince, reason } = decideHeldSince(undefined);
      assert.deepEqual([cores, heldSince], [BURST, START_OF_HOUR]);
      assert.match(reason, /until 2026-11-25T21:00Z at the latest$/);
    });

    it("keeps it if it has waited for 23 hours", () => {
      assert.equal(decideHeldSince(new Date("2026-11-23T22:00:00Z")).cores, BURST);
    });

    it("ends it after 24 hours", () => {
      const { cores, phase, heldSince } = decideHeldSince(new Date("2026-11-23T21:00:00Z"));
      assert.deepEqual([cores, phase, heldSince], [STEADY, "steady", undefined]);
    });
  });

  it("remembers since when it waits while the pipes can't be read", () => {
    const previous = { cores: BURST, phase: "initialLoad", heldSince: START_OF_HOUR } as const;
    assert.equal(decideFor({ unread: "no API key" }, { burst, previous }).heldSince, START_OF_HOUR);
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
  const phase = fc.constantFrom<Phase | undefined>(...PHASES, undefined);
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
        const isBurst = was === "initialLoad" || was === "prepared";
        const is = isBurst ? BURST : was === "steady" || was === "overdue" ? STEADY : cores;
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
