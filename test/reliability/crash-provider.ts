import { DEFAULT_SERVICE_ID } from "../../emulator";
import type { Properties, ProviderProcess } from "../support/provider-process";
import { declared, type Stage, stage } from "../support/stage";
import { BASELINE, type Crash, isHandled, TARGET, unkept } from "./crash";

/** Kills the real provider process at one of its requests, runs the next command, and checks what is promised. */
export async function providerSurvived(crash: Crash): Promise<readonly string[]> {
  const on = await stage({ limit: "none" });
  try {
    return await tried(on, crash);
  } finally {
    await on.close();
  }
}

async function tried(on: Stage, crash: Crash): Promise<string[]> {
  const { operation } = crash;
  const { emulator } = on;
  // What an earlier create left: the size, and the state with the size from before.
  const first = await on.start();
  const before = operation === "create" ? undefined : await performed(first, "create", undefined);
  await first.end();
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
  const state = await performed(next, operation, before);
  const cores = emulator.cloud.coresOf(DEFAULT_SERVICE_ID);
  const sent = emulator.journal.count("PATCH");
  await next.end();

  // Nothing of a killed create is in the state: where its change has arrived, the size from before is lost.
  const lostBaseline = operation === "create" && isHandled(crash, 2);
  return unkept({
    "the killed process did not succeed": ended === "failed",
    [`one change is sent in all (${sent})`]:
      sent === (crash.request === 2 && crash.moment === "before" ? 2 : 1),
    [`the service ends at the size (${cores})`]: cores === TARGET[operation],
    [`the state has the size (${String(state?.cores)})`]:
      operation === "delete" || state?.cores === TARGET[operation],
    [`the size from before is ${lostBaseline ? "not known" : "kept"} (${String(state?.baselineCores)})`]:
      operation === "delete" || state?.baselineCores === (lostBaseline ? undefined : BASELINE),
  });
}

function killedAt({ emulator }: Stage, process: ProviderProcess, crash: Crash): Promise<void> {
  return new Promise((resolve) => {
    const stop = emulator.watch((moment) => {
      if (moment !== crash.moment || emulator.journal.count() !== crash.request) return;
      stop();
      // The request must not be handled: it breaks off as where the process dies while it is sending.
      if (moment === "before") emulator.faults.add({ fault: { kind: "reset", when: "before" } });
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
  const { inputs } = await provider.check({}, declared({ cores: TARGET[operation] }));
  if (operation === "create") return (await provider.create(inputs)).state;
  return provider.update(DEFAULT_SERVICE_ID, state!, inputs);
}
