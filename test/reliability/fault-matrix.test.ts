import assert from "node:assert/strict";
import { faultMatrix, nameOf } from "../../reliability/fault-matrix";
import { tried } from "../../reliability/fault-trial";
import { UnreachableHosts } from "../../reliability/unreachable-hosts";
import { isAside } from "../../reliability/fault-scenarios";
import { World } from "../../reliability/fault-world";

/** For requests that are not for the size: one of each kind. */
const FEW = [
  "404",
  "409",
  "424",
  "500",
  "503 although applied",
  "no answer ever",
  "wrong types",
  "unknown extra fields",
];

/** Updates go through every moment that a change has; `npm run reliability` tries the other operations too. */
const CHOSEN = faultMatrix().filter(({ operation, moment, misfortune, persistence }) =>
  isAside(moment)
    ? persistence === "for ever" && FEW.includes(misfortune.name)
    : operation === "update" || operation === "read",
);

describe("an operation that meets a misfortune keeps every promise, and so does the next command", () => {
  let hosts: UnreachableHosts;
  let world: World;

  before(async () => {
    hosts = await UnreachableHosts.open();
    world = await World.open(hosts);
  });
  after(async () => {
    await world.emulator.close();
    await hosts.close();
  });

  for (const trial of CHOSEN) {
    it(nameOf(trial), async () => assert.deepEqual((await tried(world, trial)).broken, []));
  }
});
