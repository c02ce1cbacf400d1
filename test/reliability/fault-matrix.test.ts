import assert from "node:assert/strict";
import { describeTrial, listFaultTrials } from "../../reliability/fault-matrix";
import { isSideRequest } from "../../reliability/fault-scenarios";
import { runTrial } from "../../reliability/fault-trial";
import { FaultWorld } from "../../reliability/fault-world";
import { UnreachableHosts } from "../../reliability/unreachable-hosts";

/** One fault of each kind, for requests for something other than the size. */
const REPRESENTATIVE_FAULTS = [
  "404",
  "409",
  "424",
  "500",
  "503 but applied",
  "no response",
  "wrong types",
  "unknown extra fields",
];

/** An update passes through every point of a change. `npm run reliability` runs the other operations too. */
const TRIALS = listFaultTrials().filter(({ operation, point, fault, persistence }) =>
  isSideRequest(point)
    ? persistence === "permanently" && REPRESENTATIVE_FAULTS.includes(fault.name)
    : operation === "update" || operation === "read",
);

describe("an operation with a fault, and the next command without it, meet every expectation", () => {
  let hosts: UnreachableHosts;
  let world: FaultWorld;

  before(async () => {
    hosts = await UnreachableHosts.open();
    world = await FaultWorld.open(hosts);
  });
  after(async () => {
    await world.emulator.close();
    await hosts.close();
  });

  for (const trial of TRIALS) {
    it(describeTrial(trial), async () => assert.deepEqual((await runTrial(world, trial)).violations, []));
  }
});
