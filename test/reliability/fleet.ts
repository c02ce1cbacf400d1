import { seedOf, services } from "../../emulator";
import { virtual } from "../support/virtual";

/**
 * Services that are all scaled at once, over one key.
 *
 * As long as each waits, it is one of Pulumi's parallel resources: what `PULUMI_PARALLEL` allows.
 */
export async function scaled({ processes, servicesOfEach }: { processes: number; servicesOfEach: number }) {
  const count = processes * servicesOfEach;
  const world = virtual({ seed: seedOf(count) });
  const { clock, cloud, journal, nextRun } = world;
  const endings = Array.from({ length: processes }, (_, index) => {
    const provider = nextRun();
    const own = services(count).slice(index * servicesOfEach, (index + 1) * servicesOfEach);
    return own.map(async ({ id }) => {
      const { inputs } = await provider.check(
        {},
        { serviceId: id, cores: 8, __urn: `urn:pulumi:a::b::c::${id}` },
      );
      await provider.create(inputs!);
    });
  });
  const outcomes = await clock.run(Promise.allSettled(endings.flat()));
  const refused = journal.entries.filter(({ status }) => status === 429).length;
  return {
    failed: outcomes.filter(({ status }) => status === "rejected").length,
    converged: services(count).filter(({ id }) => cloud.coresOf(id) === 8).length,
    refusedShare: refused / journal.count(),
    entries: journal.entries,
  };
}
