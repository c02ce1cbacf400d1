import { type JournalEntry, createSeed, createServices } from "../emulator";
import type { CdcScalingProvider } from "../provider/core";
import { createSimulation } from "../simulation/simulation";

/**
 * Services that are all scaled at once, over one key.
 *
 * As long as each waits, it is one of Pulumi's parallel resources: what `PULUMI_PARALLEL` allows.
 */
export async function scaled({ processes, servicesOfEach, convergenceMs }: Fleet) {
  const count = processes * servicesOfEach;
  const world = createSimulation({
    seed: createSeed(count),
    ...(convergenceMs === undefined ? {} : { convergenceMs }),
  });
  const { clock, cloud, journal, nextRun } = world;
  const endings = Array.from({ length: processes }, (_, index) => {
    const provider = nextRun();
    const own = createServices(count).slice(index * servicesOfEach, (index + 1) * servicesOfEach);
    return own.map(({ id }) => scaledOne(provider, id));
  });
  const outcomes = await clock.run(Promise.allSettled(endings.flat()));
  const refused = journal.entries.filter(({ status }) => status === 429).length;
  return {
    failed: outcomes.filter(({ status }) => status === "rejected").length,
    converged: createServices(count).filter(({ id }) => cloud.getCores(id) === 8).length,
    refusedShare: refused / journal.count(),
    entries: journal.entries,
    wallMs: clock.nowMs(),
  };
}

interface Fleet {
  readonly processes: number;
  readonly servicesOfEach: number;
  readonly convergenceMs?: number;
}

/** Services of one process of which some are scaled only when the others are already waiting. */
export async function scaledInWaves({
  first,
  second,
  afterMs,
}: Record<"first" | "second" | "afterMs", number>) {
  const all = createServices(first + second);
  const { clock, journal, provider } = createSimulation({ seed: createSeed(all.length) });
  const beganAtMs = clock.now();
  const waves = all.map(async ({ id }, index) => {
    if (index >= first) await clock.sleep(afterMs);
    await scaledOne(provider, id);
  });
  await clock.run(Promise.all(waves));
  const isOfSecond = ({ path }: JournalEntry) => all.slice(first).some(({ id }) => path.includes(id));
  const lastChange = journal.entries.findLastIndex((entry) => entry.method === "PATCH" && isOfSecond(entry));
  const meanwhile = journal.entries.slice(0, lastChange).filter(({ atMs }) => atMs >= beganAtMs + afterMs);
  return {
    pollsMeanwhile: meanwhile.filter((entry) => !isOfSecond(entry)).length,
    meanwhile: meanwhile.length,
  };
}

async function scaledOne(provider: CdcScalingProvider, id: string): Promise<void> {
  const { inputs } = await provider.check(
    {},
    { serviceId: id, cores: 8, __urn: `urn:pulumi:a::b::c::${id}` },
  );
  await provider.create(inputs!);
}
