import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../emulator";
import { listProcesses } from "../test/support/environment";
import { createOrdersProgram } from "../test/support/program";
import { type Running, Stack } from "../test/support/stack";
import {
  watchForCrash,
  findExpectedBaseline,
  type Crash,
  CREATED,
  watchFirstRead,
  hasSentChange,
  expectChanges,
  TARGET,
} from "./crash";
import { listViolations } from "./expectations";

/** Longer than it takes until the orphaned provider has ended and the next command reads. */
const CONVERGENCE_MS = 15_000;

/** A working provider pings its engine every 4 s. Pulumi leaves a provider without work running; it sends nothing. */
const ORPHAN_IDLE_AFTER_MS = 10_000;
const ORPHAN_ENDS_WITHIN_MS = 40_000;

/** Kills the real CLI at one request of a command, runs `pulumi cancel` and the command again, and checks the expectations. */
export async function crashCli(crash: Crash): Promise<readonly string[]> {
  const emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 });
  try {
    return await run(crash, emulator);
  } finally {
    await emulator.close();
  }
}

async function run(crash: Crash, emulator: Emulator): Promise<string[]> {
  const { operation } = crash;
  const stack = await Stack.create(emulator, createOrdersProgram(CREATED));
  if (operation !== "create") await stack.runSuccessfully("up");
  stack.write(createOrdersProgram(operation === "delete" ? CREATED : TARGET[operation]));
  emulator.cloud.convergenceMs = crash.isInstant ? 0 : CONVERGENCE_MS;
  emulator.journal.clear();
  const command = operation === "delete" ? "destroy" : "up";

  const running = stack.start(command);
  await killAt(emulator, running, crash);
  const { code } = await running.ended;
  const hasOrphanEnded = await waitForOrphan(emulator);
  const orphanChanges = emulator.journal.count("PATCH");

  const firstRead = watchFirstRead(emulator);
  const canceled = await stack.run("cancel");
  const again = await stack.run(command);
  const state = (await stack.findScaling())?.outputs;
  const cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  const baseline = findExpectedBaseline(crash, firstRead.cores);
  return listViolations({
    "the killed command fails": code !== 0,
    "the orphaned provider ends, or is idle": hasOrphanEnded,
    [`the orphaned provider sends no change (${orphanChanges})`]:
      orphanChanges === Number(hasSentChange(crash)),
    [`pulumi cancel succeeds (${canceled.output})`]: canceled.code === 0,
    [`the next command succeeds (${again.output})`]: again.code === 0,
    ...expectChanges(crash, emulator, firstRead.cores),
    [`the service ends at the size (${cores})`]: cores === TARGET[operation],
    [`the state has the size (${String(state?.cores)})`]:
      operation === "delete" ? state === undefined : state?.cores === TARGET[operation],
    [`the original size is kept if it is known (${String(state?.baselineCores)})`]:
      operation === "delete" || state?.baselineCores === baseline,
  });
}

function killAt(emulator: Emulator, running: Running, crash: Crash): Promise<void> {
  return new Promise((resolve, reject) => {
    watchForCrash(emulator, crash, () => {
      running.signal("SIGKILL");
      resolve();
    });
    void running.ended.then(({ output }) => reject(new Error(`ended before it was killed:\n${output}`)));
  });
}

/** Waits until the orphaned provider has ended or sends no more requests; returns whether it did. */
async function waitForOrphan({ url, journal }: Emulator): Promise<boolean> {
  let requests = journal.count();
  let lastRequestMs = performance.now();
  const endsAtMs = lastRequestMs + ORPHAN_ENDS_WITHIN_MS;
  while (performance.now() < endsAtMs) {
    if (journal.count() !== requests) {
      requests = journal.count();
      lastRequestMs = performance.now();
    }
    if (performance.now() - lastRequestMs > ORPHAN_IDLE_AFTER_MS) return true;
    if ((await listProcesses("dynamic-provider", url)).length === 0) return true;
    await pause(250);
  }
  return false;
}
