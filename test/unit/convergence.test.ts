import assert from "node:assert/strict";
import fc from "fast-check";
import { type ConvergenceStart, Convergence } from "../../provider/wait/convergence";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const WANTED = 8;
const BEFORE = 2;
const FOREIGN = 16;

function createConvergence(...inFlight: ConvergenceStart<number>["inFlight"]): Convergence<number> {
  return new Convergence({ wanted: WANTED, inFlight }, { same: (a, b) => a === b });
}

/** Observed the size from before at 0, and its change was accepted at 0. */
function createChanging(): Convergence<number> {
  const change = createConvergence();
  change.observe(BEFORE, 0);
  change.onAccepted(0);
  return change;
}

describe("Convergence before a change was sent", () => {
  it("sends the change before any read", () => assert.equal(createConvergence().judge(0), "send"));

  it("sends the change if another size is observed", () => {
    const change = createConvergence();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(0), "send");
  });

  it("is done after one read of the wanted size", () => {
    const change = createConvergence();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "done");
  });

  it("keeps sending while the change is refused", () => {
    const change = createConvergence();
    change.observe(BEFORE, 0);
    change.observe(BEFORE, 20 * MINUTE_MS);
    assert.equal(change.judge(20 * MINUTE_MS), "send");
  });

  it("is done if the wanted size arrives without a change of its own", () => {
    const change = createConvergence();
    change.observe(BEFORE, 0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "done");
  });
});

describe("Convergence after an accepted change", () => {
  it("waits while the size from before is observed", () => {
    const change = createChanging();
    change.observe(BEFORE, MINUTE_MS);
    assert.equal(change.judge(MINUTE_MS), "wait");
  });

  it("confirms the first read of the wanted size", () => {
    const change = createChanging();
    change.observe(WANTED, MINUTE_MS);
    assert.equal(change.judge(MINUTE_MS), "confirm");
  });

  it("is done after two reads of the wanted size in a row", () => {
    const change = createChanging();
    change.observe(WANTED, MINUTE_MS);
    change.observe(WANTED, MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(MINUTE_MS + SECOND_MS), "done");
  });

  it("confirms again if another size was observed in between", () => {
    const change = createChanging();
    for (const [index, size] of [WANTED, BEFORE, WANTED].entries()) change.observe(size, index * SECOND_MS);
    assert.equal(change.judge(2 * SECOND_MS), "confirm");
  });

  it("does not count a read from before the change", () => {
    const change = createConvergence();
    change.observe(WANTED, 0);
    change.onAccepted(0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "confirm");
  });

  it("still waits after exactly 10 minutes without the wanted size", () => {
    const change = createChanging();
    change.observe(BEFORE, 10 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "wait");
  });

  it("considers the change lost after 10 minutes, and sends it again", () => {
    const change = createChanging();
    change.observe(BEFORE, 10 * MINUTE_MS + 1);
    assert.equal(change.judge(10 * MINUTE_MS + 1), "send");
  });

  it("waits as long for a change that was sent again", () => {
    const change = createChanging();
    change.observe(BEFORE, 11 * MINUTE_MS);
    change.onAccepted(11 * MINUTE_MS);
    change.observe(BEFORE, 21 * MINUTE_MS);
    assert.equal(change.judge(21 * MINUTE_MS), "wait");
  });

  it("is done if a change that was considered lost arrives after all", () => {
    const change = createChanging();
    change.observe(WANTED, 11 * MINUTE_MS);
    change.observe(WANTED, 11 * MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(11 * MINUTE_MS + SECOND_MS), "done");
  });
});

describe("Convergence with a size that nobody here requested", () => {
  function createForeignSince(seenAtMs: number): Convergence<number> {
    const change = createChanging();
    change.observe(FOREIGN, seenAtMs);
    return change;
  }

  it("names that size", () => assert.equal(createForeignSince(MINUTE_MS).foreignSize, FOREIGN));

  it("waits, because its own change may still arrive", () => {
    assert.equal(createForeignSince(MINUTE_MS).judge(MINUTE_MS), "wait");
  });

  it("still waits after exactly 5 minutes", () => {
    assert.equal(createForeignSince(MINUTE_MS).judge(6 * MINUTE_MS), "wait");
  });

  it("reports a conflict after 5 minutes", () => {
    const change = createForeignSince(MINUTE_MS);
    change.observe(FOREIGN, 6 * MINUTE_MS + 1);
    assert.equal(change.judge(6 * MINUTE_MS + 1), "conflict");
  });

  it("restarts the 5 minutes if yet another size arrives", () => {
    const change = createForeignSince(MINUTE_MS);
    change.observe(FOREIGN + 1, 5 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "wait");
  });

  it("is done if its own change arrives afterwards", () => {
    const change = createForeignSince(MINUTE_MS);
    change.observe(WANTED, 2 * MINUTE_MS);
    change.observe(WANTED, 2 * MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(2 * MINUTE_MS + SECOND_MS), "done");
  });

  it("reports a conflict if the wanted size was observed once and then replaced", () => {
    const change = createChanging();
    change.observe(WANTED, MINUTE_MS);
    change.observe(FOREIGN, 2 * MINUTE_MS);
    assert.equal(change.judge(7 * MINUTE_MS + 1), "conflict");
  });

  it("does not report the size from before as foreign", () => {
    const change = createChanging();
    change.observe(BEFORE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("does not report the size just before the change as foreign", () => {
    const change = createConvergence();
    change.observe(BEFORE, 0);
    change.observe(FOREIGN, SECOND_MS);
    change.onAccepted(SECOND_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("does not report the wanted size as foreign", () => {
    const change = createChanging();
    change.observe(WANTED, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("reports no foreign size before the first read", () =>
    assert.equal(createConvergence().foreignSize, undefined));
});

describe("Convergence after a change without a response", () => {
  function createUnanswered(): Convergence<number> {
    const change = createConvergence();
    change.observe(BEFORE, 0);
    change.onUnanswered(0);
    return change;
  }

  it("waits as long as an accepted change may take", () => {
    const change = createUnanswered();
    change.observe(BEFORE, 5 * MINUTE_MS);
    assert.equal(change.judge(5 * MINUTE_MS), "wait");
  });

  it("sends it again if the size from before is still observed then", () => {
    const change = createUnanswered();
    change.observe(BEFORE, 6 * MINUTE_MS);
    assert.equal(change.judge(6 * MINUTE_MS), "send");
  });

  it("confirms the wanted size with a second read", () => {
    const change = createUnanswered();
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "confirm");
  });

  it("is done after two reads of the wanted size", () => {
    const change = createUnanswered();
    change.observe(WANTED, SECOND_MS);
    change.observe(WANTED, 2 * SECOND_MS);
    assert.equal(change.judge(2 * SECOND_MS), "done");
  });
});

describe("Convergence after a lost change that was sent again without a response", () => {
  const LOST_MS = 10 * MINUTE_MS + 1;
  const createResent = () => {
    const change = createChanging();
    change.observe(BEFORE, LOST_MS);
    change.onUnanswered(LOST_MS);
    return change;
  };

  it("waits for it", () => {
    const change = createResent();
    change.observe(BEFORE, LOST_MS + SECOND_MS);
    assert.equal(change.judge(LOST_MS + SECOND_MS), "wait");
  });

  it("sends it once more if nothing arrives for longer than a change takes", () => {
    const change = createResent();
    change.observe(BEFORE, LOST_MS + 6 * MINUTE_MS);
    assert.equal(change.judge(LOST_MS + 6 * MINUTE_MS), "send");
  });
});

describe("Convergence that resumes a change that may have been lost, after one to another size", () => {
  const ELSEWHERE = 24;
  const createResumed = () =>
    createConvergence({ size: ELSEWHERE, sentAtMs: -2 * MINUTE_MS }, { size: WANTED, sentAtMs: -MINUTE_MS });

  it("waits at the wanted size, which the other change may still overwrite", () => {
    const change = createResumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "wait");
  });

  it("confirms with one more read when the other change should have arrived", () => {
    const change = createResumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(4 * MINUTE_MS), "confirm");
  });

  it("explains the other size as its own", () => {
    const change = createResumed();
    change.observe(WANTED, 0);
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("sends the change again if the other size stays", () => {
    const change = createResumed();
    change.observe(ELSEWHERE, 10 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "send");
  });

  it("sends the other size if that one is wanted again", () => {
    const change = createConvergence(
      { size: WANTED, sentAtMs: -2 * MINUTE_MS },
      { size: BEFORE, sentAtMs: -MINUTE_MS },
    );
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "send");
  });
});

describe("Convergence that resumes an earlier change to the wanted size", () => {
  const SENT_AT_MS = -3 * MINUTE_MS;
  const createResumed = () => createConvergence({ size: WANTED, sentAtMs: SENT_AT_MS });

  it("does not send it again", () => {
    const change = createResumed();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(0), "wait");
  });

  it("confirms the wanted size with a second read", () => {
    const change = createResumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "confirm");
  });

  it("is done after two reads of the wanted size", () => {
    const change = createResumed();
    change.observe(WANTED, 0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "done");
  });

  it("sends it again 10 minutes after it was sent, not after the wait began", () => {
    const change = createResumed();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(7 * MINUTE_MS + 1), "send");
  });

  it("treats the first observed size as the one from before", () => {
    const change = createResumed();
    change.observe(FOREIGN, 0);
    assert.equal(change.foreignSize, undefined);
  });
});

describe("Convergence with a pending change to another size", () => {
  const ELSEWHERE = 4;
  const createElsewhere = () => createConvergence({ size: ELSEWHERE, sentAtMs: -MINUTE_MS });

  /** Observed the wanted size at 0 already, and its own change was accepted at 0. */
  function createSuperseding(): Convergence<number> {
    const change = createElsewhere();
    change.observe(WANTED, 0);
    change.onAccepted(0);
    return change;
  }

  it("sends the change even if the wanted size is observed", () => {
    const change = createElsewhere();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "send");
  });

  it("keeps sending however often the wanted size is observed", () => {
    const change = createElsewhere();
    for (const atMs of [0, SECOND_MS, 20 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(20 * MINUTE_MS), "send");
  });

  it("waits for 5 minutes, because the earlier change may still overwrite the wanted size", () => {
    const change = createSuperseding();
    for (const atMs of [MINUTE_MS, 5 * MINUTE_MS - 1]) change.observe(WANTED, atMs);
    assert.equal(change.judge(5 * MINUTE_MS - 1), "wait");
  });

  it("counts those 5 minutes from its own change", () => {
    const change = createElsewhere();
    change.observe(WANTED, 0);
    change.onAccepted(4 * MINUTE_MS);
    for (const atMs of [5 * MINUTE_MS, 8 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(8 * MINUTE_MS), "wait");
  });

  it("is done if the wanted size stayed for those 5 minutes", () => {
    const change = createSuperseding();
    for (const atMs of [MINUTE_MS, 5 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(5 * MINUTE_MS), "done");
  });

  it("needs only two reads if the earlier change was observed to arrive", () => {
    const change = createSuperseding();
    for (const [index, size] of [ELSEWHERE, WANTED, WANTED].entries())
      change.observe(size, index * MINUTE_MS);
    assert.equal(change.judge(2 * MINUTE_MS), "done");
  });

  it("needs only two reads if it started at another size", () => {
    const change = createElsewhere();
    change.observe(BEFORE, 0);
    change.onAccepted(0);
    for (const atMs of [MINUTE_MS, MINUTE_MS + SECOND_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(MINUTE_MS + SECOND_MS), "done");
  });

  it("does not report the size of the earlier change as foreign", () => {
    const change = createSuperseding();
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("sends the change again if the size of the earlier change stays for 10 minutes", () => {
    const change = createSuperseding();
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS + 1), "send");
  });
});

describe("Convergence with any observations", () => {
  const step = fc.record({
    afterMs: fc.nat({ max: 4 * MINUTE_MS }),
    size: fc.constantFrom(WANTED, BEFORE, FOREIGN),
    event: fc.constantFrom("nothing", "accepted", "unanswered"),
  });

  it("is never done at another size than the wanted one", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const change = createConvergence();
        let nowMs = 0;
        for (const { afterMs, size, event } of steps) {
          nowMs += afterMs;
          change.observe(size, nowMs);
          if (size !== WANTED) assert.notEqual(change.judge(nowMs), "done");
          if (event === "accepted") change.onAccepted(nowMs);
          if (event === "unanswered") change.onUnanswered(nowMs);
        }
      }),
    );
  });

  it("sends nothing if the wanted size is observed and nothing else is pending", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const change = createConvergence();
        let nowMs = 0;
        for (const { afterMs, size, event } of steps) {
          nowMs += afterMs;
          change.observe(size, nowMs);
          if (size === WANTED) assert.notEqual(change.judge(nowMs), "send");
          if (event === "accepted") change.onAccepted(nowMs);
          if (event === "unanswered") change.onUnanswered(nowMs);
        }
      }),
    );
  });
});

describe("Convergence after a change without a response, while an earlier one to another size is pending", () => {
  const createUnanswered = () => {
    const change = createConvergence({ size: 4, sentAtMs: 0 });
    change.observe(WANTED, 0);
    change.onUnanswered(0);
    return change;
  };

  it("waits although the wanted size is observed, because that proves neither change", () => {
    const change = createUnanswered();
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "wait");
  });

  it("sends the change again when it should have arrived", () => {
    const change = createUnanswered();
    change.observe(WANTED, 6 * MINUTE_MS);
    assert.equal(change.judge(6 * MINUTE_MS), "send");
  });
});
