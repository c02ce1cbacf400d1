import { DEFAULT_SERVICE_ID } from "../emulator";
import type { Properties, ProviderProcess } from "../test/support/provider-process";
import { declared, type ProviderHarness, startProviderHarness } from "../test/support/provider-harness";
import { atRequest, baselineKept, type Crash, firstShown, promisesOfChanges, TARGET, unkept } from "./crash";

/** Longer than the next process takes to look. */
const CONVERGENCE_MS = 8_000;

/** Kills the real provider process at one of its requests, runs the next command, and checks what is promised. */
export async function providerSurvived(crash: Crash): Promise<readonly string[]> {
  const on = await startProviderHarness({ rateLimit: "none" });
  try {
    return await tried(on, crash);
  } finally {
    await on.close();
  }
}

async function tried(on: ProviderHarness, crash: Crash): Promise<string[]> {
  const { operation } = crash;
  const { emulator } = on;
  // What an earlier create left: the size, and the state with the size from before.
  const first = await on.start();
  const before = operation === "create" ? undefined : await performed(first, "create", undefined);
  await first.end();
  emulator.cloud.convergenceMs = crash.isInstant ? 0 : CONVERGENCE_MS;
  emulator.journal.clear();

  const killed = await on.start();
  const gone = killedAt(on, killed, crash);
  const ending = performed(killed, operation, before).then(
    () => "done" as const,
    () => "failed" as const,
  );
  await gone;
  const ended = await ending;

  const next = await on.start();
  const shown = firstShown(emulator);
  const state = await performed(next, operation, before);
  const cores = emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  await next.end();

  const baseline = baselineKept(crash, shown.cores);
  return unkept({
    "the killed process did not succeed": ended === "failed",
    ...promisesOfChanges(crash, emulator, shown.cores),
    [`the service ends at the size (${cores})`]: cores === TARGET[operation],
    [`the state has the size (${String(state?.cores)})`]:
      operation === "delete" || state?.cores === TARGET[operation],
    [`the size from before is kept where it can be (${String(state?.baselineCores)})`]:
      operation === "delete" || state?.baselineCores === baseline,
  });
}

function killedAt({ emulator }: ProviderHarness, process: ProviderProcess, crash: Crash): Promise<void> {
  return new Promise((resolve) => {
    atRequest(emulator, crash, () => {
      // The request must not be handled: it breaks off as where the process dies while it is sending.
      if (crash.moment === "before") emulator.faults.add({ fault: { kind: "reset", when: "before" } });
      void process.end("SIGKILL").then(resolve);
    });
  });
}

async function performed(
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
    declared({ cores: TARGET[operation], organizationId: undefined }),
  );
  if (operation === "create") return (await provider.create(inputs)).state;
  return provider.update(DEFAULT_SERVICE_ID, state!, inputs);
}
