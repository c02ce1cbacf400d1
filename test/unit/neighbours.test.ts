import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  lutimesSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { FileNeighbours } from "../../provider/api/file-neighbours";
import { partOf } from "../../provider/api/neighbours";
import { OwnPart } from "../../provider/api/own-part";
import { FakeClock } from "../support/fake-clock";

describe("the part of a key's limit that is a process's own", () => {
  const parts = (...waiting: number[]) => {
    const demands = waiting.map((requests, index) => ({ name: String(index), waiting: requests }));
    return demands.map(({ name }) => partOf(10, name, demands));
  };

  it("is all of it for one that is alone", () => assert.deepEqual(parts(0), [10]));
  it("is the same for all that want the same", () => assert.deepEqual(parts(7, 7, 7, 7, 7), [2, 2, 2, 2, 2]));
  it("leaves no place over", () => assert.deepEqual(parts(3, 3, 3), [4, 3, 3]));
  it("is larger for one that wants more", () => assert.deepEqual(parts(80, 0, 0), [8, 1, 1]));
  it("is one place at least for each of ten", () =>
    assert.deepEqual(parts(99, ...Array<number>(9).fill(0)), Array(10).fill(1)));
  it("is the same part of a place for each of twenty", () =>
    assert.deepEqual(parts(99, ...Array<number>(19).fill(0)), Array(20).fill(0.5)));

  const WINDOW_MS = 10_000;
  let clock: FakeClock;
  let others: number[];
  let part: OwnPart;

  beforeEach(() => {
    clock = new FakeClock();
    others = [];
    const all = (waiting: number) => [
      { name: "own", waiting },
      ...others.map((requests, index) => ({ name: `other ${index}`, waiting: requests })),
    ];
    part = new OwnPart(clock, { name: "own", say: all }, 10, WINDOW_MS);
  });

  async function sizeAfterMs(ms: number): Promise<number> {
    await clock.run(clock.sleep(ms));
    part.meet(0);
    return part.size;
  }

  it("is smaller a second after another one has begun", async () => {
    part.meet(0);
    others = [0];
    assert.equal(await sizeAfterMs(1_000), 5);
  });

  it("is larger only two windows after another one has ended, which had the rest", async () => {
    others = [0];
    part.meet(0);
    others = [];
    assert.equal(await sizeAfterMs(2 * WINDOW_MS), 5);
    assert.equal(await sizeAfterMs(1_000), 10);
  });

  it("explains refusals for two windows after it has changed, and no longer", async () => {
    part.meet(0);
    assert.equal(part.movedOfLate, false);
    others = [0];
    await sizeAfterMs(1_000);
    assert.equal(part.movedOfLate, true);
    await sizeAfterMs(2 * WINDOW_MS + 1);
    assert.equal(part.movedOfLate, false);
  });
});

describe("a process among those of its machine", () => {
  let folder: string;
  let clock: FakeClock;
  let own: FileNeighbours;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    clock = new FakeClock();
    own = new FileNeighbours(folder, clock);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What a process has left, so long ago. */
  function said(name: string, text: string, agoMs = 0): void {
    const date = new Date(clock.date().getTime() - agoMs);
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), date, date);
  }
  const othersOf = () =>
    own
      .say(0)
      .slice(1)
      .map(({ waiting }) => waiting);

  /** It runs as long as this test does, since it is what started it. */
  const LIVING = `${hostname()}.${process.ppid}`;

  it("hears what another one wants", () => {
    said(LIVING, "7");
    assert.deepEqual(othersOf(), [7]);
  });

  it("is heard with what it wants", () => {
    own.say(3);
    const other = new FileNeighbours(folder, clock, process.ppid);
    utimesSync(join(folder, own.name), clock.date(), clock.date());
    assert.deepEqual(other.say(0).at(-1), { name: own.name, waiting: 3 });
  });

  it("no longer hears one that has ended, and removes what it left", () => {
    const pid = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
    said(`${hostname()}.${pid}`, "7");
    assert.deepEqual(othersOf(), []);
    assert.deepEqual(readdirSync(folder), [own.name]);
  });

  it("no longer hears one that has said nothing for 30 s", () => {
    said(LIVING, "7", 31_000);
    assert.deepEqual(othersOf(), []);
  });

  it("hears one of another container, whose number may be that of nobody here", () => {
    said("elsewhere.999999999", "7");
    assert.deepEqual(othersOf(), [7]);
  });

  it("no longer hears one whose time is in the future, as after a clock was set back", () => {
    said("elsewhere.1", "7", -31_000);
    assert.deepEqual(othersOf(), []);
  });

  for (const text of ["", "many", "Infinity", "-7", "1e9"]) {
    it(`takes one that has said ${JSON.stringify(text)} as one for which nothing waits`, () => {
      said(LIVING, text);
      assert.deepEqual(othersOf(), [0]);
    });
  }

  it("does not hear what is too long for a count", () => {
    said(LIVING, "1".repeat(11));
    assert.deepEqual(othersOf(), []);
  });

  it("does not hear what is no file, and leaves it", () => {
    symlinkSync("/dev/null", join(folder, "elsewhere.1"));
    lutimesSync(join(folder, "elsewhere.1"), clock.date(), clock.date());
    assert.deepEqual(othersOf(), []);
    assert.ok(readdirSync(folder).includes("elsewhere.1"));
  });

  it("is alone where it can write nothing", () => {
    writeFileSync(join(folder, "file"), "");
    const alone = new FileNeighbours(join(folder, "file", "limits"), clock);
    assert.deepEqual(alone.say(3), [{ name: alone.name, waiting: 3 }]);
  });
});
