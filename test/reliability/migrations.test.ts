import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { renderMigrations, runMigrations } from "../../reliability/migrations";
import type { MigrationOutcome } from "../../simulation/simulated-migration";
import { REPOSITORY } from "../support/project";

describe("a migration with startAhead", () => {
  let outcomes: readonly MigrationOutcome[];

  before(async () => (outcomes = await runMigrations()));

  it("has no resize during a snapshot if the service has a pipe, or a seed pipe", () => {
    const ahead = outcomes.filter(({ start }) => start !== "no pipe");
    assert.deepEqual(
      ahead.map(({ resizesDuringSnapshot }) => resizesDuringSnapshot),
      [0, 0, 0, 0, 0, 0],
    );
  });

  it("loses no load if the service has a pipe, or a seed pipe", () => {
    const ahead = outcomes.filter(({ start }) => start !== "no pipe");
    assert.deepEqual(
      ahead.map(({ lostLoads }) => lostLoads),
      [0, 0, 0, 0, 0, 0],
    );
  });

  it("sends two changes, whatever a resize does", () => {
    assert.deepEqual([...new Set(outcomes.map(({ changes }) => changes))], [2]);
  });

  it("names the load of a service's first pipe if the resize makes it fail", () => {
    const failed = outcomes.find(({ start, effect }) => start === "no pipe" && effect === "fails");
    assert.deepEqual([failed?.lostLoads, failed?.isNamed], [1, true]);
  });

  it("has the figures that docs/reliability.md shows", async () => {
    const page = join(REPOSITORY, "docs", "reliability.md");
    const options = { ...(await prettier.resolveConfig(page)), parser: "markdown" };
    const section = await prettier.format(renderMigrations(outcomes), options);
    assert.ok(readFileSync(page, "utf8").includes(section), section);
  });
});
