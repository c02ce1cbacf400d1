import assert from "node:assert/strict";
import fc from "fast-check";
import { type ConvergenceStart, Convergence } from "../../provider/wait/convergence";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const WANTED = 8;
const BEFORE = 2;
const FOREIGN = 16;

function convergence(...inFlight: ConvergenceStart<number>["inFlight"]): Convergence<number> {
  return new Convergence({ wanted: WANTED, inFlight }, { same: (a, b) => a === b });
}

/** One that saw the size from before at 0 and whose change was accepted at 0. */
function changing(): Convergence<number> {
  const change = convergence();
  change.observe(BEFORE, 0);
  change.onAccepted(0);
  return change;
}

describe("a wait that has sent nothing", () => {
  it("sends before anything was seen", () => assert.equal(convergence().judge(0), "send"));

  it("sends at another size", () => {
    const change = convergence();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(0), "send");
  });

  it("is done with one read of the wanted size", () => {
    const change = convergence();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "done");
  });

  it("goes on sending as long as it is refused", () => {
    const change = convergence();
    change.observe(BEFORE, 0);
    change.observe(BEFORE, 20 * MINUTE_MS);
    assert.equal(change.judge(20 * MINUTE_MS), "send");
  });

  it("is done where the wanted size comes by itself", () => {
    const change = convergence();
    change.observe(BEFORE, 0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "done");
  });
});

describe("a wait for a change that was accepted", () => {
  it("waits while the size from before is seen", () => {
    const change = changing();
    change.observe(BEFORE, MINUTE_MS);
    assert.equal(change.judge(MINUTE_MS), "wait");
  });

  it("asks for a second read after the first of the wanted size", () => {
    const change = changing();
    change.observe(WANTED, MINUTE_MS);
    assert.equal(change.judge(MINUTE_MS), "confirm");
  });

  it("is done with two reads of the wanted size in a row", () => {
    const change = changing();
    change.observe(WANTED, MINUTE_MS);
    change.observe(WANTED, MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(MINUTE_MS + SECOND_MS), "done");
  });

  it("asks for a second read again where another size came between", () => {
    const change = changing();
    for (const [index, size] of [WANTED, BEFORE, WANTED].entries()) change.observe(size, index * SECOND_MS);
    assert.equal(change.judge(2 * SECOND_MS), "confirm");
  });

  it("does not count a read from before the change", () => {
    const change = convergence();
    change.observe(WANTED, 0);
    change.onAccepted(0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "confirm");
  });

  it("still waits after exactly 10 minutes without a sign", () => {
    const change = changing();
    change.observe(BEFORE, 10 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "wait");
  });

  it("takes the change for lost and sends it again after 10 minutes without a sign", () => {
    const change = changing();
    change.observe(BEFORE, 10 * MINUTE_MS + 1);
    assert.equal(change.judge(10 * MINUTE_MS + 1), "send");
  });

  it("gives a change that was sent again as much time", () => {
    const change = changing();
    change.observe(BEFORE, 11 * MINUTE_MS);
    change.onAccepted(11 * MINUTE_MS);
    change.observe(BEFORE, 21 * MINUTE_MS);
    assert.equal(change.judge(21 * MINUTE_MS), "wait");
  });

  it("is done where a change thought lost arrives all the same", () => {
    const change = changing();
    change.observe(WANTED, 11 * MINUTE_MS);
    change.observe(WANTED, 11 * MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(11 * MINUTE_MS + SECOND_MS), "done");
  });
});

describe("a wait that sees a size which nobody here asked for", () => {
  function foreignSince(seenAtMs: number): Convergence<number> {
    const change = changing();
    change.observe(FOREIGN, seenAtMs);
    return change;
  }

  it("names that size", () => assert.equal(foreignSince(MINUTE_MS).foreignSize, FOREIGN));

  it("waits, as the own change may still arrive", () => {
    assert.equal(foreignSince(MINUTE_MS).judge(MINUTE_MS), "wait");
  });

  it("still waits after exactly 5 minutes", () => {
    assert.equal(foreignSince(MINUTE_MS).judge(6 * MINUTE_MS), "wait");
  });

  it("is overruled after 5 minutes", () => {
    const change = foreignSince(MINUTE_MS);
    change.observe(FOREIGN, 6 * MINUTE_MS + 1);
    assert.equal(change.judge(6 * MINUTE_MS + 1), "conflict");
  });

  it("counts the 5 minutes anew from yet another size", () => {
    const change = foreignSince(MINUTE_MS);
    change.observe(FOREIGN + 1, 5 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "wait");
  });

  it("is done where the own change arrives afterwards", () => {
    const change = foreignSince(MINUTE_MS);
    change.observe(WANTED, 2 * MINUTE_MS);
    change.observe(WANTED, 2 * MINUTE_MS + SECOND_MS);
    assert.equal(change.judge(2 * MINUTE_MS + SECOND_MS), "done");
  });

  it("is overruled where the wanted size was seen once and replaced", () => {
    const change = changing();
    change.observe(WANTED, MINUTE_MS);
    change.observe(FOREIGN, 2 * MINUTE_MS);
    assert.equal(change.judge(7 * MINUTE_MS + 1), "conflict");
  });

  it("does not take the size from before for a foreign one", () => {
    const change = changing();
    change.observe(BEFORE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("does not take the size just before the change for a foreign one", () => {
    const change = convergence();
    change.observe(BEFORE, 0);
    change.observe(FOREIGN, SECOND_MS);
    change.onAccepted(SECOND_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("does not take the wanted size for a foreign one", () => {
    const change = changing();
    change.observe(WANTED, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("knows no foreign size before the first read", () => assert.equal(convergence().foreignSize, undefined));
});

describe("a change without an answer", () => {
  function unanswered(): Convergence<number> {
    const change = convergence();
    change.observe(BEFORE, 0);
    change.onUnanswered(0);
    return change;
  }

  it("is waited for as long as one that was taken may need", () => {
    const change = unanswered();
    change.observe(BEFORE, 5 * MINUTE_MS);
    assert.equal(change.judge(5 * MINUTE_MS), "wait");
  });

  it("is sent again where the size from before is still seen then", () => {
    const change = unanswered();
    change.observe(BEFORE, 6 * MINUTE_MS);
    assert.equal(change.judge(6 * MINUTE_MS), "send");
  });

  it("needs a second read of the wanted size", () => {
    const change = unanswered();
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "confirm");
  });

  it("is done with two reads of the wanted size", () => {
    const change = unanswered();
    change.observe(WANTED, SECOND_MS);
    change.observe(WANTED, 2 * SECOND_MS);
    assert.equal(change.judge(2 * SECOND_MS), "done");
  });
});

describe("a change that was lost and is sent again, without an answer", () => {
  const LOST_MS = 10 * MINUTE_MS + 1;
  const resent = () => {
    const change = changing();
    change.observe(BEFORE, LOST_MS);
    change.onUnanswered(LOST_MS);
    return change;
  };

  it("is waited for", () => {
    const change = resent();
    change.observe(BEFORE, LOST_MS + SECOND_MS);
    assert.equal(change.judge(LOST_MS + SECOND_MS), "wait");
  });

  it("is sent once more where nothing of it is seen for longer than a change takes", () => {
    const change = resent();
    change.observe(BEFORE, LOST_MS + 6 * MINUTE_MS);
    assert.equal(change.judge(LOST_MS + 6 * MINUTE_MS), "send");
  });
});

describe("a wait that goes on with a change that may not have been taken, after one to another size", () => {
  const ELSEWHERE = 24;
  const resumed = () =>
    convergence({ size: ELSEWHERE, sentAtMs: -2 * MINUTE_MS }, { size: WANTED, sentAtMs: -MINUTE_MS });

  it("waits at the wanted size, on which the other one may land", () => {
    const change = resumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "wait");
  });

  it("needs one more read when the other one would have been seen", () => {
    const change = resumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(4 * MINUTE_MS), "confirm");
  });

  it("knows the other one for its own", () => {
    const change = resumed();
    change.observe(WANTED, 0);
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("is sent again where the other one stays", () => {
    const change = resumed();
    change.observe(ELSEWHERE, 10 * MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS), "send");
  });

  it("sends the size of the other one, where that is wanted again", () => {
    const change = convergence(
      { size: WANTED, sentAtMs: -2 * MINUTE_MS },
      { size: BEFORE, sentAtMs: -MINUTE_MS },
    );
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "send");
  });
});

describe("a wait that goes on with an earlier change to the wanted size", () => {
  const SENT_AT_MS = -3 * MINUTE_MS;
  const resumed = () => convergence({ size: WANTED, sentAtMs: SENT_AT_MS });

  it("does not send it again", () => {
    const change = resumed();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(0), "wait");
  });

  it("needs two reads of the wanted size", () => {
    const change = resumed();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "confirm");
  });

  it("is done with two reads of the wanted size", () => {
    const change = resumed();
    change.observe(WANTED, 0);
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "done");
  });

  it("sends it again 10 minutes after it was sent, not after the wait began", () => {
    const change = resumed();
    change.observe(BEFORE, 0);
    assert.equal(change.judge(7 * MINUTE_MS + 1), "send");
  });

  it("takes the first size that it sees for the one from before", () => {
    const change = resumed();
    change.observe(FOREIGN, 0);
    assert.equal(change.foreignSize, undefined);
  });
});

describe("a wait with an earlier change to another size on its way", () => {
  const ELSEWHERE = 4;
  const elsewhere = () => convergence({ size: ELSEWHERE, sentAtMs: -MINUTE_MS });

  /** One that saw the wanted size at 0 already, and whose own change was accepted at 0. */
  function superseding(): Convergence<number> {
    const change = elsewhere();
    change.observe(WANTED, 0);
    change.onAccepted(0);
    return change;
  }

  it("sends, even though the wanted size is seen", () => {
    const change = elsewhere();
    change.observe(WANTED, 0);
    assert.equal(change.judge(0), "send");
  });

  it("goes on sending however often the wanted size is seen", () => {
    const change = elsewhere();
    for (const atMs of [0, SECOND_MS, 20 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(20 * MINUTE_MS), "send");
  });

  it("waits for 5 minutes, as the earlier change may still land on the wanted size", () => {
    const change = superseding();
    for (const atMs of [MINUTE_MS, 5 * MINUTE_MS - 1]) change.observe(WANTED, atMs);
    assert.equal(change.judge(5 * MINUTE_MS - 1), "wait");
  });

  it("counts those 5 minutes from its own change", () => {
    const change = elsewhere();
    change.observe(WANTED, 0);
    change.onAccepted(4 * MINUTE_MS);
    for (const atMs of [5 * MINUTE_MS, 8 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(8 * MINUTE_MS), "wait");
  });

  it("is done where the wanted size stayed for those 5 minutes", () => {
    const change = superseding();
    for (const atMs of [MINUTE_MS, 5 * MINUTE_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(5 * MINUTE_MS), "done");
  });

  it("needs only two reads where the earlier change was seen to land", () => {
    const change = superseding();
    for (const [index, size] of [ELSEWHERE, WANTED, WANTED].entries())
      change.observe(size, index * MINUTE_MS);
    assert.equal(change.judge(2 * MINUTE_MS), "done");
  });

  it("needs only two reads where it began at another size", () => {
    const change = elsewhere();
    change.observe(BEFORE, 0);
    change.onAccepted(0);
    for (const atMs of [MINUTE_MS, MINUTE_MS + SECOND_MS]) change.observe(WANTED, atMs);
    assert.equal(change.judge(MINUTE_MS + SECOND_MS), "done");
  });

  it("does not take the size of the earlier change for a foreign one", () => {
    const change = superseding();
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.foreignSize, undefined);
  });

  it("sends again where the size of the earlier change stays for 10 minutes", () => {
    const change = superseding();
    change.observe(ELSEWHERE, MINUTE_MS);
    assert.equal(change.judge(10 * MINUTE_MS + 1), "send");
  });
});

describe("any wait", () => {
  const step = fc.record({
    afterMs: fc.nat({ max: 4 * MINUTE_MS }),
    size: fc.constantFrom(WANTED, BEFORE, FOREIGN),
    event: fc.constantFrom("nothing", "accepted", "unanswered"),
  });

  it("is never done at another size than the wanted one", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const change = convergence();
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

  it("sends nothing where the wanted size is seen and nothing else is on its way", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const change = convergence();
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

describe("a change without an answer, while an earlier one to another size may still land", () => {
  const unanswered = () => {
    const change = convergence({ size: 4, sentAtMs: 0 });
    change.observe(WANTED, 0);
    change.onUnanswered(0);
    return change;
  };

  it("is waited for, though the wanted size is read: that proves neither", () => {
    const change = unanswered();
    change.observe(WANTED, SECOND_MS);
    assert.equal(change.judge(SECOND_MS), "wait");
  });

  it("is sent again once it would have been seen", () => {
    const change = unanswered();
    change.observe(WANTED, 6 * MINUTE_MS);
    assert.equal(change.judge(6 * MINUTE_MS), "send");
  });
});
