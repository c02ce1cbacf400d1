import { DEFAULT_SERVICE_ID } from "../emulator";
import type { Properties, ProviderProcess } from "../test/support/provider-process";
import { createInputs, type ProviderHarness, startProviderHarness } from "../test/support/provider-harness";
import {
  watchForCrash,
  findExpectedBaseline,
  type Crash,
  watchFirstRead,
  expectChanges,
  TARGET,
} from "./crash";
import { listViolations } from "./expectations";

/** Longer than the next process takes until its first read. */
const CONVERGENCE_MS = 8_000;

/** Kills the real provider process at one of its requests, runs the next command, and checks the expectations. */
export async function crashProvider(crash: Crash): Promise<readonly string[]> {
  const harness = await startProviderHarness({ rateLimit: "none" });
  try {
    return await run(harness, crash);
  } finally {
    await harness.close();
  }
}

async function run(harness: ProviderHarness, crash: Crash): Promise<string[]> {
  const { operation } = crash;
  const { emulator } = harness;
  // An earlier create leaves its size, and the state with the original size.
  const first = await harness.start();
  const before = operation === "create" ? undefined : await perform(first, "create", undefined);
  await first.end();
  emulator.cloud.convergenceMs = crash.isInstant ? 0 : CONVERGENCE_MS;
  emulator.journal.clear();

  const killed = await harness.start();
  const killedProcess = killAt(harness, killed, crash);
  const ending = perform(killed, operation, before).then(
    () => "done" as const,
    () => "failed" as const,
  );
  await killedProcess;
  const ended = await ending;

  const next = await harness.start();
  const firstRead = watchFirstRead(emulator);
  const state = await perform(next, operation, before);
  const cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  await next.end();

  const baseline = findExpectedBaseline(crash, firstRead.cores);
  return listViolations({
    "the killed process fails": ended === "failed",
    ...expectChanges(crash, emulator, firstRead.cores),
    [`the service ends at the size (${cores})`]: cores === TARGET[operation],
    [`the state has the size (${String(state?.cores)})`]:
      operation === "delete" || state?.cores === TARGET[operation],
    [`the original size is kept if it is known (${String(state?.baselineCores)})`]:
      operation === "delete" || state?.baselineCores === baseline,
  });
}

function killAt({ emulator }: ProviderHarness, process: ProviderProcess, crash: Crash): Promise<void> {
  return new Promise((resolve) => {
    watchForCrash(emulator, crash, () => {
      // The API must not handle the request: the connection breaks, as if the process died while it was sending.
      if (crash.moment === "before") emulator.faults.add({ fault: { kind: "reset", when: "before" } });
      void process.end("SIGKILL").then(resolve);
    });
  });
}

async function perform(
  provider: ProviderProcess,
  operation: Crash["operation"],
  state: Properties | undefined,
): Promise<Properties | undefined> {
  if (operation === "delete") {
    await provider.delete(DEFAULT_SERVICE_ID, state!);
    return undefined;
  }
  const { inputs } = await provider.check(
    {},
    createInputs({ cores: TARGET[operation], organizationId: undefined }),
  );
  if (operation === "create") return (await provider.create(inputs)).state;
  return provider.update(DEFAULT_SERVICE_ID, state!, inputs);
}
