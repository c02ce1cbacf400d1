import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../emulator";
import { processesOfEnvironment } from "../test/support/environment";
import { orders } from "../test/support/program";
import { type Running, Stack } from "../test/support/stack";
import {
  atRequest,
  baselineKept,
  type Crash,
  CREATED,
  firstShown,
  isSent,
  promisesOfChanges,
  TARGET,
  unkept,
} from "./crash";

/** Longer than it takes until the orphan has ended and the next command looks. */
const CONVERGENCE_MS = 15_000;

/** A provider that works asks its engine every 4 s; one that has ended its work, as Pulumi leaves it, sends nothing more. */
const ORPHAN_RESTS_AFTER_MS = 10_000;
const ORPHAN_ENDS_WITHIN_MS = 40_000;

/** Kills the real CLI at one of a command's requests, then does what Pulumi asks for, and checks what is promised. */
export async function cliSurvived(crash: Crash): Promise<readonly string[]> {
  const emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 });
  try {
    return await tried(crash, emulator);
  } finally {
    await emulator.close();
  }
}

async function tried(crash: Crash, emulator: Emulator): Promise<string[]> {
  const { operation } = crash;
  const stack = await Stack.of(emulator, orders(CREATED));
  if (operation !== "create") await stack.succeeds("up");
  stack.write(orders(operation === "delete" ? CREATED : TARGET[operation]));
  emulator.cloud.convergenceMs = crash.isInstant ? 0 : CONVERGENCE_MS;
  emulator.journal.clear();
  const command = operation === "delete" ? "destroy" : "up";

  const running = stack.start(command);
  await killedAt(emulator, running, crash);
  const { code } = await running.ended;
  const orphanEnds = await orphanEnded(emulator);
  const sentByOrphan = emulator.journal.count("PATCH");

  const shown = firstShown(emulator);
  const canceled = await stack.pulumi("cancel");
  const again = await stack.pulumi(command);
  const state = (await stack.scaling())?.outputs;
  const cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  const baseline = baselineKept(crash, shown.cores);
  return unkept({
    "the killed command did not succeed": code !== 0,
    "the provider that it left behind ends, or rests": orphanEnds,
    [`the provider that it left behind sends no change (${sentByOrphan})`]:
      sentByOrphan === Number(isSent(crash)),
    [`pulumi cancel succeeds (${canceled.output})`]: canceled.code === 0,
    [`the next command succeeds (${again.output})`]: again.code === 0,
    ...promisesOfChanges(crash, emulator, shown.cores),
    [`the service ends at the size (${cores})`]: cores === TARGET[operation],
    [`the state has the size (${String(state?.cores)})`]:
      operation === "delete" ? state === undefined : state?.cores === TARGET[operation],
    [`the size from before is kept where it can be (${String(state?.baselineCores)})`]:
      operation === "delete" || state?.baselineCores === baseline,
  });
}

function killedAt(emulator: Emulator, running: Running, crash: Crash): Promise<void> {
  return new Promise((resolve, reject) => {
    atRequest(emulator, crash, () => {
      running.signal("SIGKILL");
      resolve();
    });
    void running.ended.then(({ output }) => reject(new Error(`ended before it was killed:\n${output}`)));
  });
}

/** Whether the provider that was left behind is gone, or was long without a request. */
async function orphanEnded({ url, journal }: Emulator): Promise<boolean> {
  let requests = journal.count();
  let lastRequestMs = performance.now();
  const endsAtMs = lastRequestMs + ORPHAN_ENDS_WITHIN_MS;
  while (performance.now() < endsAtMs) {
    if (journal.count() !== requests) {
      requests = journal.count();
      lastRequestMs = performance.now();
    }
    if (performance.now() - lastRequestMs > ORPHAN_RESTS_AFTER_MS) return true;
    if ((await processesOfEnvironment("dynamic-provider", url)).length === 0) return true;
    await pause(250);
  }
  return false;
}
