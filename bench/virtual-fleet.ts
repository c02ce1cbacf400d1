import { createSeed, createServices } from "../emulator";
import type { Convergence } from "../emulator/cloud/cloud";
import { createSimulation } from "../simulation/simulation";

export interface VirtualFleet {
  readonly services: number;
  readonly convergenceMs?: Convergence;
}

/** How services of one command come to their size in virtual time: what waits is the real provider, all else is instant. */
export async function virtualFleet({ services: count, convergenceMs }: VirtualFleet) {
  const seed = createSeed(count);
  const { clock, cloud, journal, provider } = createSimulation({
    seed,
    ...(convergenceMs === undefined ? {} : { convergenceMs }),
  });
  const changes = createServices(count).map(async ({ id }) => {
    const declared = {
      serviceId: id,
      cores: 8,
      __urn: `urn:pulumi:a::b::c::${id}`,
      __timeouts: { create: "12h" },
    };
    const { inputs } = await provider.check({}, declared);
    if (inputs !== undefined) await provider.create(inputs);
  });
  const endings = await clock.run(Promise.allSettled(changes));
  return {
    services: count,
    wallMs: clock.nowMs(),
    requests: journal.count(),
    changes: journal.count("PATCH"),
    refused: journal.entries.filter(({ status }) => status === 429).length,
    failed: endings.filter(({ status }) => status === "rejected").length,
    away: createServices(count).filter(({ id }) => cloud.getCores(id) !== 8).length,
  };
}

export type VirtualFleetRow = Awaited<ReturnType<typeof virtualFleet>>;
